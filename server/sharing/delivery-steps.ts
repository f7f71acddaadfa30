import { z } from "zod";
import { rootVariables } from "../../engine/execution/variables.ts";
import { differencesOf, type Difference, type Found } from "../../engine/sharing/acceptance.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { Actor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { textIn } from "../runtime/job-handler.ts";
import { newId } from "../store/ids.ts";
import { outcomeLabel } from "../tasks/outcomes.ts";
import { integer, json, optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { beginProbing } from "./access-probe.ts";
import { differenceText } from "./difference-texts.ts";
import { itemNames, type NameOfItem } from "./item-names.ts";
import { changeGrant, grantIn, tellCase } from "./grants.ts";
import type { CertificateFile } from "./certificates.ts";
import { requireDelivered } from "./delivered-form.ts";

/** A step that a person completes: the key of its form, the outcome, and what was filled in. */
export interface CompletedStep {
  readonly form: string | null;
  readonly outcome: string | null;
  readonly values: Variables;
}

/**
 * Refuses a delivery that does not say how, and an acceptance that the test does not bear out. Throws 422 `DELIVERY_INCOMPLETE`
 * or `ACCEPTANCE_FAILED` with every difference; for a rejection that names nothing, `REJECTION_UNFOUNDED`.
 */
export async function checkDeliveryStep(within: Within, step: CompletedStep): Promise<void> {
  if (step.form === "deliver" && step.outcome === "delivered") requireDelivered(step.values);
  if (step.form !== "accept") return;
  const attempt = await openAttempt(within.tx, text(within.instance, "id"));
  if (!attempt) return;
  const found = foundIn(step.values, attempt);
  const differences = differencesOf(deliveredOf(attempt), found, within.use.mostErrorPercent);
  if (step.outcome === "accept" && differences.length > 0)
    throw failed(differences, itemNames(rootVariables(within.state)));
  if (step.outcome === "reject" && differences.length === 0 && textIn(step.values["acceptNote"]) === null)
    throw unfounded();
}

/** Writes what a completed step says of the delivery. Gives the lines of the journal that tell it. */
export async function recordDeliveryStep(
  within: Within,
  step: CompletedStep,
  actor: Actor,
): Promise<readonly JournalLine[]> {
  if (step.form === "deliver" && step.outcome === "delivered") return recordDelivery(within, step.values, actor);
  if (step.form === "accept") return recordTest(within, step, actor);
  if (step.form === "disposal") return recordDisposal(within, step.values, actor);
  return [];
}

async function recordDelivery(within: Within, values: Variables, actor: Actor): Promise<readonly JournalLine[]> {
  const { tx, instance, now, use } = within;
  const id = text(instance, "id");
  const grant = await grantIn(tx, id);
  if (!grant) return [];
  const { mode, endpoint, callsPerDay } = {
    mode: textIn(values["deliveryMode"]) ?? "",
    endpoint: textIn(values["endpoint"]),
    callsPerDay: numberIn(values["callsPerDay"]),
  };
  const number = await nextNumber(tx, id);
  await tx.insert("delivery_attempt", {
    id: newId(),
    instance_id: id,
    number,
    delivered_at: now,
    delivered_by: actor.name,
    mode,
    endpoint,
    file_hash: textIn(values["fileHash"]),
    row_count: numberIn(values["rowCount"]),
    period_from: textIn(values["periodFrom"]),
    period_to: textIn(values["periodTo"]),
    calls_per_day: callsPerDay,
    note: textIn(values["deliveryNote"]),
    items: JSON.stringify(grant.items),
  });
  await tx.execute(
    "UPDATE delivery SET delivered_at = ?, attempts = ?, mode = ?, endpoint = ?, calls_per_day = ? WHERE instance_id = ?",
    [now, number, mode, endpoint, callsPerDay, id],
  );
  await beginProbing(tx, { instanceId: id, healthUrl: textIn(values["healthUrl"]), now });
  const delivered = await changeGrant(tx, grant, use, {
    action: "deliver",
    actor,
    now,
    type: "delivery.made",
    payload: { number, mode, endpoint },
    set: { delivered_at: now },
  });
  return emergencyOf(within) ? [delivered, await inForceAtOnce(within)] : [delivered];
}

/** In an emergency data are used at once; nobody waits for a test of the delivery. */
async function inForceAtOnce({ tx, instance, now, use }: Within): Promise<JournalLine> {
  const grant = await grantIn(tx, text(instance, "id"));
  if (!grant) throw new Error("the grant that was delivered is gone");
  await tx.execute("UPDATE delivery SET accepted_at = ? WHERE instance_id = ?", [now, grant.id]);
  return changeGrant(tx, grant, use, {
    action: "accept",
    actor: { kind: "system", name: "system" },
    now,
    type: "delivery.atOnce",
    payload: {},
    set: { accepted_at: now },
  });
}

function emergencyOf({ state }: Within): boolean {
  const { request } = rootVariables(state);
  const level = typeof request === "object" && request !== null && "emergency" in request ? request["emergency"] : null;
  return level !== null && level !== "none";
}

/** What the receiver's test found. A rejection opens the delivery again; its clock goes on with what was used. */
async function recordTest(
  within: Within,
  { outcome, values }: CompletedStep,
  actor: Actor,
): Promise<readonly JournalLine[]> {
  const { tx, instance, now, use } = within;
  const id = text(instance, "id");
  const attempt = await openAttempt(tx, id);
  const grant = await grantIn(tx, id);
  if (!attempt || !grant) return [];
  const found = foundIn(values, attempt);
  const differences = differencesOf(deliveredOf(attempt), found, use.mostErrorPercent);
  const passed = outcome === "accept";
  await tx.execute(
    "UPDATE delivery_attempt SET result = ?, tested_at = ?, tested_by = ?, found = ?, differences = ? WHERE id = ?",
    [
      passed ? "passed" : "failed",
      now,
      actor.name,
      JSON.stringify(found),
      JSON.stringify(differences),
      text(attempt, "id"),
    ],
  );
  const number = integer(attempt, "number");
  if (passed)
    return [{ at: now, type: "delivery.tested", element: null, actor, payload: { number, items: [...found.items] } }];
  await tx.execute(
    "UPDATE delivery SET delivered_at = NULL, rejections = COALESCE(rejections, 0) + 1 WHERE instance_id = ?",
    [id],
  );
  const nameOf = itemNames(rootVariables(within.state));
  const line = await changeGrant(tx, grant, use, {
    action: "rejectDelivery",
    actor,
    now,
    type: "delivery.rejected",
    payload: {
      number,
      differences: differences.map((difference): Json => ({ ...differenceText(difference, nameOf) })),
      note: textIn(values["acceptNote"]) ?? "",
    },
    set: { delivered_at: null },
  });
  return [line];
}

/** The certificate that the data were disposed of, kept with the grant; the case's own line says who handed it in. */
async function recordDisposal(
  { tx, instance, now }: Within,
  values: Variables,
  actor: Actor,
): Promise<readonly JournalLine[]> {
  const [row] = await tx.query("SELECT instance_id FROM access_grant WHERE supervision_id = ?", [text(instance, "id")]);
  if (!row) return [];
  const certificate = textIn(values["certificate"]) ?? "";
  const file = await certificateIn(tx, text(instance, "id"), values["certificateFile"]);
  await tx.execute(
    "UPDATE access_grant SET disposal_ref = ?, disposal_file = ?, disposed_at = ? WHERE instance_id = ?",
    [certificate, file && JSON.stringify(file), now, text(row, "instance_id")],
  );
  const payload = { certificate, ...(file ? { file: { ...file } } : {}) };
  const line = { at: now, type: "disposal.certified", element: null, actor, payload };
  await tellCase(tx, text(row, "instance_id"), line);
  return [line];
}

const fileReferences = z.array(z.object({ id: z.string() }));

/** The file of the certificate, which became part of the case with the step; none where an earlier version did not ask for it. */
async function certificateIn(
  tx: Transaction,
  instanceId: string,
  value: Json | undefined,
): Promise<CertificateFile | null> {
  const [reference] = fileReferences.safeParse(value).data ?? [];
  if (!reference) return null;
  const [row] = await tx.query("SELECT * FROM attachment WHERE id = ? AND instance_id = ?", [reference.id, instanceId]);
  if (!row) throw new Error(`the certificate ${reference.id} is no part of case ${instanceId}`);
  return { id: text(row, "id"), name: text(row, "name"), bytes: integer(row, "bytes"), sha256: text(row, "sha256") };
}

/** The delivery that waits for its test. */
async function openAttempt(tx: Transaction, instanceId: string): Promise<Row | null> {
  const [row] = await tx.query(
    "SELECT * FROM delivery_attempt WHERE instance_id = ? AND result IS NULL ORDER BY number DESC LIMIT 1",
    [instanceId],
  );
  return row ?? null;
}

async function nextNumber(tx: Transaction, instanceId: string): Promise<number> {
  const [row] = await tx.query("SELECT COUNT(*) AS n FROM delivery_attempt WHERE instance_id = ?", [instanceId]);
  return Number(row?.["n"] ?? 0) + 1;
}

function deliveredOf(attempt: Row) {
  return {
    items: json<readonly string[]>(attempt, "items"),
    rowCount: attempt["row_count"] === null ? null : integer(attempt, "row_count"),
    fileHash: optionalText(attempt, "file_hash"),
  };
}

/** What was filled in; where the receiver left a measure out, what the platform's probe measured. */
function foundIn(values: Variables, attempt: Row): Found {
  const measured = optionalText(attempt, "probe");
  const probe = (measured === null ? {} : JSON.parse(measured)) as Variables;
  const items = values["itemsReceived"];
  const testCall = textIn(values["testCall"]) ?? textIn(probe["testCall"]);
  return {
    items: Array.isArray(items) ? items.filter((item): item is string => typeof item === "string") : [],
    sampleChecked: values["sampleChecked"] === true,
    testCall: testCall === "passed" || testCall === "failed" ? testCall : "none",
    rowCount: numberIn(values["receivedRows"]) ?? numberIn(probe["rowCount"]),
    fileHash: textIn(values["receivedHash"]) ?? textIn(probe["fileHash"]),
    errorPercent: numberIn(values["errorPercent"]) ?? numberIn(probe["errorPercent"]),
  };
}

function numberIn(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function failed(differences: readonly Difference[], nameOf: NameOfItem): RuntimeProblem {
  const sendBack = outcomeLabel("reject", "accept");
  return new RuntimeProblem(
    422,
    "ACCEPTANCE_FAILED",
    {
      zh: `验收测试有 ${differences.length} 处不符，不能确认验收，未作任何处理`,
      en: `The acceptance test found ${differences.length} difference(s); the delivery cannot be accepted and nothing was done`,
    },
    {
      zh: `请核对，或选择“${sendBack.zh}”退回提供方`,
      en: `Check again, or choose “${sendBack.en}” to send it back to the provider`,
    },
    differences.map((difference) => ({
      code: difference.type,
      place: placeOf(difference),
      message: differenceText(difference, nameOf),
    })),
  );
}

function placeOf(difference: Difference): string {
  const fields: Readonly<Record<Difference["type"], string>> = {
    itemsMissing: "itemsReceived",
    sampleUnchecked: "sampleChecked",
    testCallFailed: "testCall",
    rowCount: "receivedRows",
    fileHash: "receivedHash",
    errors: "errorPercent",
  };
  return `form.${fields[difference.type]}`;
}

function unfounded(): RuntimeProblem {
  const detail: Bilingual = {
    zh: "测试没有发现差异，也没有写明问题，不能退回，未作任何处理",
    en: "The test found no difference and names no fault; it cannot be sent back and nothing was done",
  };
  return new RuntimeProblem(422, "REJECTION_UNFOUNDED", detail, {
    zh: "请在验收说明中写明问题",
    en: "Write into the note what is wrong",
  });
}
