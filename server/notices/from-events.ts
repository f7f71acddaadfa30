import { localDate } from "../../engine/calendar/dates.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { Directory } from "../../engine/routing/organisations.ts";
import type { Authors } from "../identity/authors.ts";
import { applicantRoles } from "../identity/policy.ts";
import type { StoredClock } from "../runtime/clock-rows.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { outcomeTerms } from "../tasks/outcomes.ts";
import { announceAll, type Announcement, type Recipient } from "./announce.ts";
import { milestonesOf } from "./milestones.ts";
import { repairersOf } from "./repairers.ts";

/** One step of a case, after its tables were written. */
export interface StepTold {
  readonly tx: Transaction;
  readonly now: string;
  readonly instanceId: string;
  readonly authors: Authors;
  readonly regions: readonly string[];
  readonly isEnded: boolean;
  /** Whether anybody watches the case. */
  readonly isWatched: boolean;
  /** Who gave the command; `null` for the system. */
  readonly by: string | null;
  readonly events: readonly EngineEvent[];
  /** What the step wrote about clocks into the journal. */
  readonly clockLines: readonly JournalLine[];
  readonly clocks: readonly StoredClock[];
  readonly directory: Directory;
}

/**
 * The one place where what happens in a case becomes notices: tasks that arrive, supplements, decisions, deliveries, the end,
 * extensions, breaches, incidents. Operations of people on tasks announce themselves. One query for the tasks concerned, and
 * none at all where nothing is to be told.
 */
export async function tellOfStep(step: StepTold): Promise<void> {
  const breached = clocksOf(step, "clock.breached");
  const tasks = await tasksConcerned(step, breached);
  await announceAll(step.tx, [
    ...arrivals(step, tasks),
    ...toApplicant(step, tasks),
    ...extensions(step),
    ...breached.map((clock) => breach(step, clock, tasks)),
    ...(await incidents(step)),
    ...milestonesOf(step, { tasks, breached, isDelivered: isDelivered(tasks) }),
  ]);
}

async function tasksConcerned(step: StepTold, breached: readonly StoredClock[]): Promise<readonly Row[]> {
  const waits = step.events.flatMap((event) =>
    event.type === "task.created" ||
    (event.type === "task.completed" && (event.outcome === "delivered" || step.isWatched))
      ? [event.wait]
      : [],
  );
  const clocks = breached.map(({ id }) => id);
  const conditions = [
    ...(waits.length > 0 ? [`wait_id IN (${placesFor(waits)})`] : []),
    ...(clocks.length > 0 ? [`clock_id IN (${placesFor(clocks)})`] : []),
  ];
  if (conditions.length === 0) return [];
  return step.tx.query(
    `SELECT id, wait_id, organisation_id, role, assignee_id, state, outcome, clock_id, kind, name, name_en FROM task
     WHERE instance_id = ? AND (${conditions.join(" OR ")})`,
    [step.instanceId, ...waits, ...clocks],
  );
}

function arrivals(step: StepTold, tasks: readonly Row[]): readonly Announcement[] {
  return opened(step, tasks).map((task) => ({
    ...told(step),
    kind: isApplicants(task) ? arrivalAtApplicant(step, tasks) : "task.arrived",
    taskId: text(task, "id"),
    to: [workersOf(step, task)],
  }));
}

function opened({ events }: StepTold, tasks: readonly Row[]): readonly Row[] {
  const created = new Set(events.flatMap((event) => (event.type === "task.created" ? [event.wait] : [])));
  return tasks.filter((task) => created.has(text(task, "wait_id")) && text(task, "state") === "open");
}

/** What happened is told by the task that it leaves to the applicant, not once more beside it. */
function arrivalAtApplicant(step: StepTold, tasks: readonly Row[]): Announcement["kind"] {
  if (step.events.some((event) => event.type === "clocks.paused" && event.reason === "supplement"))
    return "case.supplement";
  return isDelivered(tasks) ? "case.delivered" : "task.arrived";
}

function isApplicants(task: Row): boolean {
  return text(task, "role").startsWith(applicantRoles);
}

function isDelivered(tasks: readonly Row[]): boolean {
  return tasks.some((task) => text(task, "state") === "completed" && optionalText(task, "outcome") === "delivered");
}

/** Whoever has the task in hand, else whoever may take it. */
function workersOf({ authors }: StepTold, task: Row): Recipient {
  const assignee = optionalText(task, "assignee_id");
  if (assignee !== null) return { person: assignee };
  return { organisation: text(task, "organisation_id"), role: text(task, "role"), ...authors };
}

function toApplicant(step: StepTold, tasks: readonly Row[]): readonly Announcement[] {
  const decision = step.events.flatMap((event) =>
    event.type === "variables.changed" && typeof event.variables["decision"] === "string"
      ? [event.variables["decision"]]
      : [],
  )[0];
  const term = decision === undefined ? undefined : (outcomeTerms[decision]?.label ?? { zh: decision, en: decision });
  const outcome: Record<string, string> = term ? { "outcome.zh": term.zh, "outcome.en": term.en } : {};
  const isToldOfDelivery = opened(step, tasks).some(isApplicants);
  const common = { ...told(step), to: applicantOf(step), by: step.by };
  return [
    ...(term ? [{ ...common, kind: "case.decided" as const, params: outcome }] : []),
    ...(isDelivered(tasks) && !isToldOfDelivery ? [{ ...common, kind: "case.delivered" as const }] : []),
    ...(step.isEnded ? [{ ...common, kind: "case.ended" as const }] : []),
  ];
}

function extensions(step: StepTold): readonly Announcement[] {
  return step.clockLines
    .filter(({ type }) => type === "clock.extended")
    .flatMap(({ payload }) => {
      const clock = step.clocks.find(({ id }) => id === payload["clock"]);
      const params = { ...limitOf(clock), days: JSON.stringify(payload["days"]) };
      return clock ? [{ ...told(step), kind: "limit.extended" as const, to: applicantOf(step), params }] : [];
    });
}

/** Told to those who should have been quicker, and to the applicant who waits; the ladder of supervision tells those above. */
function breach(step: StepTold, clock: StoredClock, tasks: readonly Row[]): Announcement {
  const late = tasks.filter((task) => optionalText(task, "clock_id") === clock.id && text(task, "state") === "open");
  const to = [...late.map((task) => workersOf(step, task)), ...applicantOf(step)];
  return { ...told(step), kind: "limit.breached", to, params: limitOf(clock) };
}

async function incidents(step: StepTold): Promise<readonly Announcement[]> {
  const raised = step.events.filter((event) => event.type === "incident.raised");
  if (raised.length === 0) return [];
  const to = await repairersOf(step.tx.query, step.directory, step.regions);
  return raised.map(({ element, code, token }) => ({
    ...told(step),
    kind: "case.incident",
    to,
    params: { element, code, token },
  }));
}

function clocksOf(step: StepTold, type: string): readonly StoredClock[] {
  const ids = new Set(step.clockLines.filter((line) => line.type === type).map(({ payload }) => payload["clock"]));
  return step.clocks.filter(({ id }) => ids.has(id));
}

function limitOf(clock: StoredClock | undefined): Readonly<Record<string, string>> {
  if (!clock) return {};
  const { name } = clock.resolved;
  const due = clock.ledger.dueAt === null ? "" : localDate(clock.ledger.dueAt);
  return { "limit.zh": name.zh, "limit.en": name.en, due };
}

/** The author: a substitute is told of what calls to act while they stand in, and no more. */
function applicantOf({ authors: { startedBy } }: StepTold): readonly Recipient[] {
  return startedBy === "system" ? [] : [{ person: startedBy }];
}

function told({ instanceId, now }: StepTold) {
  return { instanceId, taskId: null, params: {}, at: now, by: null } as const;
}
