import type { Directory } from "../../engine/routing/organisations.ts";
import type { Resumption } from "../../engine/execution/commands.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import { feel } from "../../engine/execution/evaluator.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { json, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";

/** A case as it stands, with all that a step on a copy of it needs. */
export interface CaseSetting {
  readonly instance: Row;
  readonly state: InstanceState;
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  readonly context: StepContext;
  readonly directory: Directory;
}

export interface CaseAt extends CaseSetting {
  /** Every piece of work of the case, in the order in which it came. */
  readonly tasks: readonly Row[];
}

/** Reads a case: outside a transaction for what is only shown, inside one for what is done. */
export async function caseAt(runtime: Runtime, query: Query, instance: Row): Promise<CaseAt> {
  const tasks = await query("SELECT * FROM task WHERE instance_id = ? ORDER BY created_at, id", [text(instance, "id")]);
  return { ...(await caseSetting(runtime, instance)), tasks };
}

/** The same without the work that was done in it. `resumed`: places that it is imagined to take again. */
export async function caseSetting(
  runtime: Runtime,
  instance: Row,
  resumed: readonly Resumption[] = [],
): Promise<CaseSetting> {
  const state = json<InstanceState>(instance, "state");
  const model = await runtime.models.get(text(instance, "definition_id"));
  const startedAt = text(instance, "started_at");
  const { models, resolve } = await runtime.models.called(model, { state, startedAt, resumed });
  const route = await runtime.rules.route(
    text(instance, "rule_set_id"),
    text(instance, "process_key"),
    text(instance, "rules_date"),
  );
  const context = { now: runtime.clock.now(), route, calledProcess: resolve, evaluator: feel };
  const called = new Map(models.map((found) => [found.id, found]));
  return { instance, state, model, called, context, directory: runtime.rules.directory };
}
