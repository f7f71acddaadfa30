import type { z } from "zod";
import { changesBetween, touches } from "../../../engine/approval/changes.ts";
import type { Variables } from "../../../engine/expressions/json.ts";
import { rootVariables, variablesAt } from "../../../engine/execution/variables.ts";
import { formDiff, type FieldChange } from "../../../engine/forms/diff.ts";
import { fieldsOf, type Form } from "../../../engine/forms/form.ts";
import { applicationPlace } from "../../forms/attachments.ts";
import { factsIn } from "../../forms/step-form.ts";
import { readerOf, valuesOf, type CaseForm } from "../../forms/reader.ts";
import type { Principal } from "../../identity/sessions.ts";
import { correctionForm, type CorrectionSite } from "../../returning/correction-form.ts";
import { snapshotOf } from "../../returning/return-task.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { askingAbout } from "../../tasks/ask.ts";
import type { TaskAt } from "./present-returns.ts";
import type { changes, correctionView, fieldChange } from "./returns.schema.ts";

/** What a resubmission changed since the latest return, field by field, as far as this reader may see the fields. */
export async function presentChanges(
  runtime: Runtime,
  principal: Principal,
  { at, task }: TaskAt,
): Promise<z.input<typeof changes>> {
  const { instance, state, model } = at;
  const [row] = await runtime.store.read(
    "SELECT * FROM case_return WHERE instance_id = ? ORDER BY at DESC, id DESC LIMIT 1",
    [text(instance, "id")],
  );
  const correction = await presentCorrection(runtime, principal, { task, instance, state });
  if (!row) return { returned: null, correction, changes: [] };
  const wait = text(task, "wait_id");
  const variables = state.waits[wait] ? variablesAt(state, wait) : rootVariables(state);
  const reader = await readerOf(runtime, principal, instance, state);
  const compared = { before: json<Variables>(row, "snapshot"), after: { ...snapshotOf(state) } };
  const forms = await reader.forms(variables);
  return {
    returned: returnedBy(row),
    correction,
    changes: forms.flatMap((form) => changesIn(form, compared, model.material)),
  };
}

async function presentCorrection(
  runtime: Runtime,
  principal: Principal,
  site: CorrectionSite,
): Promise<z.input<typeof correctionView> | null> {
  const verdicts = await (await askingAbout(runtime, principal, site.instance))(site.task);
  if (!verdicts("decide").allowed) return null;
  const found = await correctionForm(runtime, runtime.store.read, site);
  if (!found) return null;
  const facts = factsIn(variablesAt(site.state, text(site.task, "wait_id")));
  const { form, context, values, fixed } = found;
  return { form: { ...form }, facts: { ...facts }, today: context.today, values: { ...values }, fixed: { ...fixed } };
}

interface Compared {
  readonly before: Variables;
  readonly after: Variables;
}

function changesIn(
  { element, name, form }: CaseForm,
  { before, after }: Compared,
  material: readonly string[],
): z.input<typeof fieldChange>[] {
  const [was, is] = [valuesOf(element, before) ?? {}, valuesOf(element, after) ?? {}];
  const place = element === applicationPlace ? "request" : `forms.${element}`;
  return formDiff(form, was, is).map((change) => {
    const path = `${place}.${change.key}`;
    const [old, now] = [was[change.key] ?? null, is[change.key] ?? null];
    return {
      path,
      step: element === applicationPlace ? null : { ...name },
      label: { ...change.label },
      before: old,
      after: now,
      field: fieldNamed(form, change.key),
      rows: rowsOf(change),
      material: touches(changesBetween(old, now, path), material),
    };
  });
}

function fieldNamed(form: Form, key: string): Record<string, unknown> {
  const field = fieldsOf(form.components).find((known) => known.key === key);
  if (!field) throw new Error(`the form ${form.id} has no field ${key} that it was compared by`);
  return { ...field };
}

/** Of a table, what became of each row; `null` for what is no table. */
function rowsOf(change: FieldChange): { row: string; type: "added" | "removed" | "changed" }[] | null {
  return change.type === "rows" ? change.rows.map(({ row, type }) => ({ row, type })) : null;
}

function returnedBy(row: Row): NonNullable<z.input<typeof changes>["returned"]> {
  return {
    at: text(row, "at"),
    by: text(row, "by_name"),
    reason: text(row, "reason"),
    defects: json<{ place: string; what: string; basis: string }[]>(row, "defects"),
    afterwards: text(row, "afterwards") === "backToMe" ? "backToMe" : "walkAgain",
    state: stateOf(text(row, "state")),
    correctedAt: optionalText(row, "corrected_at"),
  };
}

function stateOf(state: string) {
  return state === "open" || state === "corrected" ? state : ("over" as const);
}
