import { addDays, instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { DeliverySpecification } from "../../engine/approval/items.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { nextMilestone as milestoneAfter } from "../sharing/use-milestones.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { Within } from "./dispatch.ts";
import { memberOf, nothingDone, textIn, told, type JobHandler, type JobResult } from "./job-handler.ts";

/** Records are kept for three years after the use ends (PIPL art. 56, Network Data Security Regulations art. 12). */
const keepDays = 3 * 365 + 1;
const unusedDays = 90;

/** What happens to access once it was granted: use, suspension, renewal, end. */
export const grantTopics: Readonly<Record<string, JobHandler>> = {
  openSupervision,
  nextMilestone,
  checkUse,
  suspendAccess: (within, variables) => turn(within, variables, { from: "active", to: "suspended" }),
  restoreAccess: (within, variables) => turn(within, variables, { from: "suspended", to: "active" }),
  revokeAccess,
  renewGrant,
  retainRecords,
};

/** Enters access into the register when a case grants it. Doing it twice does no harm. */
export async function registerGrant(
  { tx, instance, now }: Within,
  variables: Variables,
  specification: DeliverySpecification,
): Promise<void> {
  const instanceId = text(instance, "id");
  const known = await tx.query("SELECT instance_id FROM access_grant WHERE instance_id = ?", [instanceId]);
  if (known.length > 0) return;
  await tx.insert("access_grant", {
    instance_id: instanceId,
    case_number: text(instance, "case_number"),
    resource_id: textIn(memberOf(variables, "resource", "id")) ?? "",
    applicant_org: text(instance, "applicant_org"),
    provider_org: text(instance, "provider_org"),
    state: "active",
    opened_at: now,
    ends_at: specification.to,
    specification: JSON.stringify(specification),
    last_used_at: null,
    milestone_on: null,
    revoked_at: null,
    keep_until: null,
  });
}

/** The grant that this case is about: the one it names, the one of the case it came from, else its own. */
async function grantOf({ tx, instance }: Within, variables: Variables): Promise<Row | null> {
  const named = textIn(memberOf(variables, "grant", "id"));
  const origin = textIn(variables["originCase"]);
  const [found] =
    named !== null
      ? await tx.query("SELECT * FROM access_grant WHERE instance_id = ?", [named])
      : await tx.query("SELECT * FROM access_grant WHERE instance_id = ? OR case_number = ? ORDER BY opened_at DESC", [
          text(instance, "id"),
          origin ?? "",
        ]);
  return found ?? null;
}

async function requireGrant(within: Within, variables: Variables): Promise<Row> {
  const grant = await grantOf(within, variables);
  if (!grant) throw new Error("the case is about no access that was granted");
  return grant;
}

async function openSupervision(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const id = text(grant, "instance_id");
  return told(
    within.now,
    "use.supervised",
    { grant: id },
    { grant: { id, endsAt: endOf(grant) }, renewal: "none", unused: false },
  );
}

/** The instant at which access ends; far away where the grant has no end. */
function endOf(grant: Row): string {
  return instantAt(optionalText(grant, "ends_at") ?? "2099-12-31", "23:59");
}

async function nextMilestone(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const openedOn = localDate(text(grant, "opened_at"));
  const { kind, on } = milestoneAfter(
    openedOn,
    optionalText(grant, "ends_at"),
    optionalText(grant, "milestone_on") ?? openedOn,
  );
  await within.tx.execute("UPDATE access_grant SET milestone_on = ? WHERE instance_id = ?", [
    on,
    text(grant, "instance_id"),
  ]);
  return { variables: { milestone: { kind, at: instantAt(on, "09:00") } }, lines: [] };
}

async function checkUse(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const since = addDays(localDate(within.now), -unusedDays);
  const used = optionalText(grant, "last_used_at");
  return { variables: { unused: used === null || localDate(used) <= since }, lines: [] };
}

interface Turn {
  readonly from: "active" | "suspended";
  readonly to: "active" | "suspended";
}

async function turn(within: Within, variables: Variables, { from, to }: Turn): Promise<JobResult> {
  const id = text(await requireGrant(within, variables), "instance_id");
  await within.tx.execute("UPDATE access_grant SET state = ? WHERE instance_id = ? AND state = ?", [to, id, from]);
  return told(within.now, to === "suspended" ? "access.suspended" : "access.restored", { grant: id });
}

async function revokeAccess(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await grantOf(within, variables);
  if (!grant) return nothingDone;
  const id = text(grant, "instance_id");
  await within.tx.execute(
    "UPDATE access_grant SET state = 'revoked', revoked_at = COALESCE(revoked_at, ?) WHERE instance_id = ?",
    [within.now, id],
  );
  return told(within.now, "access.revoked", { grant: id });
}

/** The new term: the day that the user asked for, else as long again as a year. */
async function renewGrant(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const id = text(grant, "instance_id");
  const asked = textIn(memberOf({ form: memberOf(variables, "forms", "Task_Renew") }, "form", "renewTo"));
  const before = optionalText(grant, "ends_at") ?? localDate(within.now);
  const endsOn = asked !== null && /^\d{4}-\d{2}-\d{2}$/.test(asked) && asked > before ? asked : addDays(before, 365);
  await within.tx.execute("UPDATE access_grant SET ends_at = ? WHERE instance_id = ?", [endsOn, id]);
  await within.tx.execute("UPDATE delivery SET ends_at = ? WHERE instance_id = ?", [endsOn, id]);
  const renewed = { ...grant, ends_at: endsOn };
  return told(
    within.now,
    "grant.renewed",
    { grant: id, endsOn },
    { grant: { id, endsAt: endOf(renewed) }, renewal: "none" },
  );
}

async function retainRecords(within: Within, variables: Variables): Promise<JobResult> {
  const id = text(await requireGrant(within, variables), "instance_id");
  const keepUntil = addDays(localDate(within.now), keepDays);
  await within.tx.execute("UPDATE access_grant SET keep_until = ? WHERE instance_id = ?", [keepUntil, id]);
  return told(within.now, "records.retained", { grant: id, keepUntil });
}
