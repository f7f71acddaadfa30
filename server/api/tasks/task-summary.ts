import { leftOf, type Clock } from "../../../engine/calendar/clock.ts";
import { placeTaken } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { kindOf } from "../../tasks/operate.ts";
import { organisationOf, signalOf } from "../present.ts";
import type { TaskSummary } from "./tasks.schema.ts";

export const taskColumns = `task.*, instance.case_number, instance.subject_zh, instance.subject_en, instance.applicant_org, instance.started_by, instance.process_key, instance.definition_id,
  clock.ledger AS clock_ledger, clock.state AS clock_state, clock.soon_at AS clock_soon, clock.stopped_at AS clock_stopped`;
export const tasksWithCases =
  "FROM task JOIN instance ON instance.id = task.instance_id LEFT JOIN clock ON clock.id = task.clock_id";

/** A row of `taskColumns` as its reader sees it. */
export function taskSummaryOf(runtime: Runtime, principal: Principal, row: Row): TaskSummary {
  const now = runtime.clock.now();
  const clock = optionalText(row, "clock_ledger") === null ? null : json<Clock>(row, "clock_ledger");
  return {
    id: text(row, "id"),
    instanceId: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    element: text(row, "element"),
    name: { zh: text(row, "name"), en: text(row, "name_en") },
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    state: taskStateOf(row),
    kind: kindOf(row),
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    role: text(row, "role"),
    assignee: personIn(row, "assignee"),
    askedBy: personIn(row, "owner"),
    onBehalfOf: forWhom(principal, row),
    transfers: Number(row["transfers"] ?? 0),
    applicant: organisationOf(runtime, text(row, "applicant_org")),
    createdAt: text(row, "created_at"),
    completedAt: optionalText(row, "completed_at"),
    outcome: optionalText(row, "outcome"),
    dueAt: optionalText(row, "due_at"),
    signal: signalFor(row, clock, now),
    left: clock && leftOf(clock, runtime.rules.calendar(clock.calendarRegion), now),
    unit: clock?.unit ?? null,
    dueConfidence: clock?.dueConfidence ?? null,
    rev: integer(row, "rev"),
  };
}

export function taskStateOf(row: Row): TaskSummary["state"] {
  const state = text(row, "state");
  return state === "open" || state === "waiting" || state === "completed" ? state : "cancelled";
}

/** The person in two columns of a task; `null` where nobody stands there. */
export function personIn(row: Row, column: "assignee" | "owner" | "on_behalf"): { id: string; name: string } | null {
  const id = optionalText(row, `${column}_id`);
  return id === null ? null : { id, name: optionalText(row, `${column}_name`) ?? "" };
}

function forWhom(principal: Principal, row: Row): { id: string; name: string } | null {
  const done = personIn(row, "on_behalf");
  if (done) return done;
  const [organisation, role] = [text(row, "organisation_id"), text(row, "role")];
  const taken = placeTaken(principal, { organisation, role, assignee: optionalText(row, "assignee_id") });
  return taken && { id: taken.id, name: taken.name };
}

/** A piece of work with a moment of its own has no clock to tell its signal. */
function signalFor(row: Row, clock: Clock | null, now: string): TaskSummary["signal"] {
  const state = text(row, "state");
  if (state !== "open" && state !== "waiting") return "done";
  const [soonAt, stoppedAt] = [optionalText(row, "clock_soon"), optionalText(row, "clock_stopped")];
  const dueAt = clock ? clock.dueAt : optionalText(row, "due_at");
  return signalOf({ state: clock?.state ?? "running", dueAt, soonAt, stoppedAt }, now);
}
