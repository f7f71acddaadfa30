import {
  evaluateCondition,
  evaluateExpression,
  ExpressionError,
  type CompiledExpression,
} from "../../expressions/feel.ts";
import type { Json, Variables } from "../../expressions/json.ts";
import type { Evaluator } from "../../execution/evaluator.ts";
import type { ProcessModel } from "../../model/process-model.ts";

/** Stands for a value that only a real case knows. */
const unknown = "\u0000unknown";

/** What an expression must at least give for the run to go on, where its data are unknown. */
type Role = "collection" | "cardinality" | "date" | "duration" | "cycle" | "key" | "condition";

/**
 * Evaluates over the little that is known (the outcomes that were chosen) and takes every answer in turn where a condition
 * depends on anything else. One object serves one replay: `answers` are those to give, `options` counts those there were.
 */
export class UnknownData implements Evaluator {
  readonly #roles: ReadonlyMap<CompiledExpression, Role>;
  #answers: readonly number[] = [];
  #asked = 0;
  /** Event condition that becomes true in this step. */
  #comesTrue: CompiledExpression | null = null;

  constructor(models: readonly ProcessModel[]) {
    this.#roles = new Map(models.flatMap(rolesIn));
  }

  /** Begins a replay that gives these answers, and the first one where more are asked for. */
  begin(answers: readonly number[], comesTrue: CompiledExpression | null): void {
    this.#answers = answers;
    this.#asked = 0;
    this.#comesTrue = comesTrue;
  }

  /** Questions that were asked in this replay; each has two answers. */
  get asked(): number {
    return this.#asked;
  }

  value(expression: CompiledExpression, variables: Variables): Json {
    try {
      return evaluateExpression(expression, known(variables));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return substitute(this.#roles.get(expression) ?? null);
    }
  }

  holds(expression: CompiledExpression, variables: Variables): boolean {
    if (this.#roles.get(expression) === "condition") return expression === this.#comesTrue;
    try {
      return evaluateCondition(expression, known(variables));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const answer = this.#answers[this.#asked] ?? 0;
      this.#asked += 1;
      return answer === 0;
    }
  }
}

/** Variables whose value is known; one that may hold anything is as good as missing. */
function known(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null && value !== unknown));
}

function substitute(role: Role | null): Json {
  switch (role) {
    case "collection":
      return [unknown, unknown];
    case "cardinality":
      return 2;
    case "date":
      return "2100-01-01T00:00:00Z";
    case "duration":
      return "PT1H";
    case "cycle":
      return "R1/PT1H";
    case "key":
    case "condition":
    case null:
      return unknown;
  }
}

function rolesIn(model: ProcessModel): readonly (readonly [CompiledExpression, Role])[] {
  return [...model.elements.values()].flatMap((node) => {
    const roles: [CompiledExpression | null, Role][] = [];
    if ("multiInstance" in node) {
      roles.push([node.multiInstance?.collection ?? null, "collection"]);
      roles.push([node.multiInstance?.cardinality ?? null, "cardinality"]);
    }
    for (const definition of "definitions" in node ? node.definitions : []) {
      if (definition.type === "conditional") roles.push([definition.condition, "condition"]);
      if (definition.type === "message") roles.push([definition.message.subscriptionKey, "key"]);
      if (definition.type === "timer" && definition.timer !== "clock" && typeof definition.value !== "string")
        roles.push([definition.value, definition.timer]);
    }
    return roles.flatMap(([expression, role]) => (expression === null ? [] : [[expression, role] as const]));
  });
}
