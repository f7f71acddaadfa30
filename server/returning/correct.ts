import { changesBetween } from "../../engine/approval/changes.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { fieldsOf, keysOf, type Form } from "../../engine/forms/form.ts";
import type { CorrectionBody } from "../api/returns/returns.schema.ts";
import { dropDraft } from "../drafts/drafts.ts";
import { acceptForm } from "../forms/accept-form.ts";
import { applicationPlace, attachmentsNamed, bindFormFiles } from "../forms/attachments.ts";
import { namedItems } from "../forms/item-decisions.ts";
import { memberOf } from "../forms/step-form.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { askedItems, refuseUndeclared } from "../sharing/applications.ts";
import { plainRequest } from "../sharing/case-variables.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnTask } from "../tasks/operate.ts";
import { addedItems, requireStillDecided } from "./added-items.ts";
import { correctionForm, type CorrectionForm } from "./correction-form.ts";

interface Corrected {
  readonly form: Form;
  readonly values: Variables;
  readonly fields: readonly string[];
}

/**
 * Corrects the application while the case is back with the applicant for it, by the form that it was made with. Fields that are
 * not given stay as they are, `null` empties one; the whole is checked as when it was applied for. What it said before stays in
 * the return's snapshot. Errors of the door; 409
 * `NOT_RETURNED_FOR_CORRECTION`, or `ITEMS_DECIDED` for an item that nobody would decide on; 422 `FORM_INVALID` that names every field at fault.
 */
export async function correctRequest(
  runtime: Runtime,
  principal: Principal,
  { taskId, rev, request }: CorrectionBody & { readonly taskId: string },
): Promise<void> {
  const asked = { principal, taskId, operation: "decide", rev, reason: null, commandId: null } as const;
  let corrected: Corrected | null = null;
  await operateOnTask(runtime, asked, {
    decide: async (within, { task }) => {
      const site = await correctionForm(runtime, within.tx.query, { ...within, task });
      if (!site) throw notCorrecting();
      const values = await acceptCorrection({ principal, given: request }, within, site);
      const whole = { ...standing(site), ...values };
      if (site.resource) refuseUndeclared(site.resource, whole);
      if (addedItems(site.request, whole).length > 0) await requireStillDecided(runtime, within, task);
      const fields = changesBetween(site.request, whole).map(({ path }) => path);
      corrected = { form: site.form, values, fields: [...new Set(fields.map((path) => path.split(".")[0] ?? path))] };
      if (fields.length === 0) return null;
      await within.tx.execute("UPDATE application SET request = ? WHERE instance_id = ?", [
        JSON.stringify(whole),
        text(within.instance, "id"),
      ]);
      const known = variablesAt(within.state, text(task, "wait_id"));
      return { type: "setVariables", scope: null, variables: { request: whole, ...itemsAfter(site, known, whole) } };
    },
    also: async (within, { task, actor }) => {
      if (!corrected) throw new Error("a correction took effect before it was accepted");
      await dropDraft(within.tx, principal.id, `correction.${taskId}`);
      const { form, values, fields } = corrected;
      if (fields.length === 0) return [];
      const binding = { instanceId: text(within.instance, "id"), taskId, actor, at: within.now };
      const sent = { form, values, place: applicationPlace, ...binding };
      return [
        correctedLine(within.now, task, actor, fields),
        ...(await bindFormFiles(within.tx, runtime.content, sent)),
      ];
    },
  });
}

function notCorrecting(): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "NOT_RETURNED_FOR_CORRECTION",
    {
      zh: "本案现在不在更正之中，或者没有申请表单",
      en: "The case is not back for correction, or has no application form",
    },
    {
      zh: "退回或者要求补正之后才能更正申请",
      en: "An application is corrected after a return or a request for a supplement",
    },
  );
}

async function acceptCorrection(
  { principal, given }: { readonly principal: Principal; readonly given: Readonly<Record<string, unknown>> },
  { tx, instance }: Within,
  { form, values, context }: CorrectionForm,
): Promise<Variables> {
  const sent = { ...values, ...given };
  const sender = { person: principal.id, instanceId: text(instance, "id"), place: applicationPlace };
  const attachment = await attachmentsNamed(tx.query, form, sent, sender);
  return acceptForm(form, sent, { ...context, attachment });
}

/** The application without what the form may write; what every route asks about falls back to what is usual. */
function standing({ form, request }: CorrectionForm): Variables {
  const written = new Set(
    fieldsOf(form.components)
      .filter(({ access }) => access === "write")
      .flatMap(keysOf),
  );
  return Object.fromEntries(
    Object.entries(request).flatMap(([key, value]): readonly [string, Json][] => {
      if (!written.has(key)) return [[key, value]];
      const usual = plainRequest[key];
      return usual === undefined ? [] : [[key, usual]];
    }),
  );
}

/**
 * What the case knows of the items besides the application: their names, as they were noted first, and what was decided on those
 * that are still asked for. An item that was asked for only now has been granted by nobody.
 */
function itemsAfter({ resource }: CorrectionForm, known: Variables, whole: Variables): Variables {
  if (JSON.stringify(memberOf(known["request"], "items")) === JSON.stringify(whole["items"])) return {};
  const noted = namedItems(known);
  const codes = Array.isArray(whole["items"]) ? whole["items"] : [];
  const added = resource ? askedItems(resource, whole) : [];
  const named = codes.flatMap((code) => {
    const item = [...noted, ...added].find((one) => one.code === code);
    if (!item) return [];
    const { name, nameEn } = item;
    return [{ code: item.code, name, ...(nameEn === undefined ? {} : { nameEn }) }];
  });
  const stillAsked = (list: Json | undefined): Json[] =>
    Array.isArray(list) ? list.filter((one: Json) => codes.includes(memberOf(one, "code") ?? null)) : [];
  const pruned = (name: string, list: string): Variables => {
    const value = known[name];
    return isMap(value) ? { [name]: { ...value, [list]: stillAsked(value[list]) } } : {};
  };
  return { askedItems: named, ...pruned("decidedItems", "decisions"), ...pruned("delivery", "items") };
}

function correctedLine(at: string, task: Row, actor: PersonActor, fields: readonly string[]): JournalLine {
  return {
    at,
    type: "request.corrected",
    element: text(task, "element"),
    actor,
    payload: { fields: [...fields].sort() },
  };
}

function isMap(value: Json | undefined): value is Variables {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
