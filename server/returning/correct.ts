import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { CorrectionBody } from "../api/returns/returns.schema.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import { operateOnTask } from "../tasks/operate.ts";
import { homeOf } from "./homes.ts";

/**
 * Corrects the application while the case is back with the applicant for it. What it said before stays in the return's
 * snapshot. Errors of the door; 409 where nothing was returned for correction.
 */
export async function correctRequest(
  runtime: Runtime,
  principal: Principal,
  { taskId, rev, request }: CorrectionBody & { readonly taskId: string },
): Promise<void> {
  const asked = { principal, taskId, operation: "decide", rev, reason: null, commandId: null } as const;
  await operateOnTask(runtime, asked, {
    decide: async ({ tx, instance, state }, { task }) => {
      const open = await tx.query(
        "SELECT id FROM case_return WHERE instance_id = ? AND state = 'open' AND target = ? AND COALESCE(target_scope, '') = ?",
        [text(instance, "id"), text(task, "element"), homeOf(task) ?? ""],
      );
      if (open.length === 0 || !text(task, "role").startsWith("applicant-"))
        throw new RuntimeProblem(409, "NOT_RETURNED_FOR_CORRECTION", {
          zh: "本案现在不在更正之中",
          en: "The case has not been returned for correction",
        });
      const before = variablesAt(state, text(task, "wait_id"))["request"];
      const known = isMap(before) ? before : {};
      const unknown = Object.keys(request).filter((field) => !Object.hasOwn(known, field) || kept.has(field));
      if (unknown.length > 0) throw notCorrectable(unknown);
      const given = JSON.parse(JSON.stringify(request)) as Record<string, Json>;
      return { type: "setVariables", scope: null, variables: { request: { ...known, ...given } } };
    },
    also: async ({ now }, { task, actor }) => [
      {
        at: now,
        type: "request.corrected",
        element: text(task, "element"),
        actor,
        payload: { fields: Object.keys(request).sort() },
      },
    ],
  });
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a correction does not touch: the promise, and what the route was chosen by. */
const kept: ReadonlySet<string> = new Set(["commitment", "emergency", "kind"]);

function notCorrectable(fields: readonly string[]): RuntimeProblem {
  return new RuntimeProblem(422, "FIELD_NOT_CORRECTABLE", {
    zh: `不能更正：${fields.join("、")}`,
    en: `These cannot be corrected: ${fields.join(", ")}`,
  });
}
