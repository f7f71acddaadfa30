import { callsAround, type CallAround } from "../../engine/execution/process-scope.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { RouteExplanation } from "../../engine/routing/types.ts";
import { callsOf } from "../returning/homes.ts";
import type { Persons } from "../runtime/seats.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";

/** People whom an official chose for a later step. */
export interface PeopleChoice {
  readonly id: string;
  readonly people: Persons;
  readonly by: string;
  readonly reason: string | null;
}

/**
 * The choice that stands for a step which opens in `scope`: the last one made where the step belongs to. One that was made in a
 * scope which is gone (its sub-process was left by a return and opened anew) stands, too.
 */
export async function standingChoices(
  query: Query,
  instanceId: string,
): Promise<(state: InstanceState, place: { readonly element: string; readonly scope: string }) => PeopleChoice | null> {
  const rows = await query(
    `SELECT manual_choice.*, task.called FROM manual_choice JOIN task ON task.id = manual_choice.task_id
     WHERE manual_choice.instance_id = ? AND manual_choice.state = 'standing' AND manual_choice.kind = 'people'
     ORDER BY manual_choice.at DESC, manual_choice.id DESC`,
    [instanceId],
  );
  return (state, { element, scope }) => {
    const around = scopesAround(state, scope);
    const calls = namesOf(callsAround({ get: (id) => state.scopes[id] }, scope));
    // A called process may have a step of the same name as its caller.
    const mine = rows.filter((row) => text(row, "target") === element && namesOf(callsOf(row)) === calls);
    const found =
      mine.find((row) => around.has(text(row, "scope"))) ?? mine.find((row) => !state.scopes[text(row, "scope")]);
    return found ? peopleChoiceOf(found) : null;
  };
}

function namesOf(calls: readonly CallAround[]): string {
  return calls.map(({ call }) => call).join(" ");
}

function scopesAround(state: InstanceState, scope: string): ReadonlySet<string> {
  const around = new Set<string>();
  for (let at = state.scopes[scope]; at; at = state.scopes[at.parent ?? ""]) around.add(at.id);
  return around;
}

export function peopleChoiceOf(row: Row): PeopleChoice {
  const onBehalf = optionalText(row, "on_behalf_name");
  const by = text(row, "by_name");
  return {
    id: text(row, "id"),
    people: json<Persons>(row, "chosen"),
    by: onBehalf === null ? by : `${by}（${onBehalf}）`,
    reason: optionalText(row, "reason"),
  };
}

/** The people could not act any more, and somebody let the step go on without them. */
export async function lapse(tx: Transaction, id: string): Promise<void> {
  await tx.execute("UPDATE manual_choice SET state = 'lapsed' WHERE id = ?", [id]);
}

/** Why the step came to this person: the rule says to whom it may come, the choice to whom of them it did. */
export function explainedByChoice(
  explanation: RouteExplanation,
  { people, by, reason }: PeopleChoice,
): RouteExplanation {
  const names = people.map(({ name }) => name);
  const { zh, en } = explanation.sentence;
  return {
    ...explanation,
    sentence: {
      zh: `${zh}；${by} 在可选范围内选定 ${names.join("、")}${reason === null ? "" : `（${reason}）`}`,
      en: `${en}; ${by} chose ${names.join(", ")} of those who may act${reason === null ? "" : ` (${reason})`}`,
    },
  };
}
