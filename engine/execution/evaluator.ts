import { evaluateCondition, evaluateExpression, type CompiledExpression } from "../expressions/feel.ts";
import type { Json, Variables } from "../expressions/json.ts";

/** How a run gets the values of its expressions: FEEL, or, where all ways are explored, every answer in turn. */
export interface Evaluator {
  /** Throws `ExpressionError`. */
  value(expression: CompiledExpression, variables: Variables): Json;
  /** Throws `ExpressionError`, also for anything but true and false. */
  holds(expression: CompiledExpression, variables: Variables): boolean;
}

export const feel: Evaluator = { value: evaluateExpression, holds: evaluateCondition };
