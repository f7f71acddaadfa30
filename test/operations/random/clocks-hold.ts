import { clockAround, processToken } from "../../../engine/calendar/case-clocks.ts";
import { momentAt, recomputeClock, usedUntil } from "../../../engine/calendar/clock.ts";
import { addDays, localDate } from "../../../engine/calendar/dates.ts";
import { endOfLimitDay, isWorkingDay, type WorkingDayCalendar } from "../../../engine/calendar/working-days.ts";
import { clockRow, sortAt, type StoredClock } from "../../../server/runtime/clock-rows.ts";
import type { Runtime } from "../../../server/runtime/runtime.ts";
import { json, optionalText, text } from "../../../server/store/rows.ts";
import type { Row } from "../../../server/store/store.ts";
import { isOpen } from "./acts.ts";
import type { CaseRows } from "./people-hold.ts";

/** Every clock of a case adds up: with its own ledger, with its step and tasks, and with the history, counted day by day anew. */
export async function clockFaults({ store, rules, clock }: Runtime, rows: CaseRows): Promise<readonly string[]> {
  const id = text(rows.instance, "id");
  const found = await store.read("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [id]);
  const timers = await store.read("SELECT * FROM timer WHERE instance_id = ? AND clock_id IS NOT NULL", [id]);
  const journal = await store.read("SELECT * FROM journal WHERE instance_id = ? AND type LIKE 'clock.%' ORDER BY seq", [
    id,
  ]);
  const rests = await store.read("SELECT cause FROM case_suspension WHERE instance_id = ? AND ended_at IS NULL", [id]);
  const clocks = found.map((row) => ({ row, stored: clockRow(row) }));
  const now = clock.now();
  const faults = clocks.flatMap(({ row, stored }) => {
    const calendar = rules.calendar(stored.ledger.calendarRegion);
    return [
      ...columnFaults(row, stored),
      ...stateFaults(rows, stored, { calendar, now, cause: rests[0] ? text(rests[0], "cause") : null }),
      ...historyFaults(journal, stored, { calendar, now }),
    ].map((fault) => `${stored.resolved.code}: ${fault}`);
  });
  const byId = new Map(clocks.map(({ stored }) => [stored.id, stored]));
  const ofTimers = timers.flatMap((timer) => {
    const stored = byId.get(text(timer, "clock_id"));
    const moment = stored
      ? momentAt(stored.ledger, rules.calendar(stored.ledger.calendarRegion), Number(timer["fraction"]))
      : null;
    return moment === optionalText(timer, "due_at")
      ? []
      : [`the timer ${text(timer, "element")} is not due when its clock says`];
  });
  return [...faults, ...ofTimers, ...taskFaults(rows, [...byId.values()])];
}

function columnFaults(row: Row, { ledger }: StoredClock): readonly string[] {
  const same =
    row["state"] === ledger.state && row["due_at"] === ledger.dueAt && row["stopped_at"] === ledger.stoppedAt;
  return same ? [] : ["its columns and its ledger say different things"];
}

interface Moment {
  readonly calendar: WorkingDayCalendar;
  readonly now: string;
}

function stateFaults(
  { state, instance }: CaseRows,
  { ledger, tokens, awaiting, pauses, resolved, id }: StoredClock,
  { calendar, now, cause }: Moment & { readonly cause: string | null },
): readonly string[] {
  const faults: string[] = [];
  const fault = (is: boolean, words: string) => is && faults.push(words);
  const isOver = ledger.stoppedAt !== null;
  fault(
    ledger.state === "running" && (isOver || ledger.dueAt === null || ledger.pausedAt !== null),
    "runs and does not",
  );
  fault(
    ledger.state === "paused" && (isOver || ledger.dueAt !== null || ledger.pausedAt === null),
    "rests and does not",
  );
  fault((ledger.state === "met" || ledger.state === "stopped") && !isOver, `is ${ledger.state} and goes on`);
  fault(
    ledger.state === "breached" && (ledger.breachedAt === null || ledger.breachedAt > now),
    "was broken before its time",
  );
  fault(ledger.state === "paused" && pauses.length === 0, "rests for no reason");
  fault(
    ledger.state === "running" && pauses.length > 0,
    `runs in spite of ${pauses.map(({ reason }) => reason).join(" ")}`,
  );
  fault(
    JSON.stringify(recomputeClock(ledger, calendar)) !== JSON.stringify(ledger),
    "is due at another moment than its ledger gives",
  );
  fault(isOver && tokens.some((token) => token !== processToken), "has stopped and its step has not");
  fault(!isOver && !awaiting && tokens.length === 0, "goes on without a step");
  fault(
    !isOver && tokens.some((token) => token !== processToken && !state.tokens[token]),
    "goes on for a step that was left",
  );
  const isAlive = instance["status"] === "running" || instance["status"] === "suspended";
  fault(!isAlive && !isOver, "goes on after the case");
  const resting = instance["status"] === "suspended" && cause !== null && resolved.excludes.includes(cause);
  fault(resting && ledger.state === "running", `runs while the case rests (${cause ?? ""}) ${id}`);
  return faults;
}

/**
 * The history counted anew: a day counts when it is a working day that has ended, nothing rested the clock at any time of it (a
 * rest within one day is none), and the limit did not start on it.
 */
function historyFaults(
  journal: readonly Row[],
  { id, ledger }: StoredClock,
  { calendar, now }: Moment,
): readonly string[] {
  if (ledger.unit !== "workday") return [];
  let [used, from, rests] = [0, "", null as string | null];
  const lines = journal.filter((row) => json<{ clock?: string }>(row, "payload").clock === id);
  for (const line of lines) {
    const at = text(line, "at");
    switch (text(line, "type")) {
      case "clock.started":
      case "clock.restarted":
        [used, from, rests] = [0, at, null];
        break;
      case "clock.paused":
      case "clock.stopped":
        rests ??= at;
        break;
      case "clock.resumed":
      case "clock.reopened":
        if (rests === null) return [`goes on (${text(line, "type")}) and had not rested`];
        if (localDate(rests) !== localDate(at)) [used, from] = [used + counted(calendar, from, rests), at];
        rests = null;
        break;
      // What is broken stays so, whatever rests it afterwards.
      case "clock.breached":
        return [];
    }
  }
  const until = rests ?? now;
  const slow = used + counted(calendar, from, until);
  const kept = usedUntil(ledger, calendar, until);
  const faults = slow === kept ? [] : [`has used ${kept} days; the history makes ${slow}`];
  const due = ledger.state === "running" ? dueAfter(calendar, from, ledger.total + ledger.extension - used) : null;
  return due === null || due === ledger.dueAt
    ? faults
    : [...faults, `is due ${ledger.dueAt}; the history makes ${due}`];
}

/** Working days after that of `from` that have ended at `until`. */
function counted(calendar: WorkingDayCalendar, from: string, until: string): number {
  let days = 0;
  for (let day = addDays(localDate(from), 1); endOfLimitDay(calendar, day) < until; day = addDays(day, 1))
    if (isWorkingDay(calendar, day)) days += 1;
  return days;
}

function dueAfter(calendar: WorkingDayCalendar, from: string, budget: number): string {
  let day = localDate(from);
  for (let left = budget; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return endOfLimitDay(calendar, day);
}

/** Steps under a limit have a clock that goes on, and their tasks are due with it. */
function taskFaults({ tasks, state, instance }: CaseRows, clocks: readonly StoredClock[]): readonly string[] {
  const isAlive = instance["status"] === "running" || instance["status"] === "suspended";
  const faults = tasks.filter(isOpen).flatMap((task) => {
    const name = `${text(task, "element")} (${text(task, "kind")})`;
    const clock = clocks.find(({ id }) => id === task["clock_id"]);
    const around = clockAround(clocks, state, text(task, "token"));
    if (around && !clock) return [`${name} has no clock although its step has`];
    if (!clock) return [];
    const mine: string[] = [];
    if (clock.ledger.stoppedAt !== null) mine.push(`${name} is open under a clock that has stopped`);
    if (clock.id !== around?.id) mine.push(`${name} follows another clock than its step`);
    if (task["due_at"] !== clock.ledger.dueAt || task["sort_at"] !== sortAt(clock.ledger.dueAt))
      mine.push(`${name} is due ${String(task["due_at"])}, its clock ${clock.ledger.dueAt}`);
    return mine;
  });
  const whole = clocks.find(({ tokens }) => tokens.includes(processToken));
  const limited = tasks.filter((task) => isOpen(task) && ["sign", "work", "supply"].includes(text(task, "element")));
  const without = limited
    .filter((task) => task["clock_id"] === null)
    .map((task) => `${text(task, "element")} is under no clock`);
  if (isAlive && whole && instance["due_at"] !== whole.ledger.dueAt) faults.push("the case is not due with its clock");
  return [...faults, ...without];
}
