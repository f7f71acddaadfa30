import { DmnModdle } from "dmn-moddle";
import { unaryTest } from "feelin";
import {
  compileExpression,
  evaluateExpression,
  ExpressionError,
  type CompiledExpression,
} from "../expressions/feel.ts";
import type { Json, Variables } from "../expressions/json.ts";
import { RouteError } from "./errors.ts";
import type { MatchedCondition } from "./types.ts";

/** A region's route table for one process: a DMN 1.3 decision table with hit policy FIRST. */
export interface RouteTable {
  readonly id: string;
  readonly process: string;
  readonly region: string;
  readonly version: string;
  readonly inputs: readonly { readonly label: string; readonly expression: CompiledExpression }[];
  readonly outputs: readonly string[];
  readonly rows: readonly RouteRow[];
}

export interface RouteRow {
  readonly id: string;
  readonly description: string | null;
  /** FEEL unary tests by input; `null` matches anything. */
  readonly tests: readonly (string | null)[];
  /** FEEL values by output; an empty cell inherits from the layer above. */
  readonly values: readonly (CompiledExpression | null)[];
}

/** Outputs that a route table may set. */
export const routeOutputs = ["perform", "role", "limit", "value"] as const;

interface DmnElement {
  readonly $type: string;
  readonly id?: string;
  readonly [property: string]: unknown;
}

/** Reads a DMN file. `place` names the file in errors. Throws `RouteError` with the row and cell at fault. */
export async function parseRouteTable(
  xml: string,
  identity: Pick<RouteTable, "process" | "region" | "version">,
  place: string,
): Promise<RouteTable> {
  const { rootElement, warnings } = await readDmn(xml, place);
  if (warnings[0]) throw unreadable(place, warnings[0].message);
  const decision = list(element(rootElement)?.["drgElement"]).find(({ $type }) => $type === "dmn:Decision");
  const table = element(decision?.["decisionLogic"]);
  if (!decision || table?.$type !== "dmn:DecisionTable") throw unreadable(place, "the file holds no decision table");
  const hitPolicy = table["hitPolicy"];
  if (hitPolicy !== "FIRST")
    throw unreadable(
      place,
      `the hit policy is ${typeof hitPolicy === "string" ? hitPolicy : "UNIQUE"}; route tables are FIRST`,
    );
  const outputs = list(table["output"]).map((output) => text(output["name"]) ?? "");
  const foreign = outputs.find((name) => !(routeOutputs as readonly string[]).includes(name));
  if (foreign !== undefined) throw unreadable(place, `the output “${foreign}” is none of ${routeOutputs.join(", ")}`);
  return {
    ...identity,
    id: decision.id ?? place,
    inputs: list(table["input"]).map((input) => {
      const source = text(element(input["inputExpression"])?.["text"]) ?? "";
      return { label: text(input["label"]) ?? source, expression: compileCell(source, place, "input") };
    }),
    outputs,
    rows: list(table["rule"]).map((rule, index) => parseRow(rule, `${place}#${rule.id ?? index + 1}`)),
  };
}

async function readDmn(xml: string, place: string) {
  try {
    return await new DmnModdle().fromXML(xml);
  } catch (error) {
    throw unreadable(place, error instanceof Error ? error.message : String(error));
  }
}

function parseRow(rule: DmnElement, place: string): RouteRow {
  return {
    id: rule.id ?? place,
    description: text(rule["description"]),
    tests: list(rule["inputEntry"]).map((entry) => {
      const test = text(entry["text"]);
      if (test === null || test === "-") return null;
      // Compiled only to fence it: a unary test is evaluated as one, with `?` for the input's value.
      if (/\b(matches|replace|split|now|today)\s*\(/.test(test))
        throw unreadable(place, `the condition “${test}” calls a function that is not allowed`);
      return test;
    }),
    values: list(rule["outputEntry"]).map((entry) => {
      const value = text(entry["text"]);
      return value === null || value === "-" ? null : compileCell(value, place, "output");
    }),
  };
}

function compileCell(source: string, place: string, cell: string): CompiledExpression {
  try {
    return compileExpression(source);
  } catch (error) {
    if (error instanceof ExpressionError) throw unreadable(place, `the ${cell} cell “${source}”: ${error.message}`);
    throw error;
  }
}

function unreadable(place: string, message: string): RouteError {
  return new RouteError(
    "TABLE_UNREADABLE",
    place,
    { zh: `路由表不符合要求：${message}`, en: `the route table is not valid: ${message}` },
    { zh: "请更正所列的行或单元格", en: "Correct the row or cell that is named" },
  );
}

export interface RowMatch {
  readonly row: RouteRow;
  readonly conditions: readonly MatchedCondition[];
  readonly gave: Readonly<Record<string, Json>>;
}

/** The first row that matches, with the conditions that made it match. Any warning of the evaluator throws `RouteError`. */
export function firstMatch(table: RouteTable, facts: Variables): RowMatch | null {
  const values = table.inputs.map(({ expression, label }) => valueOf(expression, facts, `${table.id} input ${label}`));
  for (const row of table.rows) {
    const conditions = matchRow(table, row, values, facts);
    if (conditions) return { row, conditions, gave: outputsOf(table, row, facts) };
  }
  return null;
}

function matchRow(
  table: RouteTable,
  row: RouteRow,
  values: readonly Json[],
  facts: Variables,
): readonly MatchedCondition[] | null {
  const conditions: MatchedCondition[] = [];
  for (const [index, test] of row.tests.entries()) {
    if (test === null) continue;
    const value = values[index] ?? null;
    const result = unaryTest(test, { ...facts, "?": value });
    if (result.warnings[0])
      throw new RouteError(
        "CONDITION_FAILED",
        `${table.id} row ${row.id}`,
        {
          zh: `条件“${test}”无法判断：${result.warnings[0].message}`,
          en: `the condition “${test}”: ${result.warnings[0].message}`,
        },
        { zh: "请更正条件或补充事实", en: "Correct the condition or supply the fact" },
      );
    if (result.value !== true) return null;
    conditions.push({ dimension: table.inputs[index]?.label ?? "", test, value });
  }
  return conditions;
}

function outputsOf(table: RouteTable, row: RouteRow, facts: Variables): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    table.outputs.flatMap((name, index) => {
      const cell = row.values[index];
      return cell ? [[name, valueOf(cell, facts, `${table.id} row ${row.id} output ${name}`)]] : [];
    }),
  );
}

function valueOf(expression: CompiledExpression, facts: Variables, place: string): Json {
  try {
    return evaluateExpression(expression, facts);
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new RouteError(
        "CONDITION_FAILED",
        place,
        { zh: `“${error.source}”：${error.message}`, en: `“${error.source}”: ${error.message}` },
        { zh: "请更正单元格或补充事实", en: "Correct the cell or supply the fact" },
      );
    throw error;
  }
}

function element(value: unknown): DmnElement | null {
  return typeof value === "object" && value !== null && "$type" in value ? (value as DmnElement) : null;
}
function list(value: unknown): readonly DmnElement[] {
  return Array.isArray(value) ? value.map(element).filter((item) => item !== null) : [];
}
function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
