import { PassThrough } from "node:stream";
import type Router from "@koa/router";
import { visibleCases } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { RuntimeProblem } from "../../runtime/errors.ts";
import type { LiveChange } from "../../runtime/live.ts";
import type { Runtime } from "../../runtime/runtime.ts";

const heartbeatMs = 25_000;

/** Server-sent events: what changed, only of cases that the listener may see. */
export function registerEvents(router: Router, runtime: Runtime): void {
  router.get("/api/events", async (context) => {
    const principal = context.state["principal"] as Principal | null;
    if (!principal) throw new RuntimeProblem(404, "NOT_SIGNED_IN", { zh: "请先登录", en: "Sign in first" });
    const stream = new PassThrough();
    context.set({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    context.status = 200;
    context.body = stream;
    stream.write(": open\n\n");
    const stop = runtime.live.listen((change) => {
      void send(runtime, principal, stream, change);
    });
    const beat = setInterval(() => stream.write(": beat\n\n"), heartbeatMs);
    context.req.on("close", () => {
      clearInterval(beat);
      stop();
      stream.end();
    });
  });
}

async function send(runtime: Runtime, principal: Principal, stream: PassThrough, change: LiveChange): Promise<void> {
  if (change.instanceId !== null && !(await maySee(runtime, principal, change.instanceId))) return;
  const { organisations: _organisations, ...told } = change;
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
