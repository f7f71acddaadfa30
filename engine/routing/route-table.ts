import { DmnModdle } from "dmn-moddle";
import { parseUnaryTests } from "feelin";
import { compileExpression, ExpressionError, type CompiledExpression } from "../expressions/feel.ts";
import { RouteError } from "./errors.ts";

/** A region's route table for one process: a DMN 1.3 decision table with hit policy FIRST. Plain data: kept with the cases. */
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

/** Outputs that a route table may set, with the kind of value that each holds. */
export const routeOutputs = {
  perform: "boolean",
  at: "position",
  level: "level",
  role: "text",
  limit: "text",
  value: "number",
  approval: "text",
  approvalParameters: "context",
  forbids: "operations",
  addSteps: "steps",
  onOverdue: "onOverdue",
} as const;
export type RouteOutput = keyof typeof routeOutputs;

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
  const foreign = outputs.find((name) => !Object.hasOwn(routeOutputs, name));
  if (foreign !== undefined)
    throw unreadable(place, `the output “${foreign}” is none of ${Object.keys(routeOutputs).join(", ")}`);
  const inputs = list(table["input"]).map((input) => {
    const source = text(element(input["inputExpression"])?.["text"]) ?? "";
    return { label: text(input["label"]) ?? source, expression: compileCell(source, place, "input") };
  });
  const rules = list(table["rule"]);
  requireUniqueRows(rules, place);
  return {
    ...identity,
    id: decision.id ?? place,
    inputs,
    outputs,
    rows: rules.map((rule, index) =>
      parseRow(rule, `${place}#${rule.id ?? index + 1}`, { inputs: inputs.length, outputs: outputs.length }),
    ),
  };
}

async function readDmn(xml: string, place: string) {
  try {
    return await new DmnModdle().fromXML(xml);
  } catch (error) {
    throw unreadable(place, error instanceof Error ? error.message : String(error));
  }
}

function requireUniqueRows(rules: readonly DmnElement[], place: string): void {
  const ids = rules.map((rule) => rule.id);
  const twice = ids.find((id, index) => id !== undefined && ids.indexOf(id) !== index);
  if (twice !== undefined) throw unreadable(`${place}#${twice}`, "two rows have this id");
}

function parseRow(rule: DmnElement, place: string, width: { inputs: number; outputs: number }): RouteRow {
  const tests = list(rule["inputEntry"]).map((entry) => parseTest(text(entry["text"]), place));
  const values = list(rule["outputEntry"]).map((entry) => {
    const value = text(entry["text"]);
    return value === null || value === "-" ? null : compileCell(value, place, "output");
  });
  if (tests.length !== width.inputs || values.length !== width.outputs)
    throw unreadable(
      place,
      `the row has ${tests.length} conditions and ${values.length} outputs; the table has ${width.inputs} and ${width.outputs}`,
    );
  return { id: rule.id ?? place, description: text(rule["description"]), tests, values };
}

/** A condition is fenced as expressions are, and parsed here so that a slip is found when the table is read. */
function parseTest(test: string | null, place: string): string | null {
  if (test === null || test === "-") return null;
  if (/\b(matches|replace|split|now|today)\s*\(/.test(test))
    throw unreadable(place, `the condition “${test}” calls a function that is not allowed`);
  parseUnaryTests(test, {}, undefined).iterate({
    enter(node) {
      if (node.type.isError) throw unreadable(place, `the condition “${test}” is not a FEEL unary test`);
    },
  });
  return test;
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

function element(value: unknown): DmnElement | null {
  return typeof value === "object" && value !== null && "$type" in value ? (value as DmnElement) : null;
}
function list(value: unknown): readonly DmnElement[] {
  return Array.isArray(value) ? value.map(element).filter((item) => item !== null) : [];
}
function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
