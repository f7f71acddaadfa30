import { unaryTest } from "feelin";
import { evaluateExpression, ExpressionError, type CompiledExpression } from "../expressions/feel.ts";
import type { Json } from "../expressions/json.ts";
import { acceptedValues, namedSteps } from "./cell-sets.ts";
import { dimensionOf, stepKey, wholeCase } from "./dimensions.ts";
import { RouteError } from "./errors.ts";
import { dimensionValue, type Facts } from "./facts.ts";
import type { RouteRow, RouteTable } from "./route-table.ts";
import type { MatchedCondition } from "./types.ts";

/** Rows as a bitmap, 32 to a word: row `n` is bit `n % 32` of word `n / 32`. */
type RowSet = Uint32Array;

/** An input over a closed vocabulary: the rows that each of its values leaves possible. */
interface ClosedInput {
  readonly key: string;
  readonly index: number;
  readonly rowsByValue: ReadonlyMap<Json, RowSet>;
  /** For the step alone: rows that any step not named in the column leaves possible. */
  readonly rowsOtherwise: RowSet | null;
}

/** A condition that only FEEL can decide. */
interface OpenTest {
  readonly index: number;
  readonly test: string;
}

/** What a row gives for one output: a value known beforehand, or an expression over the case's data. */
export type Given =
  | { readonly type: "value"; readonly output: string; readonly value: Json }
  | { readonly type: "expression"; readonly output: string; readonly expression: CompiledExpression };

export interface CompiledTable {
  readonly table: RouteTable;
  readonly closed: readonly ClosedInput[];
  readonly openByRow: readonly (readonly OpenTest[])[];
  readonly gives: readonly (readonly Given[])[];
  readonly all: RowSet;
  /** Some row is about the whole case and adds steps. */
  readonly addsSteps: boolean;
}

/**
 * Turns each condition over a closed vocabulary into bitmaps once, so that a step is looked up by a few words ANDed together;
 * only what is left (expressions over other data of the case) is evaluated as FEEL.
 */
export function compileTable(table: RouteTable): CompiledTable {
  const inputs = table.inputs.map(({ expression }, index) => compileInput(table, expression.source, index));
  const closedAt = new Set(inputs.flatMap((input) => (input.closed ? [input.closed.index] : [])));
  const gives = table.rows.map((row) => givenBy(table, row));
  return {
    table,
    // A column that no row asks about decides nothing, and a case need not tell it.
    closed: inputs.flatMap(({ closed }) =>
      closed && table.rows.some((row) => (row.tests[closed.index] ?? null) !== null) ? [closed] : [],
    ),
    openByRow: table.rows.map((row, at) =>
      row.tests.flatMap((test, index) =>
        test !== null && (!closedAt.has(index) || inputs[index]?.openRows.has(at)) ? [{ index, test }] : [],
      ),
    ),
    gives,
    all: rowSet(table.rows.length, () => true),
    addsSteps: gives.some((given) => given.some(({ output }) => output === "addSteps")),
  };
}

interface CompiledInput {
  readonly closed: ClosedInput | null;
  /** Rows whose condition in this column needs FEEL although the input is closed. */
  readonly openRows: ReadonlySet<number>;
}

function compileInput(table: RouteTable, key: string, index: number): CompiledInput {
  const dimension = dimensionOf(key);
  if (key !== stepKey && !dimension) return { closed: null, openRows: new Set() };
  const tests = table.rows.map((row) => row.tests[index] ?? null);
  const values: readonly Json[] = dimension?.values.map(({ value }) => value) ?? [
    ...new Set([wholeCase, ...tests.flatMap((test) => (test === null ? [] : (namedSteps(test) ?? [])))]),
  ];
  const isStep = dimension === null;
  const accepted = tests.map((test) => {
    if (test === null) return null;
    if (isStep && namedSteps(test) === null) return "open" as const;
    return acceptedValues(test, isStep ? [...values, unnamedStep] : values) ?? ("open" as const);
  });
  const accepts = (row: number, at: number) => {
    const set = accepted[row] ?? null;
    return set === null || set === "open" || set[at] === true;
  };
  return {
    closed: {
      key,
      index,
      rowsByValue: new Map(values.map((value, at) => [value, rowSet(tests.length, (row) => accepts(row, at))])),
      rowsOtherwise: isStep ? rowSet(tests.length, (row) => accepts(row, values.length)) : null,
    },
    openRows: new Set(accepted.flatMap((set, row) => (set === "open" ? [row] : []))),
  };
}

/** Stands for every step that a column does not name; no step can bear this name. */
export const unnamedStep = "\u0000";

function rowSet(size: number, has: (row: number) => boolean): RowSet {
  const words = new Uint32Array(Math.ceil(size / 32));
  for (let row = 0; row < size; row += 1) if (has(row)) words[row >> 5] = (words[row >> 5] ?? 0) | (1 << (row & 31));
  return words;
}

function givenBy(table: RouteTable, row: RouteRow): readonly Given[] {
  return table.outputs.flatMap((output, index): Given[] => {
    const cell = row.values[index] ?? null;
    if (cell === null) return [];
    const value = literalOf(cell);
    return value === null ? [{ type: "expression", output, expression: cell }] : [{ type: "value", output, value }];
  });
}

/** The value of a cell that asks for no data, which is nearly every cell; `null` for one that must be evaluated. */
export function literalOf(cell: CompiledExpression): Json {
  try {
    return evaluateExpression(cell, {});
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

export interface RowMatch {
  readonly row: RouteRow;
  readonly conditions: readonly MatchedCondition[];
  readonly gave: Readonly<Record<string, Json>>;
}

/** The first row that matches, with the conditions that made it match. Any warning of the evaluator throws `RouteError`. */
export function firstMatch(compiled: CompiledTable, facts: Facts): RowMatch | null {
  const untold: ClosedInput[] = [];
  const sets: RowSet[] = [];
  for (const input of compiled.closed) {
    const rows = possibleRows(compiled.table, input, facts);
    if (rows) sets.push(rows);
    else untold.push(input);
  }
  for (let word = 0; word < compiled.all.length; word += 1) {
    let bits = compiled.all[word] ?? 0;
    for (const set of sets) bits &= set[word] ?? 0;
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits & -bits);
      const at = word * 32 + bit;
      // Everything told leaves this row possible: only now must the case tell what else the row asks.
      for (const { key, index } of untold)
        if (typeof compiled.table.rows[at]?.tests[index] === "string") dimensionValue(facts, key);
      if (passesOpenTests(compiled, at, facts)) return describeMatch(compiled, at, facts);
      bits &= bits - 1;
    }
  }
  return null;
}

/** `null` when the case does not tell the dimension. */
function possibleRows(table: RouteTable, input: ClosedInput, facts: Facts): RowSet | null {
  const { key, rowsByValue, rowsOtherwise } = input;
  if (rowsOtherwise) return rowsByValue.get(facts.step) ?? rowsOtherwise;
  const value = facts.dimensions.get(key);
  if (value === undefined) return null;
  const rows = rowsByValue.get(value);
  if (rows) return rows;
  throw failed(`${table.id} input ${key}`, `“${String(value)}”`, {
    zh: "该值不在此维度的取值范围内",
    en: "this value is not in the vocabulary of the dimension",
  });
}

function passesOpenTests(compiled: CompiledTable, at: number, facts: Facts): boolean {
  return (compiled.openByRow[at] ?? []).every(({ index, test }) => {
    const value = inputValue(compiled, index, facts);
    const result = unaryTest(test, { ...facts.scope(), "?": value });
    const warning = result.warnings[0];
    if (warning)
      throw failed(`${compiled.table.id} row ${compiled.table.rows[at]?.id ?? at}`, test, {
        zh: warning.message,
        en: warning.message,
      });
    return result.value === true;
  });
}

function inputValue(compiled: CompiledTable, index: number, facts: Facts): Json {
  const input = compiled.table.inputs[index];
  if (!input) return null;
  const key = input.expression.source;
  if (key === stepKey) return facts.step;
  if (dimensionOf(key)) return dimensionValue(facts, key);
  return valueOf(input.expression, facts, `${compiled.table.id} input ${input.label}`);
}

function describeMatch(compiled: CompiledTable, at: number, facts: Facts): RowMatch | null {
  const { table } = compiled;
  const row = table.rows[at];
  if (!row) return null;
  const gave: Record<string, Json> = {};
  for (const given of compiled.gives[at] ?? [])
    gave[given.output] =
      given.type === "value"
        ? given.value
        : valueOf(given.expression, facts, `${table.id} row ${row.id} output ${given.output}`);
  const conditions = row.tests.flatMap((test, index) =>
    test === null
      ? []
      : [{ dimension: table.inputs[index]?.label ?? "", test, value: inputValue(compiled, index, facts) }],
  );
  return { row, conditions, gave };
}

function valueOf(expression: CompiledExpression, facts: Facts, place: string): Json {
  try {
    return evaluateExpression(expression, facts.scope());
  } catch (error) {
    if (error instanceof ExpressionError) throw failed(place, error.source, { zh: error.message, en: error.message });
    throw error;
  }
}

function failed(place: string, what: string, why: { zh: string; en: string }): RouteError {
  return new RouteError(
    "CONDITION_FAILED",
    place,
    { zh: `${what} 无法判断：${why.zh}`, en: `${what} cannot be decided: ${why.en}` },
    { zh: "请更正单元格或补充事实", en: "Correct the cell or supply the fact" },
  );
}
