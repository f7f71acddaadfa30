import { evaluate, parseExpression } from "feelin";
import type { Json, Variables } from "./json.ts";
import { Memo } from "./memo.ts";

/** A FEEL expression that was parsed and fenced when the definition was compiled. */
export interface CompiledExpression {
  readonly source: string;
}

export type ExpressionErrorCode =
  | "EXPRESSION_EMPTY"
  | "EXPRESSION_SYNTAX"
  | "EXPRESSION_FUNCTION_FORBIDDEN"
  | "EXPRESSION_LANGUAGE_UNSUPPORTED"
  | "EXPRESSION_RANGE_TOO_LONG"
  | "EXPRESSION_WARNING"
  /** The expression needs data that is not there (yet). */
  | "EXPRESSION_DATA_MISSING"
  | "EXPRESSION_FAILED"
  | "EXPRESSION_NOT_BOOLEAN"
  | "EXPRESSION_NOT_JSON";

export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly code: ExpressionErrorCode;
  readonly source: string;
  constructor(code: ExpressionErrorCode, source: string, message: string) {
    super(message);
    this.code = code;
    this.source = source;
  }
}

/**
 * Functions that a process may not call: the three that run a regular expression of unbounded cost, and the two that would
 * read the host's clock and time zone and so make a replay differ.
 */
const forbiddenFunctions: ReadonlySet<string> = new Set(["matches", "replace", "split", "now", "today"]);

const longestExpression = 2_000;

/**
 * Iterations cost time and memory by the product of their ranges: together they may come to this many rounds, and each end
 * has to be written as a number, because a variable could hold any.
 */
const mostRounds = 1_000;

/** Rounds of a range that is iterated over, such as `1..12`; infinite where an end is not a number. */
function roundsOf(range: string): number {
  const [, from, to] = /^[[\]()]?\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*[[\]()]?$/.exec(range.trim()) ?? [];
  return from === undefined || to === undefined ? Infinity : Math.abs(Number(to) - Number(from)) + 1;
}

/** Brackets within brackets: the parser descends into each, and its stack ends somewhere beyond a thousand. */
const deepestExpression = 50;

function nestingOf(text: string): number {
  let [open, deepest] = [0, 0];
  for (const character of text) {
    if ("([{".includes(character)) open += 1;
    if (")]}".includes(character)) open -= 1;
    deepest = Math.max(deepest, open);
  }
  return deepest;
}

/** Parses `source` once and refuses what must not run. Throws `ExpressionError`. */
export function compileExpression(source: string): CompiledExpression {
  const text = source.trim();
  if (text === "") throw new ExpressionError("EXPRESSION_EMPTY", source, "the expression is empty");
  if (text.length > longestExpression) {
    throw new ExpressionError(
      "EXPRESSION_SYNTAX",
      source,
      `the expression has ${text.length} characters; ${longestExpression} is the most`,
    );
  }
  if (text.includes("${") || text.includes("#{")) {
    throw new ExpressionError(
      "EXPRESSION_LANGUAGE_UNSUPPORTED",
      source,
      "expressions are FEEL; `${…}` is of another engine",
    );
  }
  if (nestingOf(text) > deepestExpression) {
    throw new ExpressionError(
      "EXPRESSION_SYNTAX",
      source,
      `brackets are nested more than ${deepestExpression} deep; split the expression`,
    );
  }
  let rounds = 1;
  parseExpression(text, {}, undefined).iterate({
    enter(node) {
      const part = text.slice(node.from, node.to);
      if (node.type.isError) {
        throw new ExpressionError(
          "EXPRESSION_SYNTAX",
          source,
          `FEEL does not parse near “${text.slice(Math.max(0, node.from - 12), node.to + 12)}”`,
        );
      }
      if (node.name === "IterationContext" && part.includes("..")) rounds *= roundsOf(part);
      if (rounds > mostRounds) {
        throw new ExpressionError(
          "EXPRESSION_RANGE_TOO_LONG",
          source,
          `an iteration over ${part} may take more than ${mostRounds} rounds; iterate over a list, or over a range of two numbers`,
        );
      }
      if (node.name === "VariableName" && forbiddenFunctions.has(part) && /^\s*\(/.test(text.slice(node.to))) {
        throw new ExpressionError(
          "EXPRESSION_FUNCTION_FORBIDDEN",
          source,
          `the function ${part}() may not be used here`,
        );
      }
    },
  });
  return { source: text };
}

/**
 * Value of a compiled expression over `variables`. Any warning of the evaluator (an unknown variable, an addition of text
 * and number) throws `ExpressionError`: a silent `null` would be a wrong route.
 */
export function evaluateExpression(expression: CompiledExpression, variables: Variables): Json {
  const known = memos.get(expression) ?? new Memo(expression.source);
  memos.set(expression, known);
  return known.get(variables, () => evaluateAnew(expression, variables));
}

/** Names that an expression reads from its surroundings, members of contexts and names bound within it not counted. */
export function namesRead(expression: CompiledExpression): readonly string[] {
  const names = new Set<string>();
  const bound = new Set<string>();
  parseExpression(expression.source, {}, undefined).iterate({
    enter(node) {
      if (node.name === "Name" && node.node.parent?.name === "InExpression")
        bound.add(expression.source.slice(node.from, node.to));
      if (node.name !== "VariableName") return;
      const after = expression.source.slice(node.to);
      const before = expression.source.slice(0, node.from);
      if (/^\s*\(/.test(after) || /\.\s*$/.test(before)) return;
      names.add(expression.source.slice(node.from, node.to));
    },
  });
  return [...names].filter((name) => !bound.has(name));
}

const memos = new WeakMap<CompiledExpression, Memo>();

function evaluateAnew(expression: CompiledExpression, variables: Variables): Json {
  const result = evaluateFenced(expression, variables);
  const warning = result.warnings[0];
  if (warning) {
    const code = dataMissing.has(warning.type) ? "EXPRESSION_DATA_MISSING" : "EXPRESSION_WARNING";
    throw new ExpressionError(code, expression.source, warning.message);
  }
  return toJson(result.value, expression);
}

/** Warnings of the evaluator for a variable or an entry that does not exist. */
const dataMissing: ReadonlySet<string> = new Set(["NO_VARIABLE_FOUND", "NO_CONTEXT_ENTRY_FOUND"]);

/** Like `evaluateExpression`, for conditions: anything but true or false throws. */
export function evaluateCondition(expression: CompiledExpression, variables: Variables): boolean {
  const value = evaluateExpression(expression, variables);
  if (value === null)
    throw new ExpressionError("EXPRESSION_DATA_MISSING", expression.source, "the condition gave null: data is missing");
  if (typeof value !== "boolean") {
    throw new ExpressionError(
      "EXPRESSION_NOT_BOOLEAN",
      expression.source,
      `the condition gave ${JSON.stringify(value)}, not true or false`,
    );
  }
  return value;
}

function evaluateFenced(expression: CompiledExpression, variables: Variables) {
  try {
    return evaluate(expression.source, variables);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError("EXPRESSION_FAILED", expression.source, reason);
  }
}

function toJson(value: unknown, expression: CompiledExpression): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => toJson(item, expression));
  if (typeof value === "object") {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Object.prototype || proto === null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item, expression)]));
    }
    // FEEL's dates, times and durations become their ISO text, so that state stays plain JSON.
    const text = JSON.stringify(value);
    if (text?.startsWith('"')) return text.slice(1, -1);
  }
  throw new ExpressionError("EXPRESSION_NOT_JSON", expression.source, "the value cannot be kept as JSON");
}
