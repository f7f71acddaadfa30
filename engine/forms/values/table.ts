import type { Json } from "../../expressions/json.ts";
import type { FormProblem, TableField } from "../form.ts";
import { checkValue } from "./check-value.ts";
import { invalid, isEmpty, problemAt, refuse, type Checked, type Site } from "./checked.ts";

/** Rows of typed columns. Each fault is told at its cell: `form.staff.2.name`, rows counted from 1. */
export function checkTable(field: TableField, value: unknown, site: Site): Checked {
  if (!Array.isArray(value)) return invalid(field, site);
  if (value.length < field.minRows || value.length > field.maxRows)
    return refuse("ROWS_OUT_OF_RANGE", field, site, (name) => [
      `${name}须有 ${field.minRows} 至 ${field.maxRows} 行`,
      `${name} has ${field.minRows} to ${field.maxRows} rows`,
    ]);
  const problems: FormProblem[] = [];
  const rows = value.map((row: unknown, index) => {
    const checked = checkRow(field, row, { ...site, place: `${site.place}.${index + 1}` });
    problems.push(...checked.problems);
    return checked.kept;
  });
  problems.push(...sameKeys(field, rows, site));
  return problems.length > 0 ? { problems } : { value: rows };
}

function checkRow(field: TableField, row: unknown, site: Site) {
  const problems: FormProblem[] = [];
  const kept: Record<string, Json> = {};
  if (typeof row !== "object" || row === null || Array.isArray(row))
    return {
      kept,
      problems: [
        problemAt("FIELD_INVALID", site.place, field, (name) => [
          `${name}的行不符合要求`,
          `A row of ${name} is not valid`,
        ]),
      ],
    };
  const cells = new Map(Object.entries(row));
  for (const column of field.columns) {
    const place = `${site.place}.${column.key}`;
    const value = cells.get(column.key);
    cells.delete(column.key);
    if (isEmpty(column, value)) {
      if (column.required)
        problems.push(problemAt("FIELD_MISSING", place, column, (name) => [`请填写${name}`, `Fill in ${name}`]));
      continue;
    }
    const checked = checkValue(column, value, { ...site, place });
    if ("problems" in checked) problems.push(...checked.problems);
    else kept[column.key] = checked.value;
  }
  for (const key of cells.keys())
    problems.push({
      code: "FIELD_UNKNOWN",
      place: `${site.place}.${key}`,
      message: { zh: `表格没有列 ${key}`, en: `The table has no column ${key}` },
    });
  return { kept, problems };
}

/** Two rows of the same key would be one row twice. */
function sameKeys(
  field: TableField,
  rows: readonly Readonly<Record<string, Json>>[],
  site: Site,
): readonly FormProblem[] {
  const { rowKey } = field;
  if (rowKey === null) return [];
  const keys = rows.map((row) => JSON.stringify(row[rowKey] ?? null));
  return keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? [
          problemAt("ROW_TWICE", `${site.place}.${index + 1}`, field, (name) => [
            `${name}有重复的行`,
            `${name} has the same row twice`,
          ]),
        ]
      : [],
  );
}
