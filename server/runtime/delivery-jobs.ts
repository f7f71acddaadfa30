import { grantedSpecification, namedItems } from "../forms/item-decisions.ts";
import { addDays, endOfDay, localDate } from "../../engine/calendar/dates.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { changeGrant, dueAfter, grantIn } from "../sharing/grants.ts";
import { formTexts, settlementIn } from "../sharing/settlement.ts";
import { json, text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import type { Within } from "./dispatch.ts";
import { memberOf, nothingDone, textIn, told, type JobHandler, type JobResult } from "./job-handler.ts";

/** What happens to a grant from the decision to the accepted delivery. */
export const deliveryTopics: Readonly<Record<string, JobHandler>> = { grantAccess, closeGrant };

/** Opens the delivery record with the granted items, limited to the applicant's own area, and enters the grant. Twice does no harm. */
async function grantAccess(within: Within, variables: Variables): Promise<JobResult> {
  const { tx, instance, directory, now, use } = within;
  const id = text(instance, "id");
  const known = await tx.query("SELECT instance_id FROM access_grant WHERE instance_id = ?", [id]);
  if (known.length > 0) return nothingDone;
  const specification = grantedSpecification(namedItems(variables), instance, variables);
  const endsOn = specification.to;
  const conditions = await conditionsOf(tx, variables);
  await tx.insert("delivery", {
    instance_id: id,
    granted_items: JSON.stringify(specification.items.map(({ code }) => code)),
    specification: JSON.stringify(specification),
    region_filter: specification.regionFilter,
    delivered_at: null,
    accepted_at: null,
    ends_at: endsOn,
    starts_at: textIn(memberOf(variables, "request", "from")),
    attempts: 0,
    rejections: 0,
    conditions: conditions.length === 0 ? null : conditions.join("\n"),
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
  const grant = await grantIn(tx, id);
  if (grant)
    await tx.execute("UPDATE access_grant SET due_at = ? WHERE instance_id = ?", [dueAfter(grant, use, now), id]);
  const { lines } = told(now, "access.granted", { grant: id, endsOn, conditions: [...conditions] });
  return { variables: { delivery: JSON.parse(JSON.stringify(specification)) as Json }, lines };
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
