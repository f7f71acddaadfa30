import { evaluateCondition, evaluateExpression } from "../../expressions/feel.ts";
import type { Json, Variables } from "../../expressions/json.ts";
import type { Activity, FlowNode, MultiInstanceModel } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { MultiInstanceProgress, Scope, Token } from "../state.ts";
import { cancelScope } from "../tokens.ts";
import { visibleVariables, writeVariables } from "../variables.ts";
import { finishActivity, type Begin } from "./activity.ts";

/** More instances than a decision could ever have signers; a larger number is a mistake in the data. */
const mostInstances = 1_000;

/** True for a token that performs one instance of a multi-instance activity, not for the one that stands for all of them. */
export function isInstanceOf(run: Run, token: Token, node: FlowNode): boolean {
  const scope = run.scope(token.scope);
  return scope.kind === "instance" && scope.element === node.id;
}

export function prepareMultiInstance(run: Run, token: Token, node: Activity, loop: MultiInstanceModel): Begin {
  const variables = visibleVariables(run.scopes, token.scope);
  const items = loop.collection ? evaluateExpression(loop.collection, variables) : null;
  if (loop.collection && !Array.isArray(items)) {
    throw new IncidentError("MULTI_INSTANCE_INVALID", `“${loop.collection.source}” gave no list`);
  }
  const list: readonly Json[] | null = Array.isArray(items) ? items : null;
  const total = list ? list.length : loop.cardinality ? evaluateExpression(loop.cardinality, variables) : 0;
  if (typeof total !== "number" || !Number.isInteger(total) || total < 0 || total > mostInstances) {
    throw new IncidentError(
      "MULTI_INSTANCE_INVALID",
      `${node.id} would run ${JSON.stringify(total)} times; 0 to ${mostInstances} are possible`,
    );
  }
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
    recordProgress(run, body.id, { total, started: 0, completed: 0, terminated: 0, items: list, outputs }, loop);
    if (total === 0) finishLoop(run, body.id, token.id, loop);
    else for (let count = loop.sequential ? 1 : total; count > 0; count -= 1) startInstance(run, body.id, node, loop);
  };
}

function startInstance(run: Run, bodyId: string, node: Activity, loop: MultiInstanceModel): void {
  const body = run.scope(bodyId);
  const progress = progressOf(body);
  const item = progress.items?.[progress.started];
  const variables: Record<string, Json> = { loopCounter: progress.started + 1 };
  if (loop.elementVariable && item !== undefined) variables[loop.elementVariable] = item;
  recordProgress(run, bodyId, { ...progress, started: progress.started + 1 }, loop);
  const instance = run.openScope({
    kind: "instance",
    element: node.id,
    process: body.process,
    parent: bodyId,
    host: body.host,
    variables,
  });
  run.placeToken(node.id, instance.id, null);
}

/** One instance has ended: collect its output, and end the loop, start the next, or wait for the others. */
export function completeInstance(run: Run, token: Token, node: Activity, outputs: Variables): void {
  const loop = node.multiInstance;
  const instance = run.scope(token.scope);
  const host = instance.host;
  if (!loop || !host || !instance.parent) return;
  const before = progressOf(run.scope(instance.parent));
  const seen = { ...visibleVariables(run.scopes, token.scope), ...outputs };
  const output = loop.outputElement ? evaluateExpression(loop.outputElement, seen) : null;
  const progress: MultiInstanceProgress = {
    ...before,
    completed: before.completed + 1,
    outputs: before.outputs ? before.outputs.with(Number(instance.variables["loopCounter"]) - 1, output) : null,
  };
  const enough =
    progress.completed === progress.total ||
    (loop.completionCondition !== null &&
      evaluateCondition(loop.completionCondition, { ...seen, ...counters(progress, loop) }));

  if (Object.keys(outputs).length > 0) writeVariables(run, token.scope, outputs);
  run.emit(node.id, { type: "element.completed", token: token.id, scope: token.scope });
  run.consume(token.id);
  for (const hosted of run.scopesHostedBy(token.id)) run.scopes.delete(hosted.id);
  run.scopes.delete(instance.id);
  recordProgress(run, instance.parent, progress, loop);
  if (enough) finishLoop(run, instance.parent, host, loop);
  else if (loop.sequential) startInstance(run, instance.parent, node, loop);
}

function finishLoop(run: Run, bodyId: string, host: string, loop: MultiInstanceModel): void {
  for (const scope of run.scopesHostedBy(host)) if (scope.id !== bodyId) cancelScope(run, scope.id);
  const { outputs } = progressOf(run.scope(bodyId));
  run.scopes.delete(bodyId);
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
