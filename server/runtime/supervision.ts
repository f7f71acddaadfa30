import { calendarOfUnit } from "../../engine/calendar/clock.ts";
import { addMs, localDate } from "../../engine/calendar/dates.ts";
import { rungsToClimb, type ClimbedRung, type MonitoringScheme, type Rung } from "../../engine/calendar/ladder.ts";
import { addWorkingDays, endOfLimitDay, type WorkingDayCalendar } from "../../engine/calendar/working-days.ts";
import { nextOfficeMoment } from "../../engine/calendar/working-hours.ts";
import type { Organisation } from "../../engine/routing/organisations.ts";
import { organisationAt } from "../../engine/routing/positions.ts";
import type { Content } from "../content/load-content.ts";
import { announce } from "../notices/announce.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { StoredClock } from "./clock-rows.ts";
import type { Within } from "./dispatch.ts";
import type { Rules } from "./rules.ts";

/** What the ladder needs to know beside the case. */
export interface SupervisionParts {
  readonly rules: Rules;
  readonly content: Pick<Content, "organisations" | "regions">;
}

interface Climb extends SupervisionParts {
  readonly within: Within;
  readonly clock: StoredClock;
  readonly scheme: MonitoringScheme;
  readonly calendar: WorkingDayCalendar;
}

/**
 * Climbs the rungs of a case's clocks that are due, within one transaction: reminders, notices to heads, supervisory orders,
 * notified criticism, and the cards that go with them. It never touches the process: the case goes on as it would. In the
 * night and on rest days nobody is told anything; the rung waits for the office to open. Gives the number of rungs.
 */
export async function climbLadders(within: Within, parts: SupervisionParts): Promise<number> {
  let climbed = 0;
  for (const { id } of within.clocks.all) {
    const clock = within.clocks.all.find((candidate) => candidate.id === id);
    if (!clock) continue;
    const scheme = parts.rules.monitoring(clock.organisation.region);
    const due = within.clocks.ahead(clock).filter(({ at }) => at <= within.now);
    if (!scheme || due.length === 0) {
      await within.clocks.settleRung(clock);
      continue;
    }
    const calendar = calendarOfUnit(clock.ledger.unit, parts.rules.calendar(clock.ledger.calendarRegion));
    const opens = nextOfficeMoment(calendar, within.now);
    if (opens > within.now) {
      await within.clocks.postponeRung(clock, opens);
      continue;
    }
    climbed += await climbOne({ ...parts, within, clock, scheme, calendar }, due);
  }
  return climbed;
}

async function climbOne(climb: Climb, due: Parameters<typeof rungsToClimb>[0]): Promise<number> {
  const { within, clock } = climb;
  let orderDueAt: string | null = null;
  const steps = rungsToClimb(due);
  for (const { rung, isSkipped } of steps) {
    if (isSkipped) continue;
    const order = rung.replyWorkingDays === null ? null : await openOrder(climb, rung, rung.replyWorkingDays);
    orderDueAt = order ?? orderDueAt;
    if (rung.card !== null || rung.measure === "criticise") await issueCard(climb, rung);
    await sendNotices(climb, rung);
    within.clocks.note(clock, `ladder.${rung.measure}`, {
      rung: rung.code,
      card: rung.card,
      name: rung.name,
      scheme: `${climb.scheme.code}@${climb.scheme.version}`,
    });
  }
  const { ledger, entries } = clock;
  const rungs = steps.map(({ rung }): ClimbedRung => ({
    code: rung.code,
    round: ledger.round,
    entries,
    at: within.now,
  }));
  await within.clocks.climb(clock, rungs, orderDueAt);
  return steps.length;
}

/** The authority one level above asks for the overdue step to be done. Gives the moment by which it is to be answered. */
async function openOrder({ within, clock, calendar, content }: Climb, rung: Rung, days: number): Promise<string> {
  const { tx, instance, now } = within;
  const asker = superiorOf(content, clock);
  const dueAt =
    clock.ledger.unit === "hour"
      ? addMs(now, days * 24 * 3_600_000)
      : endOfLimitDay(calendar, addWorkingDays(calendar, localDate(now), days).date);
  const { name, code } = clock.resolved;
  const caseNumber = text(instance, "case_number");
  await tx.insert("supervisory_order", {
    id: newId(),
    number: `DB-${caseNumber}-${clock.id.slice(-4)}-${clock.ledger.round}`,
    instance_id: text(instance, "id"),
    clock_id: clock.id,
    round: clock.ledger.round,
    asker_org: asker.id,
    asker_region: asker.region,
    target_org: clock.organisation.id,
    target_region: clock.organisation.region,
    limit_code: code,
    ask_zh: `${caseNumber}“${name.zh}”已于 ${localDate(clock.ledger.dueAt ?? now)} 到期，请办结并说明原因`,
    ask_en: `${name.en} of ${caseNumber} was due on ${localDate(clock.ledger.dueAt ?? now)}: finish it and say why it is late`,
    opened_at: now,
    due_at: dueAt,
    state: "open",
    reply: null,
    replied_by: null,
    replied_at: null,
    verification: null,
    verified_by: null,
    verified_at: null,
    closed_at: null,
  });
  within.clocks.note(clock, "order.opened", { rung: rung.code, asker: asker.id, answerBy: dueAt });
  return dueAt;
}

/** A card against the organisation whose clock ran out, with what it rests on, and until when it may be contested. */
async function issueCard({ within, clock, scheme, calendar, rules }: Climb, rung: Rung): Promise<void> {
  const { tx, instance, now } = within;
  const { ledger, resolved } = clock;
  const lastDay = addWorkingDays(calendar, localDate(now), scheme.contestWorkingDays).date;
  const evidence = {
    ledger,
    entries: clock.entries,
    source: resolved.source,
    verified: resolved.verified,
    pack: `${resolved.packRegion}@${resolved.packVersion}`,
    calendar: { region: ledger.calendarRegion, version: rules.calendarVersion },
    scheme: { region: scheme.region, code: scheme.code, version: scheme.version, source: scheme.source },
    rung,
  };
  await tx.insert("card", {
    id: newId(),
    instance_id: text(instance, "id"),
    clock_id: clock.id,
    round: ledger.round,
    rung: rung.code,
    measure: rung.measure,
    colour: rung.card ?? "none",
    name_zh: rung.name.zh,
    name_en: rung.name.en,
    limit_code: resolved.code,
    organisation_id: clock.organisation.id,
    region: clock.organisation.region,
    level: clock.organisation.level,
    counts: rung.countsInAssessment ? 1 : 0,
    evidence: JSON.stringify(evidence),
    issued_at: now,
    contest_until: endOfLimitDay(calendar, lastDay),
    state: "issued",
    contested_by: null,
    contested_at: null,
    contest_reason: null,
    decided_by: null,
    decided_at: null,
    decision_reason: null,
  });
}

async function sendNotices({ within, clock, content }: Climb, rung: Rung): Promise<void> {
  const { tx, instance, now } = within;
  const instanceId = text(instance, "id");
  const [task] = await tx.query(
    "SELECT role FROM task WHERE clock_id = ? AND kind = 'decide' AND state IN ('open', 'waiting') ORDER BY created_at, id",
    [clock.id],
  );
  const told = new Map<string, { readonly organisation: string; readonly role: string }>();
  for (const recipient of rung.notify) {
    const organisation =
      recipient.at === "holder" ? content.organisations.get(clock.organisation.id) : superiorOf(content, clock);
    if (!organisation) continue;
    for (const role of rolesOf(organisation, recipient.role, task ? optionalText(task, "role") : null)) {
      const key = `${organisation.id} ${role}`;
      if (told.has(key)) continue;
      told.set(key, { organisation: organisation.id, role });
      await tx.insert("notice", {
        id: newId(),
        instance_id: instanceId,
        clock_id: clock.id,
        rung: rung.code,
        measure: rung.measure,
        name_zh: rung.name.zh,
        name_en: rung.name.en,
        limit_code: clock.resolved.code,
        organisation_id: organisation.id,
        region: organisation.region,
        role,
        at: now,
        needs_receipt: rung.needsReceipt ? 1 : 0,
        received_by: null,
        received_at: null,
      });
    }
  }
  const { name } = clock.resolved;
  await announce(tx, {
    kind: "limit.supervised",
    instanceId,
    taskId: null,
    to: [...told.values()],
    params: { "measure.zh": rung.name.zh, "measure.en": rung.name.en, "limit.zh": name.zh, "limit.en": name.en },
    at: now,
    by: null,
  });
}

/** `holder` is whoever has the open task, `head` whoever heads the organisation; others are roles by their code. */
function rolesOf(organisation: Organisation, role: string, holding: string | null): readonly string[] {
  if (role === "holder") return holding === null || holding === "" ? [] : [holding];
  if (role === "head") return organisation.roles.filter((held) => held.endsWith("-head"));
  return organisation.roles.includes(role) ? [role] : [];
}

function superiorOf(content: SupervisionParts["content"], { organisation }: StoredClock): Organisation {
  const party = { organisation: organisation.id, region: organisation.region };
  return organisationAt(content, "supervisor", {
    applicant: party,
    provider: party,
    hop: null,
    breach: organisation,
    holder: null,
    sourceDepartment: null,
  });
}
