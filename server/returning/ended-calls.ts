import { placeHeldBy, stillPossible, withoutHosted } from "../../engine/approval/way-back.ts";
import type { Command, Resumption } from "../../engine/execution/commands.ts";
import { callsAround } from "../../engine/execution/process-scope.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { InstanceState, Token } from "../../engine/execution/state.ts";
import { newId } from "../store/ids.ts";
import { json, text } from "../store/rows.ts";
import type { Query, Row, Transaction } from "../store/store.ts";
import type { CaseAt } from "./case-at.ts";
import { modelsAt, type CaseProcesses } from "./homes.ts";
import { processesOf } from "./plan.ts";

interface Ending {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly now: string;
  readonly models: Omit<CaseProcesses, "state">;
  readonly before: InstanceState;
  readonly after: InstanceState;
}

/**
 * Where a decision ends the called process in which it was taken, what the call held before it is kept, so that whoever decided
 * can take it back as anywhere else.
 */
export async function keepEndedCall(ending: Ending, command: Command | null): Promise<void> {
  const { tx, instanceId, now, models, before, after } = ending;
  if (command?.type !== "completeTask" || after.status !== "running") return;
  const token = before.tokens[before.waits[command.wait]?.token ?? ""];
  const calls = callsAround({ get: (id) => before.scopes[id] }, token?.scope ?? "");
  const ended = calls.find(({ scope }) => !after.scopes[scope]);
  const host = ended && activityAround(before, ended.scope);
  if (!host) return;
  const place = placeHeldBy({ models: modelsAt({ ...models, state: before }), state: before, evaluator: feel }, host);
  if (!place) return;
  await tx.insert("ended_call", {
    id: newId(),
    instance_id: instanceId,
    wait_id: command.wait,
    place: JSON.stringify(place),
    at: now,
  });
}

/** The token that stands for a whole activity, also where the scope belongs to one of its runs. */
function activityAround({ scopes, tokens }: InstanceState, scope: string): Token | null {
  let host = tokens[scopes[scope]?.host ?? ""];
  for (let at = scopes[host?.scope ?? ""]; host && at?.kind === "instance" && at.element === host.element;) {
    host = tokens[at.host ?? ""];
    at = scopes[host?.scope ?? ""];
  }
  return host ?? null;
}

/** What a call held before a decision that ended it; `null` where it was not kept. */
export async function endedCallOf(query: Query, task: Row): Promise<Resumption | null> {
  const [row] = await query("SELECT place FROM ended_call WHERE instance_id = ? AND wait_id = ?", [
    text(task, "instance_id"),
    text(task, "wait_id"),
  ]);
  return row ? json<Resumption>(row, "place") : null;
}

/** The same place once these tokens are gone; `null` where the process has none for it any more. */
export function callAgain(at: CaseAt, place: Resumption, cancel: readonly string[]): Resumption | null {
  const state = withoutHosted(at.state, cancel);
  const models = modelsAt({ ...processesOf(at), state });
  return stillPossible(models, state, [place])?.[0] ?? null;
}
