import { localMinute } from "../../engine/calendar/dates.ts";
import type { Capacity } from "../../engine/approval/operations.ts";
import { urgeableAgainFrom, urgeableFrom } from "../../engine/calendar/urging.ts";
import type { UrgingRules } from "../content/talk.schema.ts";
import { authorsOf } from "../identity/authors.ts";
import { applicantRoles } from "../identity/policy.ts";
import type { Principal } from "../identity/sessions.ts";
import { announce, type Recipient } from "../notices/announce.ts";
import { clockRow } from "../runtime/clock-rows.ts";
import type { Within } from "../runtime/dispatch.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { askingAbout } from "../tasks/ask.ts";
import { operateOnCase } from "../tasks/operate.ts";

/**
 * Reminds whoever has the case in hand. Overseers may at any time; the applicant once in so many working days and after a share
 * of the step's limit, which are data (`processes/talk.json`). Errors of the door, which refuses a case that is suspended or
 * whose clocks are paused; 409 `URGE_TOO_EARLY` with the day from which it is possible, `URGE_NOBODY` when nobody is waited for.
 */
export async function urge(
  runtime: Runtime,
  principal: Principal,
  request: { readonly instanceId: string; readonly note: string },
  commandId: string | null,
): Promise<void> {
  const { instanceId, note } = request;
  await operateOnCase(
    runtime,
    { instanceId, principal, operation: "urge", reason: null, commandId },
    {
      also: async (within, { actor, capacity }) => {
        const { tx, now, instance } = within;
        const urged = await toBeUrged(runtime, { query: tx.query, instance, now }, capacity);
        await tx.insert("urge", {
          id: newId(),
          instance_id: instanceId,
          person_id: principal.id,
          person_name: principal.name,
          capacity,
          note,
          tasks: JSON.stringify(urged.map((task) => text(task, "id"))),
          at: now,
        });
        for (const task of urged) await tellOf(within, task, { note, by: principal.id });
        return urged.map((task) => ({
          at: now,
          type: "case.urged",
          element: text(task, "element"),
          actor,
          payload: { task: text(task, "id"), capacity, note },
        }));
      },
    },
  );
}

interface Asked {
  readonly query: Query;
  readonly instance: Row;
  readonly now: string;
}

/** Why this reader cannot urge now, with the day from which they can, so that nobody has to try; `null` where they can. */
export async function urgeRefusal(
  runtime: Runtime,
  principal: Principal,
  instanceId: string,
): Promise<readonly RuntimeProblem["detail"][] | null> {
  const query = runtime.store.read;
  const [instance] = await query("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw notFound();
  const verdict = (await (await askingAbout(runtime, principal, instance))(null))("urge");
  if (!verdict.allowed) return [verdict.message];
  try {
    await toBeUrged(runtime, { query, instance, now: runtime.clock.now() }, verdict.capacity);
    return null;
  } catch (problem) {
    if (!(problem instanceof RuntimeProblem)) throw problem;
    return problem.mend ? [problem.detail, problem.mend] : [problem.detail];
  }
}

async function toBeUrged(runtime: Runtime, asked: Asked, capacity: Capacity): Promise<readonly Row[]> {
  const waiting = await tasksInHand(asked);
  return capacity === "overseer" ? waiting : urgeable(runtime, asked, waiting);
}

/** Open tasks of others than the applicant, whose clock does not stand still. */
async function tasksInHand({ query, instance }: Asked): Promise<readonly Row[]> {
  const rows = await query(
    `SELECT task.*, clock.state AS clock_state, clock.ledger AS clock_ledger, clock.resolved, clock.standing, clock.climbed
     FROM task LEFT JOIN clock ON clock.id = task.clock_id
     WHERE task.instance_id = ? AND task.state = 'open' ORDER BY task.created_at, task.id`,
    [text(instance, "id")],
  );
  const waiting = rows.filter(
    (row) => !text(row, "role").startsWith(applicantRoles) && row["clock_state"] !== "paused",
  );
  if (waiting.length > 0) return waiting;
  throw new RuntimeProblem(409, "URGE_NOBODY", {
    zh: "目前没有等待他人办理的环节，无需催办",
    en: "Nobody else has a step of this case in hand, so there is nobody to urge",
  });
}

/** Those of the tasks that the applicant may urge about now. */
async function urgeable(runtime: Runtime, asked: Asked, waiting: readonly Row[]): Promise<readonly Row[]> {
  const { query, instance, now } = asked;
  const bounds = runtime.content.talk.urging;
  const [last] = await query(
    "SELECT at FROM urge WHERE instance_id = ? AND capacity = 'applicant' ORDER BY at DESC LIMIT 1",
    [text(instance, "id")],
  );
  const calendar = runtime.rules.calendar(text(instance, "applicant_region"));
  const again = last ? urgeableAgainFrom(text(last, "at"), bounds, calendar) : now;
  const steps = waiting.map((task) => ({ task, from: shareFrom(runtime, task, now) }));
  const earliest = steps.map(({ from }) => from).sort()[0] ?? now;
  if (again > now || earliest > now) throw tooEarly(bounds, { again, earliest, now });
  return steps.filter(({ from }) => from <= now).map(({ task }) => task);
}

/** A step without a limit may be urged about at once. */
function shareFrom(runtime: Runtime, task: Row, now: string): string {
  const ledger = optionalText(task, "clock_ledger");
  if (ledger === null) return now;
  const { ledger: clock } = clockRow({ ...task, id: task["clock_id"], ledger });
  return urgeableFrom(clock, runtime.content.talk.urging, runtime.rules.calendar(clock.calendarRegion)) ?? now;
}

function tooEarly(
  { everyWorkingDays, afterShareOfLimit }: UrgingRules,
  { again, earliest, now }: { readonly again: string; readonly earliest: string; readonly now: string },
): RuntimeProblem {
  const share = `${Math.round(afterShareOfLimit * 100)}%`;
  const from = localMinute(again > earliest ? again : earliest);
  const message = { zh: `最早可于 ${from} 催办`, en: `Possible from ${from}` };
  return new RuntimeProblem(
    409,
    "URGE_TOO_EARLY",
    again > now
      ? {
          zh: `申请人每 ${everyWorkingDays} 个工作日可催办一次`,
          en: `An applicant may urge once in ${everyWorkingDays} working day(s)`,
        }
      : {
          zh: `办理时限过去 ${share} 后方可催办`,
          en: `An applicant may urge when ${share} of the step's limit has passed`,
        },
    message,
    [{ code: "URGE_FROM", place: again > earliest ? again : earliest, message }],
  );
}

async function tellOf(
  { tx, instance, now }: Within,
  task: Row,
  { note, by }: { readonly note: string; readonly by: string },
): Promise<void> {
  const assignee = optionalText(task, "assignee_id");
  const post = { organisation: text(task, "organisation_id"), role: text(task, "role") };
  const to: Recipient = assignee === null ? { ...post, ...authorsOf(instance) } : { person: assignee };
  await announce(tx, {
    kind: "case.urged",
    instanceId: text(instance, "id"),
    taskId: text(task, "id"),
    to: [to],
    params: { "subject.zh": text(instance, "subject_zh"), "subject.en": text(instance, "subject_en"), note },
    at: now,
    by,
  });
}
