import { readPolicy } from "../../approval/policy.ts";
import type { Json } from "../../expressions/json.ts";
import type { Problem } from "../../model/problems.ts";
import { literalOf } from "../compiled-table.ts";
import type { RouteOutput, RouteRow, RouteTable } from "../route-table.ts";
import { finding, tablePlace } from "./finding.ts";

/** The approval policy of a row, which its two cells make together, is one that a step can be signed by. */
export function checkPolicy(table: RouteTable, row: RouteRow): readonly Problem[] {
  const kind = cellOf(table, row, "approval");
  const parameters = cellOf(table, row, "approvalParameters");
  if (kind === null)
    return parameters === null
      ? []
      : [
          finding(
            "APPROVAL_MISSING",
            tablePlace(table, row.id, "approvalParameters"),
            "有审批方式的参数而无审批方式，请在同一行填写 approval，或清空参数",
            "there are parameters without a policy; give the approval in the same row, or leave them out",
          ),
        ];
  if (typeof kind !== "string") return [];
  const read = readPolicy(kind, parameters);
  if (read.ok) return [];
  const { code, message } = read.problem;
  const cell = code === "APPROVAL_UNKNOWN" ? "approval" : "approvalParameters";
  return [finding(code, tablePlace(table, row.id, cell), message.zh, message.en)];
}

function cellOf(table: RouteTable, row: RouteRow, output: RouteOutput): Json {
  const cell = row.values[table.outputs.indexOf(output)];
  return cell ? literalOf(cell) : null;
}
