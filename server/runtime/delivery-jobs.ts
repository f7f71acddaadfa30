import { grantedSpecification, namedItems } from "../forms/item-decisions.ts";
import { addDays, endOfDay, localDate } from "../../engine/calendar/dates.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { isOver } from "../../engine/sharing/grant.ts";
import { changeGrant, dueAfter, grantIn, type Grant } from "../sharing/grants.ts";
import { formTexts, settlementIn } from "../sharing/settlement.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import type { Within } from "./dispatch.ts";
import { memberOf, nothingDone, textIn, told, type JobHandler, type JobResult } from "./job-handler.ts";

/** What happens to a grant from the decision to the accepted delivery. */
export const deliveryTopics: Readonly<Record<string, JobHandler>> = { grantAccess, closeGrant };

/**
 * Opens the delivery record with the granted items, limited to the applicant's own area, and enters the grant. Twice does no harm;
 * decided anew after a return, before it was accepted, the record says what holds now.
 */
async function grantAccess(within: Within, variables: Variables): Promise<JobResult> {
  const { tx, instance, directory, now } = within;
  const id = text(instance, "id");
  const known = await grantIn(tx, id);
  if (known && (known.acceptedAt !== null || isOver(known.state))) return nothingDone;
  const specification = grantedSpecification(namedItems(variables), instance, variables);
  const endsOn = specification.to;
  const conditions = await conditionsOf(tx, variables);
  const granted = {
    granted_items: JSON.stringify(specification.items.map(({ code }) => code)),
    specification: JSON.stringify(specification),
    region_filter: specification.regionFilter,
    ends_at: endsOn,
    starts_at: textIn(memberOf(variables, "request", "from")),
    conditions: conditions.length === 0 ? null : conditions.join("\n"),
  };
  if (known) return grantAnew(within, known, { granted, conditions });
  await tx.insert("delivery", {
    instance_id: id,
    ...granted,
    delivered_at: null,
    accepted_at: null,
    attempts: 0,
    rejections: 0,
  });
  const provider = directory.organisations.get(text(instance, "provider_org"));
  await tx.insert("access_grant", {
    instance_id: id,
    case_number: text(instance, "case_number"),
    resource_id: textIn(memberOf(variables, "resource", "id")) ?? "",
    applicant_org: text(instance, "applicant_org"),
    provider_org: text(instance, "provider_org"),
    applicant_region: text(instance, "applicant_region"),
    provider_region: text(instance, "provider_region"),
    provider_level: provider?.level ?? "zone",
    state: "granted",
    opened_at: now,
    ends_at: endsOn,
    specification: JSON.stringify(specification),
    suspensions: 0,
    excesses: 0,
  });
  return enterGranted(within, { granted, conditions });
}

interface Granted {
  readonly granted: Readonly<Record<string, string | null>>;
  readonly conditions: readonly string[];
}

/** Once the record says what was granted: the sweep looks at it when it first has to, and the history tells it. */
async function enterGranted({ tx, instance, now, use }: Within, { granted, conditions }: Granted): Promise<JobResult> {
  const id = text(instance, "id");
  const grant = await grantIn(tx, id);
  if (grant)
    await tx.execute("UPDATE access_grant SET due_at = ? WHERE instance_id = ?", [dueAfter(grant, use, now), id]);
  const { lines } = told(now, "access.granted", {
    grant: id,
    endsOn: granted["ends_at"] ?? null,
    conditions: [...conditions],
  });
  return { variables: { delivery: JSON.parse(granted["specification"] ?? "null") as Json }, lines };
}

/** The record of a grant that was decided anew. Where it says the same as before, nothing happens. */
async function grantAnew(within: Within, known: Grant, decided: Granted): Promise<JobResult> {
  const { tx } = within;
  const { granted } = decided;
  const [record] = await tx.query("SELECT * FROM delivery WHERE instance_id = ?", [known.id]);
  const names = Object.keys(granted);
  if (record && names.every((name) => optionalText(record, name) === granted[name])) return nothingDone;
  const values = names.map((name) => granted[name] ?? null);
  const set = names.map((name) => `${name} = ?`).join(", ");
  await tx.execute(`UPDATE delivery SET ${set} WHERE instance_id = ?`, [...values, known.id]);
  const term = [granted["ends_at"] ?? null, granted["specification"] ?? null, known.id];
  await tx.execute("UPDATE access_grant SET ends_at = ?, specification = ? WHERE instance_id = ?", term);
  return enterGranted(within, decided);
}

/** What binds the use: conditions that the decision named, and what a dispute was settled with. */
async function conditionsOf(tx: Transaction, variables: Variables): Promise<readonly string[]> {
  const dispute = textIn(variables["disputeCase"]);
  return [...formTexts(variables, ["conditions"]), ...(dispute === null ? [] : await settlementOf(tx, dispute))];
}

/** Texts with which a dispute was settled. They bind the case that goes on (domain process DS-08: binding text). */
async function settlementOf(tx: Transaction, caseNumber: string): Promise<readonly string[]> {
  const [row] = await tx.query("SELECT state FROM instance WHERE case_number = ?", [caseNumber]);
  if (!row) return [];
  return settlementIn(rootVariables(json<InstanceState>(row, "state")));
}

/** The delivery was accepted, or nobody objected within the time of acceptance: from here on it is access. */
async function closeGrant({ tx, instance, now, use }: Within): Promise<JobResult> {
  const id = text(instance, "id");
  await tx.execute("UPDATE application SET state = 'granted' WHERE instance_id = ?", [id]);
  const grant = await grantIn(tx, id);
  if (!grant || grant.acceptedAt !== null) return nothingDone;
  const silent = await tx.execute(
    "UPDATE delivery_attempt SET result = 'silent', tested_at = ? WHERE instance_id = ? AND result IS NULL",
    [now, id],
  );
  await tx.execute(
    "UPDATE delivery SET delivered_at = COALESCE(delivered_at, ?), accepted_at = ? WHERE instance_id = ?",
    [now, now, id],
  );
  const line = await changeGrant(tx, grant, use, {
    action: "accept",
    actor: systemActor,
    now,
    type: "delivery.accepted",
    payload: { silent: silent > 0 },
    set: {
      delivered_at: grant.deliveredAt ?? now,
      accepted_at: now,
      use_by: endOfDay(addDays(localDate(now), use.unusedDays)),
    },
  });
  return { variables: {}, lines: [line] };
}
