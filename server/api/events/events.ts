import { PassThrough } from "node:stream";
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import type Router from "@koa/router";
import { visibleCases } from "../../identity/policy.ts";
import { isOpen, type Principal } from "../../identity/sessions.ts";
import { RuntimeProblem } from "../../runtime/errors.ts";
import type { LiveChange } from "../../runtime/live.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { sessionCookie } from "../session/session.ts";
import type { Route } from "../route.ts";
import { liveEvent } from "./events.schema.ts";

const heartbeatMs = 25_000;

/** Server-sent events: what changed, only of cases that the listener may see, for as long as the session lasts. */
export const eventRoute: Route = {
  register(router: Router, runtime: Runtime): void {
    router.get("/api/events", async (context) => {
      const principal = context.state["principal"] as Principal | null;
      const token = context.cookies.get(sessionCookie);
      if (!principal || token === undefined)
        throw new RuntimeProblem(404, "NOT_SIGNED_IN", { zh: "请先登录", en: "Sign in first" });
      const stream = new PassThrough();
      context.set({
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      context.status = 200;
      context.body = stream;
      stream.write(": open\n\n");
      let telling: Promise<void> = Promise.resolve();
      // One after the other, so that changes arrive in their order. A reader that cannot be asked about is cut off and reconnects.
      const inTurn = (work: () => Promise<void>) => {
        telling = telling.then(work).catch((error: unknown) => {
          context.app.emit("error", error, context);
          stream.end();
        });
      };
      const stop = runtime.live.listen((change) => inTurn(() => send(runtime, principal, stream, change)));
      const beat = setInterval(
        () =>
          inTurn(async () => {
            if (!(await isOpen(runtime.store, token))) stream.end();
            else if (!stream.writableEnded) stream.write(": beat\n\n");
          }),
        heartbeatMs,
      );
      const end = () => {
        clearInterval(beat);
        stop();
        context.app.off("closing", end);
        stream.end();
      };
      context.app.on("closing", end);
      stream.once("finish", end);
      context.req.once("close", end);
    });
  },
  document(registry: OpenAPIRegistry): void {
    registry.registerPath({
      method: "get",
      path: "/api/events",
      summary: "What changes, as server-sent events of the name `change`; each `data` is one of these",
      responses: { 200: { description: "open", content: { "text/event-stream": { schema: liveEvent } } } },
    });
  },
};

async function send(runtime: Runtime, principal: Principal, stream: PassThrough, change: LiveChange): Promise<void> {
  if (stream.writableEnded) return;
  if (change.instanceId !== null && !(await maySee(runtime, principal, change.instanceId))) return;
  if (change.type === "notice" && !change.persons.includes(principal.id)) return;
  const { id, at, type, instanceId, taskId } = change;
  const told = { id, at, type, instanceId, taskId };
  if (!stream.writableEnded) stream.write(`id: ${told.id}\nevent: change\ndata: ${JSON.stringify(told)}\n\n`);
}

async function maySee(runtime: Runtime, principal: Principal, instanceId: string): Promise<boolean> {
  const scope = visibleCases(principal, runtime.content);
  const rows = await runtime.store.read(`SELECT id FROM instance WHERE instance.id = ? AND ${scope.sql}`, [
    instanceId,
    ...scope.parameters,
  ]);
  return rows.length > 0;
}
