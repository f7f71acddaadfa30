import type { Command } from "../../engine/execution/commands.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { step } from "../../engine/execution/step.ts";
import { lapse, standingChoices } from "../choosing/kept-choices.ts";
import { systemActor, type Actor } from "./actor.ts";
import { nextCarriedOver, takenBy } from "./carry-over.ts";
import type { JournalLine } from "./journal.ts";
import type { Acting } from "./seats.ts";
import { chosenGoneCode, stepStaffed, type Staff, type StaffingQuestion } from "./staffing.ts";
import { taskNodeOf } from "./task-node.ts";

/** A command carried out to its end: what happened, by whom each part of it was done, and who may do what it opened. */
export interface SteppedCase {
  readonly state: InstanceState;
  readonly events: readonly EngineEvent[];
  /** The first events followed from the command; the others from what the system did on its own after it. */
  readonly automaticFrom: number;
  readonly staff: ReadonlyMap<string, Staff>;
  /** Tasks whose decision was carried over, by the wait that it was carried into. */
  readonly carried: ReadonlyMap<string, string>;
  /** What the system did and why: a superior in place of somebody excluded, an approval carried over. */
  readonly lines: readonly JournalLine[];
}

/** More approvals carried over at once than any chain of steps has; a larger number is a loop that nobody would stop. */
const mostCarriedOver = 50;

/** A step that a return, a jump or a way back puts the case before is asked of somebody, whatever was decided earlier. */
const putsBefore: ReadonlySet<Command["type"]> = new Set(["moveTokens", "comeBack"]);

/** Takes the engine's step with people at every task that it opens, and passes those that nobody needs to be asked for again. */
export async function stepCase(
  question: StaffingQuestion,
  before: InstanceState | null,
  command: Command,
): Promise<SteppedCase> {
  const run = (state: InstanceState | null, next: Command, acting: Acting | null) =>
    stepStaffed(question, acting, (route) => {
      const { model, calledProcess, now } = question;
      return step(model, state, next, { now, route, calledProcess, evaluator: feel });
    });
  const acting = actingOf(question, before, command);
  const tried = await run(before, command, acting);
  const lapsed = await lapseByRetry(question, before, command, tried.events);
  const first = lapsed.length > 0 ? await run(before, command, acting) : tried;
  const stepped = {
    ...first,
    events: [...first.events],
    lines: [...lapsed, ...first.lines],
    staff: new Map(first.staff),
  };
  const taken = takenBy(before, command);
  const carriedInto = new Map<string, string>();
  let { state } = first;
  const most = putsBefore.has(command.type) ? 0 : mostCarriedOver;
  for (let count = 0; count < most; count += 1) {
    const carried = await nextCarriedOver(question, { ...stepped, state }, taken);
    if (!carried) break;
    const next = await run(state, carried.command, null);
    state = next.state;
    carriedInto.set(carried.command.wait, carried.from);
    stepped.events.push(...next.events);
    stepped.lines.push(carried.line, ...next.lines);
    for (const [wait, staff] of next.staff) stepped.staff.set(wait, staff);
  }
  return { ...stepped, state, carried: carriedInto, automaticFrom: first.events.length };
}

/** The step that this command decides: the two-person rule counts that decision, too. */
function actingOf(question: StaffingQuestion, state: InstanceState | null, command: Command): Acting | null {
  if (!state || (command.type !== "completeTask" && command.type !== "comeBack")) return null;
  const wait = state.waits[command.wait];
  const node = wait ? taskNodeOf(question, state, { wait: wait.id, element: wait.element }) : null;
  return node && wait ? { step: node.step, wait: wait.id, persons: [] } : null;
}

/**
 * Whoever tries a step again whose chosen people still can't act lets it go on without them: the choice lapses, and the history
 * tells it.
 */
async function lapseByRetry(
  { tx, instanceId, now }: StaffingQuestion,
  state: InstanceState | null,
  command: Command,
  tried: readonly EngineEvent[],
): Promise<readonly JournalLine[]> {
  const token = command.type === "retryIncident" ? state?.tokens[command.token] : undefined;
  const again = tried.some(
    (event) => event.type === "incident.raised" && event.token === token?.id && event.code === chosenGoneCode,
  );
  if (!state || !token || !again || token.incident?.code !== chosenGoneCode) return [];
  const choice = (await standingChoices(tx.query, instanceId))(state, token);
  if (!choice) return [];
  await lapse(tx, choice.id);
  const people = choice.people.map(({ name }) => name).join("、");
  return [{ at: now, type: "choice.lapsed", element: token.element, actor: systemActor, payload: { people } }];
}

/** Who an event of the step is the doing of. */
export function actorOf(stepped: SteppedCase, index: number, actor: Actor): Actor {
  return index < stepped.automaticFrom ? actor : systemActor;
}
