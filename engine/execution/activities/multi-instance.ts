import type { Json, Variables } from "../../expressions/json.ts";
import type { Activity, LoopThrow, MultiInstanceModel } from "../../model/process-model.ts";
import { throwOutward } from "../events/throw.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { MultiInstanceProgress, Scope, Token } from "../state.ts";
import { cancelScope } from "../tokens.ts";
import { visibleVariables, writeVariables } from "../variables.ts";
import { finishActivity, type Begin } from "./activity.ts";
import { openInstance } from "./instances.ts";

/** More instances than a decision could ever have signers; a larger number is a mistake in the data. */
const mostInstances = 1_000;

export function prepareMultiInstance(run: Run, token: Token, node: Activity, loop: MultiInstanceModel): Begin {
  const { items, total } = countInstances(run, token, node, loop);
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    const outer = run.scope(token.scope);
    const body = run.openScope({
      kind: "multiInstance",
      element: node.id,
      process: outer.process,
      parent: outer.id,
      host: token.id,
      variables: {},
    });
    const outputs = loop.outputElement ? Array.from<Json>({ length: total }).fill(null) : null;
    recordProgress(run, body.id, { total, started: 0, completed: 0, terminated: 0, items, outputs }, loop);
    if (total === 0) finishLoop(run, body.id, token.id, loop);
    else for (let count = loop.sequential ? 1 : total; count > 0; count -= 1) startInstance(run, body.id, node, loop);
  };
}

function countInstances(run: Run, token: Token, node: Activity, loop: MultiInstanceModel) {
  const variables = visibleVariables(run.scopes, token.scope);
  const { evaluator } = run.context;
  const collected = loop.collection ? evaluator.value(loop.collection, variables) : null;
  if (loop.collection && !Array.isArray(collected))
    throw new IncidentError("MULTI_INSTANCE_INVALID", `“${loop.collection.source}” gave no list`);
  const items: readonly Json[] | null = Array.isArray(collected) ? collected : null;
  const total = items ? items.length : loop.cardinality ? evaluator.value(loop.cardinality, variables) : 0;
  if (typeof total !== "number" || !Number.isInteger(total) || total < 0 || total > mostInstances) {
    throw new IncidentError(
      "MULTI_INSTANCE_INVALID",
      `${node.id} would run ${JSON.stringify(total)} times; 0 to ${mostInstances} are possible`,
    );
  }
  return { items, total };
}

function startInstance(run: Run, bodyId: string, node: Activity, loop: MultiInstanceModel): void {
  const body = run.scope(bodyId);
  const progress = progressOf(body);
  const item = progress.items?.[progress.started];
  const variables: Record<string, Json> = { loopCounter: progress.started + 1 };
  if (loop.elementVariable && item !== undefined) variables[loop.elementVariable] = item;
  recordProgress(run, bodyId, { ...progress, started: progress.started + 1 }, loop);
  if (!body.host) throw new Error(`multi-instance body ${bodyId} has no host`);
  openInstance(run, { element: node.id, parent: bodyId, host: body.host }, variables);
}

/** One instance has ended: collect its output, throw what the behaviour asks for, and end the loop or go on with it. */
export function instanceDone(
  run: Run,
  node: Activity,
  loop: MultiInstanceModel,
  instance: Scope,
  seen: Variables,
): (host: string, body: string) => void {
  const { evaluator } = run.context;
  const before = progressOf(run.scope(instance.parent ?? ""));
  const output = loop.outputElement ? evaluator.value(loop.outputElement, seen) : null;
  const progress: MultiInstanceProgress = {
    ...before,
    completed: before.completed + 1,
    outputs: before.outputs ? before.outputs.with(Number(instance.variables["loopCounter"]) - 1, output) : null,
  };
  const counted = { ...seen, ...counters(progress, loop) };
  const enough =
    isOver(progress) || (loop.completionCondition !== null && evaluator.holds(loop.completionCondition, counted));
  const thrown = loop.throws.filter((entry) => isThrown(run, entry, progress, counted));
  return (host, body) => {
    recordProgress(run, body, progress, loop);
    for (const { definitions } of thrown)
      for (const definition of definitions) if (run.tokens.has(host)) throwOutward(run, run.token(host), definition);
    // An interrupting event that the behaviour threw has ended the loop.
    if (!run.scopes.has(body)) return;
    if (enough) finishLoop(run, body, host, loop);
    else if (loop.sequential) startInstance(run, body, node, loop);
  };
}

function isThrown(run: Run, { when }: LoopThrow, progress: MultiInstanceProgress, counted: Variables): boolean {
  if (when === "each") return true;
  if (when === "first") return progress.completed === 1;
  return run.context.evaluator.holds(when, counted);
}

/** An instance was taken away by a move: the loop ends if it was the last one. */
export function instanceTerminated(run: Run, node: Activity, body: string, host: string): void {
  const loop = node.multiInstance;
  if (!loop) return;
  const before = progressOf(run.scope(body));
  const progress = { ...before, terminated: before.terminated + 1 };
  recordProgress(run, body, progress, loop);
  if (isOver(progress)) finishLoop(run, body, host, loop);
  else if (loop.sequential) startInstance(run, body, node, loop);
}

function isOver({ completed, terminated, total }: MultiInstanceProgress): boolean {
  return completed + terminated === total;
}

function finishLoop(run: Run, bodyId: string, host: string, loop: MultiInstanceModel): void {
  for (const scope of run.scopesHostedBy(host)) if (scope.id !== bodyId) cancelScope(run, scope.id);
  const { outputs } = progressOf(run.scope(bodyId));
  run.closeScope(bodyId);
  if (loop.outputCollection && outputs)
    writeVariables(run, run.token(host).scope, { [loop.outputCollection]: outputs });
  finishActivity(run, host, null);
}

function recordProgress(run: Run, body: string, progress: MultiInstanceProgress, loop: MultiInstanceModel): void {
  run.updateScope(body, { multiInstance: progress, variables: counters(progress, loop) });
}

/** The counters that BPMN 2.0 §10.3.8 names, and the outputs so far, as a completion condition sees them. */
function counters(progress: MultiInstanceProgress, loop: MultiInstanceModel): Record<string, Json> {
  return {
    numberOfInstances: progress.total,
    numberOfActiveInstances: progress.started - progress.completed - progress.terminated,
    numberOfCompletedInstances: progress.completed,
    numberOfTerminatedInstances: progress.terminated,
    ...(loop.outputCollection && progress.outputs ? { [loop.outputCollection]: progress.outputs } : {}),
  };
}

function progressOf(scope: Scope): MultiInstanceProgress {
  if (!scope.multiInstance) throw new Error(`scope ${scope.id} is no multi-instance body`);
  return scope.multiInstance;
}
