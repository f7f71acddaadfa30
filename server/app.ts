import { constants } from "node:zlib";
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import Koa from "koa";
import compress from "koa-compress";
import helmet from "koa-helmet";
import { problemAnswers } from "./api/problems.ts";
import { openApiDocument } from "./api/route.ts";
import { routes } from "./api/routes.ts";
import { sessionCookie } from "./api/session/session.ts";
import { resume } from "./identity/sessions.ts";
import { metricsOf } from "./metrics.ts";
import { RuntimeProblem } from "./runtime/errors.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { serveConsole } from "./static.ts";

export const version = "0.1.0";

/** Level 4 of 11: the last levels take seconds of processor time for the modeler's two megabytes, and save little. */
const quickBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const unsafe: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

let described: object | null = null;

/** The OpenAPI document of all routes. Written when first asked for: it takes a tenth of a second that no start should wait for. */
function document(): object {
  described ??= openApiDocument(routes, version);
  return described;
}

/**
 * The HTTP application over a runtime. Nothing here knows what a case is. `checkAnswers` holds every answer against its schema
 * and turns one that breaks it into an internal error; tests ask for it.
 */
export function createApp(runtime: Runtime, options: { readonly checkAnswers?: boolean } = {}): Koa {
  const app = new Koa();
  // One listener for each open event stream: they end when the application is told `closing`.
  app.setMaxListeners(0);
  // A browser that closes an event stream is no error.
  app.on("error", (error: unknown) => {
    if (!(
      error instanceof Error &&
      "code" in error &&
      (error.code === "ERR_STREAM_PREMATURE_CLOSE" || error.code === "ECONNRESET")
    ))
      console.error(error);
  });
  app.use(problemAnswers);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          // antd and diagram-js set inline styles.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", "data:", "blob:"],
          fontSrc: ["'self'", "data:"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      crossOriginEmbedderPolicy: false,
    }),
  );
  app.use(compress({ filter: (type) => !/event-stream/.test(type), br: quickBrotli }));
  app.use(signedIn(runtime));
  app.use(bodyParser({ jsonLimit: "1200kb", enableTypes: ["json"] }));
  const router = new Router();
  for (const route of routes) route.register(router, runtime, options.checkAnswers ?? false);
  router.get("/api/openapi.json", (context) => {
    context.body = document();
  });
  router.get("/healthz", (context) => {
    context.body = { status: "ok" };
  });
  router.get("/readyz", async (context) => {
    await runtime.store.read("SELECT 1 AS one");
    context.body = { status: "ready", findings: runtime.findings.length };
  });
  router.get("/metrics", async (context) => {
    context.type = "text/plain; version=0.0.4";
    context.body = await metricsOf(runtime);
  });
  app.use(router.routes());
  app.use(serveConsole());
  return app;
}

/** Knows the session of each call, and refuses a change that another site could have sent. */
function signedIn(runtime: Runtime): Koa.Middleware {
  return async (context, next) => {
    if (!context.path.startsWith("/api/")) return next();
    context.set("cache-control", "no-store");
    const token = context.cookies.get(sessionCookie);
    const principal = token ? await resume(runtime.store, token, runtime.clock.now()) : null;
    context.state["principal"] = principal;
    if (unsafe.has(context.method)) {
      const origin = context.get("origin");
      // Hosts are compared, not schemes: behind a TLS proxy this server itself sees plain HTTP.
      const foreign =
        (origin !== "" && !(URL.canParse(origin) && new URL(origin).host === context.host)) ||
        ["cross-site", "same-site"].includes(context.get("sec-fetch-site"));
      const forged =
        principal !== null && context.path !== "/api/session" && context.get("x-csrf-token") !== principal.csrf;
      if (foreign || forged)
        throw new RuntimeProblem(404, "CSRF", {
          zh: "请求来源不可信，请刷新页面后重试",
          en: "The request cannot be trusted; reload the page and try again",
        });
    }
    return next();
  };
}
