import type { Forbiddable, Forbidding } from "../../engine/approval/operations.ts";
import type { RouteExplanation } from "../../engine/routing/types.ts";
import { optionalText } from "../store/rows.ts";
import type { Row } from "../store/store.ts";

type Explained = Pick<RouteExplanation, "rows">;

/** What is taken away from a task, each with the rule that does so: the row of a route table, else the process itself. */
export function forbiddenAt(task: Row): readonly Forbidding[] {
  const names = (optionalText(task, "forbidden") ?? "").split(" ").filter((name) => name !== "");
  if (names.length === 0) return [];
  const rows = explainedRows(task);
  return names.map((operation) => ({ operation, by: ruleThatForbids(operation, rows) }));
}

/** The rule that takes one operation away from a task; `undefined` where none does. */
export function forbiddingOf(task: Row, operation: Forbiddable): Forbidding | undefined {
  return forbiddenAt(task).find((found) => found.operation === operation);
}

/** What the route tables take away from a task, whatever the process does. */
export function forbiddenByRoute(task: Row): readonly string[] {
  return explainedRows(task).flatMap(({ gave }) => {
    const { forbids } = gave;
    return Array.isArray(forbids) ? forbids.filter((name): name is string => typeof name === "string") : [];
  });
}

function explainedRows(task: Row): Explained["rows"] {
  const explanation = optionalText(task, "explanation");
  return explanation === null ? [] : (JSON.parse(explanation) as Explained).rows;
}

function ruleThatForbids(operation: string, rows: Explained["rows"]): Forbidding["by"] {
  const found = rows.find(({ gave }) => Array.isArray(gave["forbids"]) && gave["forbids"].includes(operation));
  if (!found) return { zh: "流程设计的规定", en: "by the design of the process" };
  const { region, table, version, row } = found;
  return {
    zh: `${region} 路由表 ${table}（${version}）第 ${row} 行的规定`,
    en: `by row ${row} of the route table ${table} (${version}) of ${region}`,
  };
}
