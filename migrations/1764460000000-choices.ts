import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** What whoever handled a step chose by hand: a branch in place of the rule's, or the people of a later step. */
  manual_choice: {
    id: "key",
    instance_id: "id",
    task_id: "id",
    element: "name",
    /** Scope of the engine in which the step stood. */
    scope: "name:20",
    /** `branch` or `people`. */
    kind: "name:8",
    /** The gateway, or the later step. */
    target: "name",
    /** JSON: the flow, or the persons with id and name. */
    chosen: "text",
    reason: "text?",
    by_id: "id",
    by_name: "name",
    on_behalf_name: "name?",
    at: "instant",
    /** `standing`, `replaced` by a later choice of the same step, or `lapsed`: the persons could not act any more. */
    state: "name:10",
  },
};

const indexes = { manual_choice: [["instance_id", "state"]] } as const;

const added: TableSpecs = {
  /** The choice by which the task came to whoever has it. */
  task: { choice_id: "id?" },
};

/** Branches and people that officials choose by hand. */
export class Choices1764460000000 implements MigrationInterface {
  name = "Choices1764460000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of Object.entries(added))
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
    for (const [table, spec] of Object.entries(added)) await runner.dropColumns(table, Object.keys(spec));
  }
}
