import { z } from "zod";
import type { Variables } from "../../../engine/expressions/json.ts";
import { authorize } from "../../identity/policy.ts";
import { hand } from "../../runtime/messages.ts";
import { defineRoute } from "../route.ts";
import { messageBody, messageResult } from "./messages.schema.ts";

export const messageRoutes = [
  defineRoute({
    method: "post",
    path: "/api/messages",
    summary: "Hand a message to the cases that wait for it, or to the processes that begin with it",
    body: messageBody,
    answer: messageResult,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "message.send" }, runtime.content);
      const variables = z.record(z.string(), z.json()).parse(body.variables) as Variables;
      return {
        instanceIds: [
          ...(await hand(
            runtime,
            { name: body.name, correlationKey: body.correlationKey, variables },
            { kind: "worker", id: principal.id, name: principal.name },
            null,
          )),
        ],
      };
    },
  }),
];
