import type { InstanceState } from "../../engine/execution/state.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { memberOf } from "../forms/step-form.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { caseAt } from "./case-at.ts";
import { homeAt, homeOf } from "./homes.ts";
import { followsOf, processesOf, stands } from "./plan.ts";

/** Codes of the data items that an application asks for and did not ask for before. */
export function addedItems(before: Json, now: Json): readonly Json[] {
  const asked = new Set(itemsOf(before));
  return itemsOf(now).filter((code) => !asked.has(code));
}

function itemsOf(request: Json): readonly Json[] {
  if (typeof request !== "object" || request === null || Array.isArray(request)) return [];
  const { items } = request as Variables;
  return Array.isArray(items) ? items : [];
}

const decidedOutcomes = ["approve", "partial", "refuse", "grant"];

/** Whether it is the provider's decision on the application. */
export function decidesApplication(row: Row): boolean {
  return text(row, "role") === "provider-head" && decidedOutcomes.includes(optionalText(row, "outcome") ?? "");
}

/**
 * An item that is asked for only now has to be decided on. Throws 409 `ITEMS_DECIDED` where the application was decided before the
 * step at which it is corrected: the decision is not taken again on the way on from there.
 */
export async function requireStillDecided(runtime: Runtime, { tx, instance }: Within, task: Row): Promise<void> {
  const at = await caseAt(runtime, tx.query, instance);
  const home = homeAt(processesOf(at), homeOf(task));
  if (!home) throw new Error(`${text(task, "id")} is work of a process that has ended`);
  const follows = followsOf(home, text(task, "element"), at.tasks);
  const final = at.tasks.find((row) => stands(row) && decidesApplication(row) && !follows(row));
  if (!final) return;
  const who = optionalText(final, "assignee_name") ?? "—";
  throw new RuntimeProblem(
    409,
    "ITEMS_DECIDED",
    {
      zh: `${who} 已对本案作出决定，更正后不再重新决定，不能增加数据项`,
      en: `${who} has decided the application and is not asked again after this correction; no data item can be added`,
    },
    { zh: "请另行申请所增加的数据项", en: "Apply for the further items in an application of their own" },
  );
}

/**
 * What a decision on the items had left in the case, to be emptied where that decision falls: it binds no later one, and nothing is
 * delivered by it.
 */
export function emptiedBy(state: InstanceState, fallen: readonly Row[]): Variables {
  const { decidedItems } = rootVariables(state);
  const element = memberOf(decidedItems, "element");
  if (!fallen.some((row) => text(row, "element") === element)) return {};
  return { decidedItems: null, delivery: null };
}
