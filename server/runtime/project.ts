import type { Operation } from "../../engine/approval/operations.ts";
import { openRound } from "../../engine/approval/round.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { callsAround } from "../../engine/execution/process-scope.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { explainedByChoice } from "../choosing/kept-choices.ts";
import { homeOf } from "../returning/homes.ts";
import { newId } from "../store/ids.ts";
import type { Transaction } from "../store/store.ts";
import { sortAt } from "./clock-rows.ts";
import type { CaseClocks } from "./clocks.ts";
import { goOnWithRest } from "./resumed-timers.ts";
import { takeOverWork } from "./migrated-work.ts";
import { renameElements } from "./rename-elements.ts";
import { keepNewRound } from "./signing-rounds.ts";
import type { Staff } from "./staffing.ts";
import { taskNodeOf, type TaskCreated } from "./task-node.ts";

export interface Projection {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly state: InstanceState;
  readonly model: ProcessModel;
  readonly calledProcess: StepContext["calledProcess"];
  readonly clocks: CaseClocks;
  readonly now: string;
  /** The person whose command it is; `null` for the system. */
  readonly sentBy: string | null;
  /** Who may do the tasks that were opened, by wait. */
  readonly staff: ReadonlyMap<string, Staff>;
  /** Tasks whose decision the system carried over into one that was opened, by its wait. */
  readonly carried: ReadonlyMap<string, string>;
}

/** Writes what the events say into the tables that people and the sweeps read. Nothing else writes task, timer, job or subscription rows. */
export async function project(projection: Projection, events: readonly EngineEvent[]): Promise<void> {
  // Clocks first: tasks and timers of the same step take their due moments from them.
  await projection.clocks.follow(events, projection.state);
  for (const event of events) await apply(projection, event);
}

async function apply(projection: Projection, event: EngineEvent): Promise<void> {
  const { tx, instanceId, now } = projection;
  switch (event.type) {
    case "task.created":
      return createTask(projection, event);
    case "task.cancelled":
      await closeRound(projection, event.wait);
      await tx.execute(
        "UPDATE task SET state = 'cancelled', completed_at = ?, rev = rev + 1 WHERE instance_id = ? AND wait_id = ? AND state IN ('open', 'waiting')",
        [now, instanceId, event.wait],
      );
      return endReturnTo(projection, event);
    case "element.completed":
      return settleReturnIntoCall(projection, event.element, "corrected");
    case "element.cancelled":
      return settleReturnIntoCall(projection, event.element, "over");
    case "task.completed":
      return completeTasks(projection, event);
    case "timer.scheduled":
      return scheduleTimer(projection, event);
    case "timer.fired":
    case "timer.cancelled":
      await tx.execute("DELETE FROM timer WHERE instance_id = ? AND wait_id = ?", [instanceId, event.wait]);
      return;
    case "job.created":
      await tx.insert("job", {
        id: newId(),
        instance_id: instanceId,
        wait_id: event.wait,
        element: event.element,
        topic: event.topic,
        retries: 3,
        next_at: now,
        lease_owner: null,
        lease_until: null,
      });
      return;
    case "job.completed":
    case "job.failed":
    case "job.cancelled":
      await tx.execute("DELETE FROM job WHERE instance_id = ? AND wait_id = ?", [instanceId, event.wait]);
      return;
    case "subscription.opened":
      // A condition is looked at whenever the case's data change; nothing outside can answer it.
      if (event.subscription === "condition") return;
      await tx.insert("subscription", {
        id: newId(),
        instance_id: instanceId,
        wait_id: event.wait,
        element: event.element,
        kind: event.subscription,
        name: event.name,
        correlation_key: event.correlationKey,
      });
      return;
    case "subscription.closed":
      await tx.execute("DELETE FROM subscription WHERE instance_id = ? AND wait_id = ?", [instanceId, event.wait]);
      return;
    case "message.thrown":
      return throwOut(projection, "message", event.name, event.correlationKey, event.variables);
    case "signal.thrown":
      return throwOut(projection, "signal", event.name, null, event.variables);
    case "incident.raised":
      await tx.insert("incident", {
        id: `${instanceId}:${event.token}:${event.seq}`,
        instance_id: instanceId,
        token: event.token,
        element: event.element,
        code: event.code,
        message: event.message,
        at: now,
      });
      return;
    case "process.resumed":
      return goOnWithRest(projection);
    case "process.migrated":
      await renameElements(projection, event.elements);
      return takeOverWork(projection);
    case "incident.resolved":
      await tx.execute("DELETE FROM incident WHERE instance_id = ? AND token = ?", [instanceId, event.token]);
      return;
    default:
      return;
  }
}

/** What a return asked for ended in another way; nothing leads back any more. */
async function endReturnTo(
  { tx, instanceId }: Projection,
  { wait, element }: Extract<EngineEvent, { type: "task.cancelled" }>,
): Promise<void> {
  const [task] = await tx.query("SELECT called FROM task WHERE instance_id = ? AND wait_id = ?", [instanceId, wait]);
  const scope = task ? (homeOf(task) ?? "") : "";
  await tx.execute(
    "UPDATE case_return SET state = 'over' WHERE instance_id = ? AND state = 'open' AND target = ? AND COALESCE(target_scope, '') = ?",
    [instanceId, element, scope],
  );
}

/** A return into a called process that had ended is done when the process that was called anew has ended, each time that it is. */
async function settleReturnIntoCall(
  { tx, instanceId, model, state, now }: Projection,
  element: string,
  to: "corrected" | "over",
): Promise<void> {
  if (model.elements.get(element)?.kind !== "callActivity") return;
  if (Object.values(state.tokens).some((token) => token.element === element)) return;
  await tx.execute(
    "UPDATE case_return SET state = ?, corrected_at = ? WHERE instance_id = ? AND state = 'open' AND target = ? AND target_scope IS NULL",
    [to, to === "corrected" ? now : null, instanceId, element],
  );
}

/** What a case throws is kept with the step that threw it and delivered afterwards: a crash in between loses nothing. */
async function throwOut(
  { tx, instanceId, now }: Projection,
  kind: "message" | "signal",
  name: string,
  correlationKey: string | null,
  variables: Variables,
): Promise<void> {
  await tx.insert("outbox", {
    id: newId(),
    instance_id: instanceId,
    kind,
    name,
    correlation_key: correlationKey,
    variables: JSON.stringify(variables),
    created_at: now,
  });
}

async function createTask(projection: Projection, event: TaskCreated): Promise<void> {
  const { tx, instanceId, state, clocks, now, sentBy, staff, carried } = projection;
  const token = state.waits[event.wait]?.token ?? "";
  const clock = clocks.around(state, token);
  const calls = callsAround({ get: (id) => state.scopes[id] }, state.tokens[token]?.scope ?? "");
  const { decision } = event;
  const node = taskNodeOf(projection, state, event);
  const { policy, signers, chosen, beside } = staff.get(event.wait) ?? unstaffed;
  const isSignedBySeveral = policy !== null && policy.kind !== "single";
  const chosenOne = chosen && !isSignedBySeveral ? signers[0]?.person : undefined;
  // Who was chosen may hand the work on with a reason, but not put it back into the basket.
  const bound: readonly Operation[] = chosenOne ? ["release"] : [];
  const forbidden = [...new Set([...(node?.signing.forbids ?? []), ...(decision?.forbids ?? []), ...bound])];
  const explanation = decision && (chosen ? explainedByChoice(decision.explanation, chosen) : decision.explanation);
  const row = {
    id: newId(),
    instance_id: instanceId,
    wait_id: event.wait,
    token,
    element: event.element,
    name: event.name ?? event.element,
    name_en: node?.documentation ?? event.name ?? event.element,
    organisation_id: decision?.organisation.id ?? "",
    region: decision?.organisation.region ?? "",
    level: decision?.organisation.level ?? "",
    role: decision?.role ?? "",
    assignee_id: chosenOne?.id ?? null,
    assignee_name: chosenOne?.name ?? null,
    choice_id: chosen?.id ?? null,
    state: "open",
    outcome: null,
    outcomes: event.outcomes.join(" "),
    form: event.form,
    reason_code: null,
    citation: null,
    opinion: null,
    explanation: explanation ? JSON.stringify(explanation) : null,
    clock_id: clock?.id ?? null,
    due_at: clock?.ledger.dueAt ?? null,
    sort_at: sortAt(clock?.ledger.dueAt ?? null),
    created_at: now,
    completed_at: null,
    rev: 1,
    kind: "decide",
    step: decision?.explanation.step ?? null,
    four_eyes: decision && decision.fourEyes.length > 0 ? decision.fourEyes.join(" ") : null,
    forbidden: forbidden.length > 0 ? forbidden.join(" ") : null,
    sent_by_id: sentBy,
    transfers: 0,
    called: calls.length > 0 ? JSON.stringify(calls) : null,
    carried_from: carried.get(event.wait) ?? null,
  };
  // A task that was opened and passed in the same step is asked of nobody.
  if (isSignedBySeveral && event.wait in state.waits) await keepNewRound(tx, openRound(policy, signers), row, now);
  else await tx.insert("task", row);
  if (clock) await clocks.notified(clock);
  if (decision)
    for (const { id, region } of [decision.organisation, ...beside]) await addParticipant(tx, instanceId, id, region);
}

const unstaffed: Staff = { policy: null, signers: [], chosen: null, beside: [] };

/**
 * The decision completes its own task; what others were still asked for the same step is no longer needed, and is nobody's
 * decision. What the system completes is not left in the name of whoever had it in hand.
 */
async function completeTasks(
  projection: Projection,
  event: Extract<EngineEvent, { type: "task.completed" }>,
): Promise<void> {
  const { tx, instanceId, now, sentBy, carried } = projection;
  const isNobodys = sentBy === null || carried.has(event.wait);
  const [nobody, decided] = isNobodys
    ? [", assignee_id = NULL, assignee_name = NULL", "state IN ('open', 'waiting')"]
    : ["", "state = 'open'"];
  await closeRound(projection, event.wait);
  const ofStep = "WHERE instance_id = ? AND wait_id = ?";
  await tx.execute(
    `UPDATE task SET state = 'completed', outcome = ?, completed_at = ?, rev = rev + 1${nobody} ${ofStep} AND ${decided} AND kind = 'decide' AND signer IS NULL`,
    [event.outcome, now, instanceId, event.wait],
  );
  await tx.execute(
    `UPDATE task SET state = 'cancelled', closed_because = 'notNeeded', completed_at = ?, rev = rev + 1 ${ofStep} AND state IN ('open', 'waiting')`,
    [now, instanceId, event.wait],
  );
}

/** A round that has no result of its own ends with its step, and its votes decide nothing. */
async function closeRound({ tx, instanceId, now }: Projection, wait: string): Promise<void> {
  await tx.execute(
    "UPDATE signing_round SET state = 'cancelled', settled_at = ? WHERE instance_id = ? AND wait_id = ? AND state = 'open'",
    [now, instanceId, wait],
  );
}

/** The case has come to this organisation: from now on it may see it. */
export async function addParticipant(
  tx: Transaction,
  instanceId: string,
  organisationId: string,
  region: string,
): Promise<void> {
  const id = `${instanceId}:${organisationId}`;
  const known = await tx.query("SELECT id FROM participant WHERE id = ?", [id]);
  if (known.length === 0)
    await tx.insert("participant", { id, instance_id: instanceId, organisation_id: organisationId, region });
}

async function scheduleTimer(
  { tx, instanceId, clocks, state }: Projection,
  event: Extract<EngineEvent, { type: "timer.scheduled" }>,
): Promise<void> {
  // One that was armed and disarmed within the same step never existed for the sweep.
  const wait = state.waits[event.wait];
  if (!wait) return;
  const clock = event.clock ? clocks.current(event.clock.limit, { state, token: wait.token }) : null;
  const dueAt = event.clock ? (clock ? clocks.moment(clock, event.clock.fraction) : null) : event.due;
  await tx.insert("timer", {
    id: newId(),
    instance_id: instanceId,
    wait_id: event.wait,
    element: event.element,
    due_at: dueAt,
    clock_id: clock?.id ?? null,
    limit_code: event.clock?.limit ?? null,
    fraction: event.clock ? String(event.clock.fraction) : null,
    lease_owner: null,
    lease_until: null,
  });
}
