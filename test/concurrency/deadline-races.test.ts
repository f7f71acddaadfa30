import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import { completeBody } from "../../server/api/tasks/tasks.schema.ts";
import { signIn, type Principal } from "../../server/identity/sessions.ts";
import { RuntimeProblem } from "../../server/runtime/errors.ts";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { completeTask } from "../../server/tasks/complete.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "../runtime/support.ts";
import { startTimed } from "../runtime/timed-process.ts";
import { bpmn, timerBoundary } from "../support/bpmn.ts";
import { copyCase } from "../support/copied-cases.ts";

const races = 400;
/** Races that come due at one moment. */
const together = 20;
const begin = "2026-12-01T02:00:00.000Z";

/** Whoever has not decided by the deadline no longer does: the case goes on with somebody else. */
const deadline = bpmn(
  `<bpmn:startEvent id="start"/><bpmn:userTask id="decide" name="decide" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve refuse"/>${timerBoundary("late", "decide", '"P300D"')}<bpmn:userTask id="instead" name="instead" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`,
  "start -> decide -> end; late -> instead -> end",
  { id: "deadline" },
);

let database: TestDatabase;
let sweeping: Runtime;
let serving: Runtime;
let person: Principal;

beforeAll(async () => {
  database = await createTestDatabase();
  sweeping = await openRuntime(database);
  serving = await openRuntime(database);
  const caseTime = serving.clock.now();
  ({ principal: person } = await signIn(serving.store, { account: "zhang", password: demoPassword, caseTime }));
});
afterAll(async () => {
  await sweeping.close();
  await serving.close();
  await database.remove();
});

interface Race {
  readonly instanceId: string;
  readonly task: string;
}

/** What a person is told who decides: nothing, or why it was too late. */
async function decide({ task }: Race): Promise<string | null> {
  try {
    const decision = completeBody.parse({ outcome: "approve", rev: 1 });
    await completeTask(serving, person, task, decision, `race:${task}`);
    return null;
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error;
    return `${error.status} ${error.detail.en}`;
  }
}

it(`ends each of ${races} races between a person and a timer at the deadline with one of the two, and says which`, async () => {
  const first = await startTimed(serving, deadline);
  const dueOf = (copy: number) => addMs(begin, Math.floor(copy / together) * 60_000);
  await copyCase(serving, first, { count: races, dueAt: dueOf });
  const rows = await serving.store.read(
    `SELECT task.id, task.instance_id, timer.due_at FROM task JOIN timer ON timer.instance_id = task.instance_id
     WHERE task.instance_id <> ? ORDER BY timer.due_at, task.id`,
    [first],
  );
  expect(rows.length).toBe(races);
  const told = new Map<string, string | null>();
  // People wait a little longer or shorter than before, so that neither side always has the start.
  let headStartMs = 5;
  for (let from = 0; from < races; from += together) {
    const group = rows.slice(from, from + together);
    const due = text(group[0], "due_at");
    for (const node of [sweeping, serving]) await node.movable?.moveTo(due);
    const sweep = sweeping.settle();
    const contest = group.map(async (row, index) => {
      await delay(headStartMs + index);
      const race = { instanceId: text(row, "instance_id"), task: text(row, "id") };
      const answer = await decide(race);
      told.set(race.instanceId, answer);
      return answer === null;
    });
    const won = (await Promise.all(contest)).filter((isWon) => isWon).length;
    await sweep;
    headStartMs = Math.max(0, headStartMs + (won > together / 2 ? 2 : -2));
  }
  const byPerson = [...told].filter(([, answer]) => answer === null).map(([id]) => id);
  expect(byPerson.length, "races that the person won").toBeGreaterThan(races / 10);
  expect(byPerson.length).toBeLessThan((races * 9) / 10);
  const outcomes = await serving.store.read(
    `SELECT instance_id, SUM(type = 'decision.taken') AS decided, SUM(type = 'timer.fired') AS fired,
       SUM(type = 'timer.cancelled') AS cancelled, SUM(type = 'task.cancelled') AS closed FROM journal
     WHERE instance_id <> ? GROUP BY instance_id`,
    [first],
  );
  const found = new Map(
    outcomes.map((row) => [
      text(row, "instance_id"),
      ["decided", "fired", "cancelled", "closed"].map((name) => Number(row[name])).join(" "),
    ]),
  );
  const expected = [...told].map(([id, answer]) => [id, answer === null ? "1 0 1 0" : "0 1 0 1"] as const);
  expect(found).toEqual(new Map(expected));
  for (const answer of told.values())
    if (answer !== null) expect(answer).toMatch(/^409 The system closed this task at .* \(its time was over/);
  expect(await verifyJournal(serving.store)).toEqual([]);
  expect(await verifyLedger(serving.store)).toEqual([]);
  expect(await serving.watch()).toEqual([]);
}, 120_000);
