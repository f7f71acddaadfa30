import type { Command } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { SkipRepeated, TaskActivity } from "../../engine/model/process-model.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import { unchangedReview } from "../returning/unchanged-review.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { contentHash } from "../store/digest.ts";
import type { SeenItem } from "./decision-record.ts";
import { systemActor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";
import type { StaffedStep, StaffingQuestion } from "./staffing.ts";
import { taskNodeOf, type TaskCreated } from "./task-node.ts";

/** A step that the system passes because its matter has been decided before. */
export interface CarriedOver {
  readonly command: Extract<Command, { type: "completeTask" }>;
  /** The task whose decision it is. */
  readonly from: string;
  readonly line: JournalLine;
}

/** The decision that the present command takes, with the application that lay before it. */
export interface Taken {
  readonly wait: string;
  readonly outcome: string | null;
  readonly application: string | null;
}

export function takenBy(state: InstanceState | null, command: Command): Taken | null {
  if (command.type !== "completeTask" || !state?.waits[command.wait]) return null;
  return { wait: command.wait, outcome: command.outcome, application: applicationAt(state, command.wait) };
}

/**
 * The first task opened in this step that its process lets pass on a decision taken before: of somebody who may do it and has
 * approved the same application already (`jieli:skipRepeated`), or of this very step before a return that left what it looks at
 * unchanged (`jieli:reviews`). It is done by the system, which names the decision that it carries over; it is nobody's second
 * decision, and where several sign, nobody's vote is taken for given.
 */
export async function nextCarriedOver(
  question: StaffingQuestion,
  { state, events, staff }: Pick<StaffedStep, "state" | "events" | "staff">,
  taken: Taken | null,
): Promise<CarriedOver | null> {
  for (const event of events) {
    if (event.type !== "task.created" || !(event.wait in state.waits)) continue;
    const node = taskNodeOf(question, state, event);
    const { policy, signers } = staff.get(event.wait) ?? { policy: null, signers: [] };
    if (!node || (policy && policy.kind !== "single")) continue;
    const persons = new Set(signers.flatMap(({ person }) => (person ? [person.id] : [])));
    // Nobody has chosen yet what this step lets its handler choose.
    const rule = choosesAnything(node) ? "never" : node.signing.skipRepeated;
    const repeated = await repeatedApproval(question, rule, event, { state, taken, persons });
    if (repeated) return repeatedFrom(question, repeated, event);
    const review = await unchangedReview(question, state, node);
    if (review) return reviewFrom(question, review, event, await branchOf(question, review));
  }
  return null;
}

function choosesAnything({ choices }: TaskActivity): boolean {
  return choices.branches.length + choices.peopleFor.length > 0;
}

/** A decision is carried over with the branch that was chosen with it. People who were chosen stand until they are replaced. */
async function branchOf({ tx }: StaffingQuestion, earlier: Row): Promise<string | null> {
  const [row] = await tx.query(
    "SELECT chosen FROM manual_choice WHERE task_id = ? AND kind = 'branch' AND state = 'standing'",
    [text(earlier, "id")],
  );
  return row ? json<string>(row, "chosen") : null;
}

interface Approval {
  readonly task: Row;
  readonly outcome: string | null;
  /** Hash of the application that lay before whoever decided. */
  readonly application: string | null;
}

interface Approvers {
  readonly state: InstanceState;
  readonly taken: Taken | null;
  readonly persons: ReadonlySet<string>;
}

/** In the same capacity, with the approval that this step has too, on an application that has not changed since. */
async function repeatedApproval(
  question: StaffingQuestion,
  rule: SkipRepeated,
  { decision, outcomes, wait }: TaskCreated,
  { state, taken, persons }: Approvers,
): Promise<Approval | null> {
  if (rule === "never") return null;
  const decisions = [...(await decidedNow(question, taken)), ...(await decidedBefore(question))];
  const looked = rule === "adjacent" ? decisions.slice(0, 1) : decisions;
  const found = looked.find(
    ({ task }) =>
      persons.has(optionalText(task, "assignee_id") ?? "") &&
      optionalText(task, "on_behalf_id") === null &&
      text(task, "organisation_id") === decision?.organisation.id &&
      text(task, "role") === decision.role,
  );
  // An approval comes first among the outcomes of a step; whatever else was concluded asks for a decision anew.
  if (!found || found.outcome !== (outcomes[0] ?? null)) return null;
  return found.application !== null && found.application === applicationAt(state, wait) ? found : null;
}

/** The decision whose command this is: it stands in no ledger yet. */
async function decidedNow({ tx, instanceId }: StaffingQuestion, taken: Taken | null): Promise<readonly Approval[]> {
  if (!taken) return [];
  const rows = await tx.query(`SELECT ${columns} FROM task WHERE instance_id = ? AND wait_id = ? AND kind = 'decide'`, [
    instanceId,
    taken.wait,
  ]);
  return rows.map((task) => ({ task, outcome: taken.outcome, application: taken.application }));
}

/** What was decided and still stands: a decision that fell by a return is carried over by nobody. */
async function decidedBefore({ tx, instanceId }: StaffingQuestion): Promise<readonly Approval[]> {
  const rows = await tx.query(
    `SELECT ${columns}, decision_record.seen FROM task JOIN decision_record ON decision_record.task_id = task.id
     WHERE task.instance_id = ? AND task.state = 'completed' AND task.kind = 'decide' AND task.fallen_at IS NULL ORDER BY task.completed_at DESC, task.id DESC`,
    [instanceId],
  );
  return rows.map((task) => {
    const seen = json<readonly SeenItem[]>(task, "seen").find(({ kind }) => kind === "application");
    return { task, outcome: optionalText(task, "outcome"), application: seen?.hash ?? null };
  });
}

const columns =
  "task.id, task.assignee_id, task.assignee_name, task.on_behalf_id, task.organisation_id, task.role, task.outcome, task.name, task.name_en";

/** Hash of the application as it lies before a step. */
function applicationAt(state: InstanceState, wait: string): string | null {
  const { request } = variablesAt(state, wait);
  return request === undefined ? null : contentHash(request);
}

function repeatedFrom(
  { now }: StaffingQuestion,
  { task: earlier, outcome }: Approval,
  { wait, element }: TaskCreated,
): CarriedOver {
  const from = text(earlier, "id");
  return {
    command: { type: "completeTask", wait, outcome, variables: {} },
    from,
    line: {
      at: now,
      type: "task.carriedOver",
      element,
      actor: systemActor,
      payload: {
        from,
        outcome,
        person: text(earlier, "assignee_name"),
        stepZh: text(earlier, "name"),
        stepEn: text(earlier, "name_en"),
      },
    },
  };
}

function reviewFrom(
  { now }: StaffingQuestion,
  earlier: Row,
  { wait, element }: TaskCreated,
  branch: string | null,
): CarriedOver {
  const [from, outcome] = [text(earlier, "id"), text(earlier, "outcome")];
  return {
    command: { type: "completeTask", wait, outcome, variables: {}, ...(branch !== null && { branch }) },
    from,
    line: {
      at: now,
      type: "decision.carriedOver",
      element,
      actor: systemActor,
      payload: {
        from,
        who: optionalText(earlier, "assignee_name") ?? "",
        outcome,
        at: text(earlier, "completed_at"),
      },
    },
  };
}
