import { authorize } from "../../identity/policy.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { defineRoute } from "../route.ts";
import { clockNow, moveClockBody } from "./clock.schema.ts";
import type { z } from "zod";

export const clockRoutes = [
  defineRoute({
    method: "get",
    path: "/api/clock",
    summary: "The demo's time",
    answer: clockNow,
    handle: async ({ runtime }) => {
      if (!runtime.movable) throw notFound();
      return { now: runtime.clock.now(), fired: 0 };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/clock",
    summary: "Move the demo's time forward",
    body: moveClockBody,
    answer: clockNow,
    handle: async ({ runtime, principal, body }) => {
      if (!runtime.movable) throw notFound();
      authorize(principal, { type: "clock.move" }, runtime.content);
      const fired = await runtime.moveClock(await targetOf(runtime, body));
      return { now: runtime.clock.now(), fired };
    },
  }),
];

async function targetOf(runtime: Runtime, body: z.infer<typeof moveClockBody>): Promise<string> {
  if ("advanceTo" in body) return body.advanceTo;
  const target = "advance" in body ? (runtime.movable?.after(body.advance) ?? null) : await runtime.nextDue();
  if (target !== null) return target;
  throw new RuntimeProblem(422, "CLOCK_MOVE_INVALID", {
    zh: "时长格式不正确，或没有待触发的时限",
    en: "The duration is not ISO 8601, or nothing is due",
  });
}
