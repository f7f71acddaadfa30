import { isDeepStrictEqual } from "node:util";
import Router, { type RouterContext } from "@koa/router";
import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import type { Runtime } from "../runtime/runtime.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Principal } from "../identity/sessions.ts";
import { newId } from "../store/ids.ts";
import { problemDetails } from "./shared/common.schema.ts";
import { requestProblems } from "./shared/request-problems.ts";

type Schema = z.ZodType;
type Inferred<T> = T extends Schema ? z.infer<T> : undefined;

export interface Call<Params, Query, Body> {
  readonly runtime: Runtime;
  readonly principal: Principal;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /**
   * `Idempotency-Key` of the request, made the caller's own. Where none was sent it is a key of this request alone, by which a
   * transaction whose COMMIT nobody answered is known to be done when it is run again.
   */
  readonly commandId: string;
  readonly context: RouterContext;
}

interface RouteSpec<P, Q, B, A> {
  readonly method: "get" | "post" | "put" | "delete";
  /** With `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly status?: 200 | 201 | 204;
  /** The body is the content of a file, which the handler reads from `context.req`. */
  readonly upload?: true;
  /** Open to those who are not signed in. */
  readonly open?: boolean;
  readonly handle: (
    call: Call<Inferred<P>, Inferred<Q>, Inferred<B>>,
  ) => Promise<A extends Schema ? z.input<A> : undefined>;
}

/** A route as declared once: it registers itself on the router and in the OpenAPI document. */
export interface Route {
  readonly register: (router: Router, runtime: Runtime, checkAnswers: boolean) => void;
  readonly document: (registry: OpenAPIRegistry) => void;
}

/** Declares a route. The schemas given here validate the request, document it, and type both sides. */
export function defineRoute<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  A extends Schema | undefined = undefined,
>(spec: Omit<RouteSpec<P, Q, B, A>, "answer"> & { answer?: A }): Route {
  return {
    register(router, runtime, checkAnswers) {
      router[spec.method](spec.path, async (context) => {
        const principal = context.state["principal"] as Principal | null;
        if (!principal && !spec.open)
          throw new RuntimeProblem(404, "NOT_SIGNED_IN", { zh: "请先登录", en: "Sign in first" });
        const key = context.get("idempotency-key");
        const result = await spec.handle({
          runtime,
          principal: principal as Principal,
          params: parse(spec.params, context.params, "path") as Inferred<P>,
          query: parse(spec.query, context.query, "query") as Inferred<Q>,
          body: parse(
            spec.body,
            ("body" in context.request ? context.request.body : null) ?? {},
            "body",
          ) as Inferred<B>,
          commandId: `${principal?.id ?? "open"}:${key === "" ? newId() : key.slice(0, 100)}`,
          context,
        });
        context.status = spec.status ?? (spec.answer ? 200 : 204);
        if (spec.answer && checkAnswers) holdTo(spec.answer, result, spec.path);
        if (spec.answer) context.body = result;
      });
    },
    document(registry) {
      const path = spec.path.replace(/:(\w+)/g, "{$1}");
      const request: Parameters<OpenAPIRegistry["registerPath"]>[0]["request"] = {};
      if (spec.params instanceof z.ZodObject) request.params = spec.params;
      if (spec.query instanceof z.ZodObject) request.query = spec.query;
      if (spec.upload)
        request.body = {
          content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
        };
      if (spec.body) request.body = { content: { "application/json": { schema: spec.body } } };
      const status = spec.status ?? (spec.answer ? 200 : 204);
      registry.registerPath({
        method: spec.method,
        path,
        summary: spec.summary,
        request,
        responses: {
          [status]: spec.answer
            ? { description: "done", content: { "application/json": { schema: spec.answer } } }
            : { description: "done" },
          default: {
            description: "problem details (RFC 9457)",
            content: { "application/problem+json": { schema: problemDetails } },
          },
        },
      });
    },
  };
}

/** Throws for an answer that its schema does not allow, or that says more than the schema does. */
function holdTo(schema: Schema, answer: unknown, path: string): void {
  const told: unknown = JSON.parse(JSON.stringify(answer));
  const promised: unknown = JSON.parse(JSON.stringify(schema.parse(told)));
  if (!isDeepStrictEqual(told, promised)) throw new Error(`the answer of ${path} says more than its schema`);
}

function parse(schema: Schema | undefined, data: unknown, where: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new RuntimeProblem(
    422,
    "REQUEST_INVALID",
    { zh: "请求内容不符合要求", en: "The request is not valid" },
    { zh: "请更正列出的各项", en: "Correct each item that is listed" },
    requestProblems(parsed.error, where),
  );
}

export function openApiDocument(routes: readonly Route[], version: string): object {
  const registry = new OpenAPIRegistry();
  for (const route of routes) route.document(registry);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "Jieli", version, description: "Approval of government data-sharing requests" },
  });
}

export const idParams = z.object({ id: z.string().min(1).max(80) });
