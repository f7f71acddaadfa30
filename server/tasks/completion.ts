import type { Command } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { Form, ItemDecisionsField } from "../../engine/forms/form.ts";
import { acceptForm, noForm } from "../forms/accept-form.ts";
import { attachmentsNamed } from "../forms/attachments.ts";
import { decisionsField, itemsOfStep, variablesOf, type DecidedByStep } from "../forms/item-decisions.ts";
import { processFields } from "../forms/process-fields.ts";
import { contextOf, stepForm, withOutcome } from "../forms/step-form.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import type { Settled } from "./sign.ts";

/** What was filled in, and what it decides on the items that were asked for. */
export interface Written {
  readonly form: Form;
  readonly values: Readonly<Record<string, Json>>;
  readonly items: DecidedByStep | null;
}

/** Before anything was filled in. */
export const nothingWritten: Written = { form: noForm, values: {}, items: null };

/** A task in its case: inside a transaction for what is done, outside for what is only shown. */
export interface TaskInCase {
  readonly query: Query;
  readonly instance: Row;
  readonly state: InstanceState;
  readonly task: Row;
}

interface Filling {
  readonly runtime: Runtime;
  readonly principal: Principal;
  readonly decision: Parameters<typeof itemsOfStep>[2] & { readonly form: Readonly<Record<string, unknown>> };
}

/** What somebody filled in, as it may be kept. Throws 422 that names everything at fault. */
export async function writtenForm(
  { runtime, principal, decision }: Filling,
  { query, instance, state, task }: TaskInCase,
): Promise<Written> {
  const step = await stepForm(runtime, { task, instance, state });
  const form = step?.form ?? noForm;
  const context = withOutcome(step?.context ?? contextOf(runtime, text(task, "region"), {}), decision.outcome);
  const sender = { person: principal.id, instanceId: text(instance, "id"), place: text(task, "element") };
  const attachment = await attachmentsNamed(query, form, decision.form, sender);
  const values = acceptForm(form, decision.form, { ...context, attachment });
  const { decided, problems } = itemsOfStep(step, values, decision);
  refuseDecision(problems);
  const all = decided ? { ...values, [decided.field.key]: [...decided.decisions] } : values;
  return { form, values: all, items: decided };
}

/** The field by which a step decides items; also where the last vote, an abstention, filled in nothing. */
export async function decisionsFieldAt(
  runtime: Runtime,
  { instance, state, task }: Omit<TaskInCase, "query">,
): Promise<ItemDecisionsField | null> {
  return decisionsField((await stepForm(runtime, { task, instance, state }))?.form ?? null);
}

/** The step's completion: with the form that goes with the result, and with what was decided on the items. */
export function completionOf(
  { state, instance, task }: Omit<TaskInCase, "query">,
  { outcome, written: values, items }: Settled,
): Extract<Command, { type: "completeTask" }> {
  const wait = text(task, "wait_id");
  const named = Object.fromEntries(Object.entries(values).filter(([key]) => processFields.has(key)));
  const variables = variablesAt(state, wait);
  const { forms } = variables;
  const filled = new Map<string, Json>(typeof forms === "object" && forms !== null ? Object.entries(forms) : []);
  filled.set(text(task, "element"), values);
  const decided = items ? variablesOf(items, task, instance, variables) : {};
  return {
    type: "completeTask",
    wait,
    outcome,
    variables: { ...named, ...decided, forms: Object.fromEntries(filled) },
  };
}

export function refuseDecision(problems: RuntimeProblem["problems"]): void {
  if (problems.length === 0) return;
  throw new RuntimeProblem(
    422,
    "DECISION_INVALID",
    { zh: "办理意见有以下需要更正之处，未作任何处理", en: "The decision needs these corrections; nothing was done" },
    { zh: "请更正后再提交", en: "Correct them and send again" },
    problems,
  );
}
