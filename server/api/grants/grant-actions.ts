import { z } from "zod";
import { authorize } from "../../identity/policy.ts";
import { RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import {
  announceServiceChange,
  askRenewal,
  confirmSwitchedOff,
  narrowByReceiver,
  rate,
  release,
  restore,
  revoke,
  suspend,
  type GrantRequest,
} from "../../sharing/grant-actions.ts";
import { defineRoute, idParams } from "../route.ts";
import { visibleRow } from "./grants.ts";
import {
  changeBody,
  grantDetail,
  narrowingBody,
  probeBody,
  ratingBody,
  reasonBody,
  renewalBody,
  switchedOffBody,
} from "./grants.schema.ts";
import { detail } from "./present-grant.ts";

/** A route that does one thing to a grant and answers with the grant as it is then. */
function action<B extends z.ZodType>(
  name: string,
  summary: string,
  body: B,
  work: (runtime: Runtime, request: GrantRequest, body: z.infer<B>) => Promise<void>,
) {
  return defineRoute({
    method: "post",
    path: `/api/grants/:id/${name}`,
    summary,
    params: idParams,
    body,
    answer: grantDetail,
    handle: async ({ runtime, principal, params, body: sent, commandId }) => {
      await work(runtime, { principal, grantId: params.id, commandId }, body.parse(sent));
      return detail(runtime, principal, await visibleRow(runtime, principal, params.id));
    },
  });
}

export const grantActionRoutes = [
  action("release", "Give access up before its end (receiver)", reasonBody, async (runtime, request, { reason }) =>
    release(runtime, request, reason),
  ),
  action("narrow", "Narrow what was granted, at once (receiver)", narrowingBody, async (runtime, request, body) => {
    const { reason, ...wanted } = body;
    return narrowByReceiver(runtime, request, wanted, reason);
  }),
  action("renewal", "Ask for a longer term (receiver)", renewalBody, askRenewal),
  action(
    "change",
    "Announce a narrower scope or the end of the service; the authority files it (provider)",
    changeBody,
    announceServiceChange,
  ),
  action(
    "suspend",
    "Suspend access, with the reason (provider, authority)",
    reasonBody,
    async (runtime, request, { reason }) => suspend(runtime, request, reason),
  ),
  action(
    "restore",
    "Lift a suspension, with the reason (provider, authority)",
    reasonBody,
    async (runtime, request, { reason }) => restore(runtime, request, reason),
  ),
  action(
    "revoke",
    "Revoke access, with the reason (authority; provider while suspended)",
    reasonBody,
    async (runtime, request, { reason }) => revoke(runtime, request, reason),
  ),
  action(
    "switched-off",
    "Confirm that access was switched off after its end (provider)",
    switchedOffBody,
    async (runtime, request, { note }) => confirmSwitchedOff(runtime, request, note),
  ),
  action("ratings", "Say how satisfied you are, after acceptance and after the end (receiver)", ratingBody, rate),
  defineRoute({
    method: "post",
    path: "/api/grants/:id/probe",
    summary: "What a probe measured of the delivery that waits for its acceptance test (worker)",
    params: idParams,
    body: probeBody,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "use.report" }, runtime.content);
      const changed = await runtime.store.transaction((tx) =>
        tx.execute("UPDATE delivery_attempt SET probe = ? WHERE instance_id = ? AND result IS NULL", [
          JSON.stringify(body),
          params.id,
        ]),
      );
      if (changed === 0)
        throw new RuntimeProblem(409, "NO_DELIVERY_OPEN", {
          zh: "没有等待验收的提供",
          en: "No delivery waits for its acceptance test",
        });
      return undefined;
    },
  }),
];
