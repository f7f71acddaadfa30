import type { Command } from "../../engine/execution/commands.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { contentHash } from "../store/digest.ts";
import type { SeenItem } from "./decision-record.ts";
import { systemActor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";
import type { StaffedStep, StaffingQuestion } from "./staffing.ts";
import { taskNodeOf, type TaskCreated } from "./task-node.ts";

/** A step that the system passes because its only possible person has decided the same matter before. */
export interface CarriedOver {
  readonly command: Extract<Command, { type: "completeTask" }>;
  readonly line: JournalLine;
}

/**
 * The first task opened in this step whose process says not to ask again who has approved already (`jieli:skipRepeated`), and
 * whose only possible person has: in the same capacity, with an outcome that this step has too, on an application that has not
 * changed since. It is done by the system, which names the decision that it carries over; it is nobody's second decision.
 */
export async function nextCarriedOver(
  question: StaffingQuestion,
  { state, events, staff }: Pick<StaffedStep, "state" | "events" | "staff">,
): Promise<CarriedOver | null> {
  for (const event of events) {
    if (event.type !== "task.created" || !(event.wait in state.waits)) continue;
    const rule = taskNodeOf(question, state, event)?.signing.skipRepeated ?? "never";
    const [only, second] = staff.get(event.wait)?.signers ?? [];
    if (rule === "never" || !only?.person || second) continue;
    const earlier = await earlierApproval(question, rule, event, only.person.id);
    if (earlier && isUnchanged(earlier, state, event.wait)) return carriedFrom(question, earlier, event);
  }
  return null;
}

async function earlierApproval(
  { tx, instanceId }: StaffingQuestion,
  rule: "adjacent" | "any",
  { decision, outcomes }: TaskCreated,
  person: string,
): Promise<Row | null> {
  const rows = await tx.query(
    `SELECT task.id, task.assignee_id, task.assignee_name, task.on_behalf_id, task.organisation_id, task.role, task.outcome, task.name, task.name_en, decision_record.seen
     FROM task JOIN decision_record ON decision_record.task_id = task.id
     WHERE task.instance_id = ? AND task.state = 'completed' AND task.kind = 'decide' ORDER BY task.completed_at DESC, task.id DESC`,
    [instanceId],
  );
  const looked = rule === "adjacent" ? rows.slice(0, 1) : rows;
  const found = looked.find(
    (row) =>
      text(row, "assignee_id") === person &&
      optionalText(row, "on_behalf_id") === null &&
      text(row, "organisation_id") === decision?.organisation.id &&
      text(row, "role") === decision.role,
  );
  // An approval comes first among the outcomes of a step; whatever else was concluded asks for a decision anew.
  return found && optionalText(found, "outcome") === (outcomes[0] ?? null) ? found : null;
}

/** The application lies before this step as it lay before the earlier one. */
function isUnchanged(earlier: Row, state: InstanceState, wait: string): boolean {
  const seen = json<readonly SeenItem[]>(earlier, "seen").find(({ kind }) => kind === "application");
  const { request } = variablesAt(state, wait);
  return seen !== undefined && request !== undefined && seen.hash === contentHash(request);
}

function carriedFrom({ now }: StaffingQuestion, earlier: Row, { wait, element }: TaskCreated): CarriedOver {
  const outcome = optionalText(earlier, "outcome");
  return {
    command: { type: "completeTask", wait, outcome, variables: {} },
    line: {
      at: now,
      type: "task.carriedOver",
      element,
      actor: systemActor,
      payload: {
        from: text(earlier, "id"),
        outcome,
        person: text(earlier, "assignee_name"),
        stepZh: text(earlier, "name"),
        stepEn: text(earlier, "name_en"),
      },
    },
  };
}
