import { Table, TableIndex, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  /** What starts a case of a published process by itself: a message, a signal, a timer. */
  start_event: {
    id: "key",
    definition_id: "id",
    process_key: "name:80",
    element: "name:120",
    kind: "name:10",
    name: "name:200?",
    due_at: "instant?",
    every_text: "name:120?",
    until_at: "instant?",
    repeats_left: "name:12?",
  },
  /** Cases whose data were deleted; their history is kept until the end of the retention period. */
  deleted_case: {
    instance_id: "key",
    case_number: "name:60",
    deleted_at: "instant",
    keep_until: "instant",
  },
};

const indexes = {
  start_event: [["kind", "name"], ["process_key"], ["due_at"]],
  deleted_case: [["keep_until"]],
} as const;

/** Starts by events, and deletion with retained history. */
export class Operations1764000000000 implements MigrationInterface {
  name = "Operations1764000000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, spec] of Object.entries(tables))
      await runner.createTable(new Table({ name, columns: columns(runner, spec) }), true);
    for (const [table, keys] of Object.entries(indexes))
      for (const columnNames of keys)
        await runner.createIndex(
          table,
          new TableIndex({ name: `ix_${table}_${columnNames.join("_")}`, columnNames: [...columnNames] }),
        );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(tables).reverse()) await runner.dropTable(name, true);
  }
}
