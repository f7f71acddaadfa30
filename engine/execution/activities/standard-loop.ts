import type { Variables } from "../../expressions/json.ts";
import type { Activity, StandardLoopModel } from "../../model/process-model.ts";
import type { Run } from "../run.ts";
import type { Scope, Token } from "../state.ts";
import { visibleVariables } from "../variables.ts";
import { finishActivity, type Begin } from "./activity.ts";
import { openInstance } from "./instances.ts";

/** Rounds that have ended, as the condition of the loop sees them (BPMN 2.0 table 10.25). */
const counter = "loopCounter";

/** Standard loop (BPMN 2.0 §13.3.6): the condition is looked at before each round, or after it. */
export function prepareLoop(run: Run, token: Token, node: Activity, loop: StandardLoopModel): Begin {
  const variables = { ...visibleVariables(run.scopes, token.scope), [counter]: 0 };
  const begins = !loop.testBefore || anotherRound(run, loop, 0, variables);
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    if (begins) openInstance(run, { element: node.id, parent: token.scope, host: token.id }, { [counter]: 0 });
    else finishActivity(run, token.id, null);
  };
}

export function goOnLooping(
  run: Run,
  node: Activity,
  loop: StandardLoopModel,
  instance: Scope,
  seen: Variables,
): (host: string, parent: string) => void {
  const done = Number(instance.variables[counter]) + 1;
  const again = anotherRound(run, loop, done, { ...seen, [counter]: done });
  return (host, parent) => {
    if (again) openInstance(run, { element: node.id, parent, host }, { [counter]: done });
    else finishActivity(run, host, null);
  };
}

function anotherRound(run: Run, loop: StandardLoopModel, done: number, variables: Variables): boolean {
  if (loop.maximum !== null && done >= loop.maximum) return false;
  return loop.condition === null || run.context.evaluator.holds(loop.condition, variables);
}
