import { addDays, endOfDay, localDate } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { isOver, stateAfter } from "../../engine/sharing/grant.ts";
import { applyNarrowing } from "../sharing/narrowing.ts";
import {
  changeGrant,
  grantOfCase,
  lastMilestoneOf,
  tellCase,
  tellPeople,
  type EndedBecause,
  type Grant,
  type GrantChange,
} from "../sharing/grants.ts";
import { endOf, milestoneDue, milestoneVariables, supervisedVariables } from "../sharing/use-milestones.ts";
import { text } from "../store/rows.ts";
import { systemActor } from "./actor.ts";
import type { Within } from "./dispatch.ts";
import type { JournalLine } from "./journal.ts";
import { memberOf, nothingDone, textIn, told, type JobHandler, type JobResult } from "./job-handler.ts";

/** Records are kept for three years after the use ends (PIPL art. 56, Network Data Security Regulations art. 12). */
const keepDays = 3 * 365 + 1;

/** What happens to access in use: supervision, suspension, change, renewal, end. */
export const grantTopics: Readonly<Record<string, JobHandler>> = {
  openSupervision,
  nextMilestone,
  checkUse,
  suspendAccess,
  restoreAccess,
  revokeAccess,
  renewGrant,
  applyChange,
  retainRecords,
};

function grantOf({ tx, instance }: Within, variables: Variables): Promise<Grant | null> {
  return grantOfCase(tx, text(instance, "id"), variables);
}

async function requireGrant(within: Within, variables: Variables): Promise<Grant> {
  const grant = await grantOf(within, variables);
  if (!grant) throw new Error("the case is about no access that was granted");
  return grant;
}

/** Changes the grant and tells it in the journals of this case and of the one that granted the access. */
async function change(
  within: Within,
  grant: Grant,
  wanted: Omit<GrantChange, "actor" | "now">,
  variables: Variables = {},
): Promise<JobResult> {
  const { tx, now, use, instance } = within;
  const line = await changeGrant(tx, grant, use, { ...wanted, actor: systemActor, now });
  if (grant.id !== text(instance, "id")) await tellCase(tx, grant.id, line);
  return { variables, lines: [line] };
}

async function openSupervision(within: Within, variables: Variables): Promise<JobResult> {
  const { tx, instance, now } = within;
  const grant = await requireGrant(within, variables);
  await tx.execute("UPDATE access_grant SET supervision_id = ?, supervision_number = ? WHERE instance_id = ?", [
    text(instance, "id"),
    text(instance, "case_number"),
    grant.id,
  ]);
  return told(now, "use.supervised", { grant: grant.id }, supervisedVariables(grant));
}

async function nextMilestone(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const milestone = milestoneDue(grant, await lastMilestoneOf(within.tx, grant.id), within.now, within.use);
  await within.tx.execute("UPDATE access_grant SET milestone_on = ? WHERE instance_id = ?", [milestone.on, grant.id]);
  const lines = await answerRefusedRenewal(within, grant, variables);
  return { variables: milestoneVariables(milestone), lines };
}

/** Whoever asked for a renewal that was refused is told, with the reasons; nothing else in the case says so. */
async function answerRefusedRenewal(
  within: Within,
  grant: Grant,
  variables: Variables,
): Promise<readonly JournalLine[]> {
  if (variables["renewal"] !== "refuse") return [];
  const reason =
    formText(variables, "Task_RenewDecide", "renewReviewNote") ??
    formText(variables, "Task_RenewReview", "renewReviewNote") ??
    "";
  const payload = { grant: grant.id, endsOn: grant.endsOn, reason };
  const { lines } = told(within.now, "grant.notRenewed", payload);
  for (const line of lines) {
    await tellCase(within.tx, grant.id, line);
    await tellPeople(within.tx, grant, line);
  }
  return lines;
}

async function checkUse(within: Within, variables: Variables): Promise<JobResult> {
  const { lastUsedAt } = await requireGrant(within, variables);
  const since = addDays(localDate(within.now), -within.use.unusedDays);
  return { variables: { unused: lastUsedAt === null || localDate(lastUsedAt) <= since }, lines: [] };
}

/** Follows a report of excess by hand. Where the rule has suspended the access already, or it is over, nothing is left to do. */
async function suspendAccess(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  if (stateAfter(grant.state, "suspend") === null) return nothingDone;
  const [row] = await within.tx.query("SELECT suspensions FROM access_grant WHERE instance_id = ?", [grant.id]);
  return change(within, grant, {
    action: "suspend",
    type: "access.suspended",
    payload: { reason: textIn(variables["breachFacts"]) ?? "" },
    set: { suspended_at: within.now, suspensions: Number(row?.["suspensions"] ?? 0) + 1 },
  });
}

async function restoreAccess(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  if (stateAfter(grant.state, "restore") === null) return nothingDone;
  return change(within, grant, {
    action: "restore",
    type: "access.restored",
    payload: { reason: formText(variables, "Task_Ruling", "rulingNote") ?? "" },
    set: { suspended_at: null },
  });
}

/** Ends the access, for the reason that the case came to this step with. */
async function revokeAccess(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await grantOf(within, variables);
  if (!grant || isOver(grant.state)) return nothingDone;
  const because = causeOf(within, grant, variables);
  const note = formText(variables, "Task_Ruling", "rulingNote") ?? textIn(variables["changeReason"]) ?? "";
  return change(within, grant, {
    action: because === "ruling" || because === "service" ? "revoke" : because === "term" ? "expire" : "release",
    type: because === "ruling" || because === "service" ? "access.revoked" : "access.ended",
    payload: { because, reason: note },
    set: { ended_because: because, ended_note: note, revoked_at: within.now },
  });
}

function causeOf({ now }: Within, grant: Grant, variables: Variables): EndedBecause {
  if (grant.state === "suspended") return "ruling";
  if (grant.endsOn !== null && now >= endOfDay(grant.endsOn)) return "term";
  if (variables["changeKind"] === "terminate") return "service";
  // An emergency is supervised by its own case and ends with its event.
  return grant.supervision === null ? "term" : "released";
}

/** The new term: the day that the user asked for, else as long again as a grant lasts at most. */
async function renewGrant(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  if (stateAfter(grant.state, "renew") === null) return nothingDone;
  const before = grant.endsOn ?? localDate(within.now);
  const latest = addDays(before, within.use.mostTermDays);
  const asked = textIn(variables["renewTo"]) ?? formText(variables, "Task_Renew", "renewTo");
  const fits = asked !== null && /^\d{4}-\d{2}-\d{2}$/.test(asked) && asked > before && asked <= latest;
  const endsOn = fits ? asked : latest;
  await within.tx.execute("UPDATE delivery SET ends_at = ? WHERE instance_id = ?", [endsOn, grant.id]);
  return change(
    within,
    grant,
    {
      action: "renew",
      type: "grant.renewed",
      payload: { before: grant.endsOn, endsOn },
      set: { ends_at: endsOn },
    },
    { grant: { id: grant.id, endsAt: endOf(endsOn) }, renewal: "none", renewTo: null },
  );
}

/** A change that the provider announced, the authority filed and the user has taken notice of: now it takes effect. */
async function applyChange(within: Within, variables: Variables): Promise<JobResult> {
  const grant = await requireGrant(within, variables);
  const narrowed = await applyNarrowing(within.tx, grant, variables);
  if (narrowed === null || isOver(grant.state)) return nothingDone;
  return change(
    within,
    grant,
    {
      action: "narrow",
      type: "grant.narrowed",
      payload: { ...narrowed.told, reason: textIn(variables["changeReason"]) ?? "" },
      set: narrowed.set,
    },
    { grant: { id: grant.id, endsAt: endOf(narrowed.endsOn) } },
  );
}

async function retainRecords(within: Within, variables: Variables): Promise<JobResult> {
  const { id } = await requireGrant(within, variables);
  const keepUntil = addDays(localDate(within.now), keepDays);
  await within.tx.execute("UPDATE access_grant SET keep_until = ?, disposal_checked_at = ? WHERE instance_id = ?", [
    keepUntil,
    within.now,
    id,
  ]);
  const result = told(within.now, "records.retained", { grant: id, keepUntil });
  for (const line of result.lines) await tellCase(within.tx, id, line);
  return result;
}

function formText(variables: Variables, element: string, field: string): string | null {
  return textIn(memberOf({ form: memberOf(variables, "forms", element) }, "form", field));
}
