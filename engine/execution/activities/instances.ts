import type { Json, Variables } from "../../expressions/json.ts";
import type { Activity, FlowNode } from "../../model/process-model.ts";
import { rememberCompleted } from "../events/compensation.ts";
import type { Run } from "../run.ts";
import type { Scope, Token } from "../state.ts";
import { closeHosted, completedInside } from "../tokens.ts";
import { visibleVariables, writeIfAny } from "../variables.ts";
import type { Begin } from "./activity.ts";
import { finishActivity } from "./activity.ts";
import { goOnLooping, prepareLoop } from "./standard-loop.ts";
import { instanceDone, prepareMultiInstance } from "./multi-instance.ts";

/** True for an activity that runs as instances in scopes of their own: it loops, or has data of its own. */
export function runsAsInstances(node: Activity): boolean {
  return node.multiInstance !== null || node.standardLoop !== null || node.data !== null;
}

/** True for a token that performs one instance of such an activity, not for the one that stands for all of them. */
export function isInstanceOf(run: Run, token: Token, node: FlowNode): boolean {
  const scope = run.scope(token.scope);
  return scope.kind === "instance" && scope.element === node.id;
}

export function prepareInstances(run: Run, token: Token, node: Activity): Begin {
  if (node.multiInstance) return prepareMultiInstance(run, token, node, node.multiInstance);
  if (node.standardLoop) return prepareLoop(run, token, node, node.standardLoop);
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    openInstance(run, { ...token, parent: token.scope, host: token.id }, {});
  };
}

/** Opens the scope of one instance and puts its token before the activity. */
export function openInstance(
  run: Run,
  of: { readonly element: string; readonly parent: string; readonly host: string },
  variables: Readonly<Record<string, Json>>,
): Scope {
  const { element, parent, host } = of;
  const { process } = run.scope(parent);
  const instance = run.openScope({ kind: "instance", element, process, parent, host, variables });
  run.placeToken(element, instance.id, null);
  return instance;
}

/** Data of the activity's own: nothing at first, then what its input associations copy in (BPMN 2.0 §10.4.2). */
export function fillData(run: Run, token: Token, node: Activity): void {
  if (!node.data) return;
  const seen = visibleVariables(run.scopes, token.scope);
  const { evaluator } = run.context;
  const inputs = node.data.inputs.map(({ source, target }) => [target, evaluator.value(source, seen)] as const);
  run.declare(token.scope, Object.fromEntries([...node.data.locals.map((name) => [name, null] as const), ...inputs]));
}

/**
 * One instance has done its work. Everything that can fail is worked out before anything changes: what it copies outward,
 * and how the loop goes on.
 */
export function completeInstance(run: Run, token: Token, node: Activity, outputs: Variables): void {
  const instance = run.scope(token.scope);
  const { parent, host } = instance;
  if (!parent || !host) throw new Error(`instance ${instance.id} of ${node.id} belongs to nothing`);
  const seen = { ...visibleVariables(run.scopes, token.scope), ...outputs };
  const copied = copiedOutward(run, node, seen);
  const goOn = howToGoOn(run, node, instance, seen);

  writeIfAny(run, token.scope, outputs);
  const outer = run.token(host).scope;
  writeIfAny(run, outer, copied);
  const own = run.scope(instance.id).variables;
  rememberCompleted(run, outer, node, { variables: own, inner: completedInside(run, token.id) });
  run.emit(node.id, { type: "element.completed", token: token.id, scope: token.scope });
  run.consume(token.id);
  closeHosted(run, token.id);
  run.closeScope(instance.id);
  goOn(host, parent);
}

function copiedOutward(run: Run, node: Activity, seen: Variables): Variables {
  const { evaluator } = run.context;
  const outputs = node.data?.outputs ?? [];
  return Object.fromEntries(outputs.map(({ source, target }) => [target, evaluator.value(source, seen)]));
}

type GoOn = (host: string, parent: string) => void;

function howToGoOn(run: Run, node: Activity, instance: Scope, seen: Variables): GoOn {
  if (node.multiInstance) return instanceDone(run, node, node.multiInstance, instance, seen);
  if (node.standardLoop) return goOnLooping(run, node, node.standardLoop, instance, seen);
  return (host) => finishActivity(run, host, null);
}
