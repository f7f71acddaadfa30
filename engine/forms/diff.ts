import type { Json } from "../expressions/json.ts";
import { fieldsOf, type Bilingual, type Field, type Form, type TableField } from "./form.ts";

type Values = Readonly<Record<string, Json>>;

/** What became of a field between two versions of a form's values. */
export type FieldChange =
  | {
      readonly type: "added" | "removed" | "changed";
      readonly key: string;
      readonly label: Bilingual;
      readonly before: Json;
      readonly after: Json;
    }
  | { readonly type: "rows"; readonly key: string; readonly label: Bilingual; readonly rows: readonly RowChange[] };

/** What became of one row of a table. `row` names it: by its key column, else by its place counted from 1. */
export interface RowChange {
  readonly type: "added" | "removed" | "changed";
  readonly row: string;
  readonly cells: readonly FieldChange[];
}

/**
 * Field by field, what `after` says otherwise than `before`, in the order and with the labels of the form. Fields that the form
 * does not have are not compared: nobody could read what they mean.
 */
export function formDiff(form: Form, before: Values, after: Values): readonly FieldChange[] {
  return changesOf(fieldsOf(form.components), before, after);
}

function changesOf(fields: readonly Field[], before: Values, after: Values): readonly FieldChange[] {
  return fields.flatMap((field): readonly FieldChange[] => {
    const [was, is] = [before[field.key] ?? null, after[field.key] ?? null];
    if (same(was, is)) return [];
    if (field.kind === "table") {
      const rows = rowChanges(field, rowsOf(was), rowsOf(is));
      return rows.length > 0 ? [{ type: "rows", key: field.key, label: field.label, rows }] : [];
    }
    const type = empty(was) ? "added" : empty(is) ? "removed" : "changed";
    return [{ type, key: field.key, label: field.label, before: was, after: is }];
  });
}

function rowChanges(table: TableField, before: readonly Values[], after: readonly Values[]): readonly RowChange[] {
  const nameOf = (row: Values, index: number) =>
    table.rowKey === null ? String(index + 1) : textOf(row[table.rowKey]);
  const was = new Map(before.map((row, index) => [nameOf(row, index), row]));
  const is = new Map(after.map((row, index) => [nameOf(row, index), row]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((row): readonly RowChange[] => {
    const cells = changesOf(table.columns, was.get(row) ?? {}, is.get(row) ?? {});
    if (!is.has(row)) return [{ type: "removed", row, cells }];
    if (!was.has(row)) return [{ type: "added", row, cells }];
    return cells.length > 0 ? [{ type: "changed", row, cells }] : [];
  });
}

function rowsOf(value: Json): readonly Values[] {
  return Array.isArray(value)
    ? value.filter((row): row is Values => typeof row === "object" && row !== null && !Array.isArray(row))
    : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function empty(value: Json): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Equal as data; lists of choices are equal in any order, since ticking them in another order changes nothing. */
function same(left: Json, right: Json): boolean {
  if (empty(left) && empty(right)) return true;
  return canonical(left) === canonical(right);
}

function canonical(value: Json): string {
  if (Array.isArray(value)) {
    const parts = value.map(canonical);
    return `[${(value.every((one) => typeof one === "string") ? parts.sort() : parts).join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
