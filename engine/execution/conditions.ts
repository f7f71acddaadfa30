import { ExpressionError } from "../expressions/feel.ts";
import type { CompiledExpression } from "../expressions/feel.ts";
import { answerWait } from "./answer.ts";
import { guarded } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { ConditionWait } from "./state.ts";
import { visibleVariables } from "./variables.ts";

/** Looks at every condition that is waited for: one that has become true happens (BPMN 2.0 §10.5.5, conditional event). */
export function answerConditions(run: Run): void {
  run.conditionsDue = false;
  // Those that open meanwhile make conditions due anew.
  for (const wait of run.waitsOfType("condition")) {
    if (run.waits.has(wait.id) && run.token(wait.token).at !== "incident")
      guarded(run, wait.token, "condition", () => look(run, wait));
  }
}

function look(run: Run, wait: ConditionWait): void {
  const { scope } = run.token(wait.token);
  const node = run.nodeIn(scope, wait.element);
  const definition = "definitions" in node ? node.definitions[wait.definition] : undefined;
  if (definition?.type !== "conditional")
    throw new Error(`${wait.element} waits for a condition that it does not have`);
  const holds = holdsYet(run, definition.condition, scope);
  if (holds && !wait.met) answerWait(run, wait, {});
  else if (holds !== wait.met) run.putWait({ ...wait, met: holds });
}

/** A condition about data that is not there yet does not hold yet: waiting for it is what the event is for. */
function holdsYet(run: Run, condition: CompiledExpression, scope: string): boolean {
  try {
    return run.context.evaluator.holds(condition, visibleVariables(run.scopes, scope));
  } catch (error) {
    if (error instanceof ExpressionError && error.code === "EXPRESSION_DATA_MISSING") return false;
    throw error;
  }
}
