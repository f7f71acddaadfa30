import type { QueryRunner, TableColumnOptions } from "typeorm";

/** Columns by short notation: `id` key of 36, `text` unbounded, `int`, `instant` ISO 8601 UTC as text (sorts as time), `name:n` varchar. */
export function columns(runner: QueryRunner, spec: Readonly<Record<string, string>>): TableColumnOptions[] {
  const mysql = runner.connection.options.type !== "better-sqlite3";
  return Object.entries(spec).map(([name, notation]) => {
    const [kind = "", length] = notation.replace("?", "").split(":");
    const column: TableColumnOptions = { name, type: "varchar", isNullable: notation.includes("?") };
    if (kind === "key") return { ...column, length: length ?? "36", isPrimary: true };
    if (kind === "id") return { ...column, length: "64" };
    if (kind === "instant") return { ...column, length: "24" };
    if (kind === "int") return { ...column, type: mysql ? "int" : "integer" };
    if (kind === "text") return { ...column, type: mysql ? "longtext" : "text" };
    return { ...column, length: length ?? "255" };
  });
}
