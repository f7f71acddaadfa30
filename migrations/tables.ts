import { Table, TableIndex, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/** Columns by table, in the short notation of `columns`. */
export type TableSpecs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Column names of each index, by table. */
export type IndexSpecs = Readonly<Record<string, readonly (readonly string[])[]>>;

/** Makes the tables and then their indexes, each named after its columns. */
export async function createTables(runner: QueryRunner, tables: TableSpecs, indexes: IndexSpecs): Promise<void> {
  for (const [name, spec] of Object.entries(tables))
    await runner.createTable(new Table({ name, columns: columns(runner, spec) }), true);
  for (const [table, keys] of Object.entries(indexes))
    for (const columnNames of keys) await runner.createIndex(table, indexOn(table, columnNames));
}

/** Drops them, the last one first. */
export async function dropTables(runner: QueryRunner, tables: TableSpecs): Promise<void> {
  for (const name of Object.keys(tables).reverse()) await runner.dropTable(name, true);
}

export function indexOn(table: string, columnNames: readonly string[]): TableIndex {
  return new TableIndex({ name: `ix_${table}_${columnNames.join("_")}`, columnNames: [...columnNames] });
}
