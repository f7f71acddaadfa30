import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

/**
 * The open work that a return ended, with the scope of each, as JSON (`HeldWork`): when the case comes straight back, each step
 * goes to who had it. `null` for returns of before.
 */
const ofReturn = { held_work: "text?" } as const;
/** The attachment of another case that this one was taken over from. */
const ofAttachment = { origin_id: "id?" } as const;

const tables: TableSpecs = {
  /** What a call held before the decision that ended it, for who takes that back; the decision by the wait that it answered. */
  ended_call: {
    id: "key",
    instance_id: "id",
    wait_id: "id",
    /** The place as JSON (`Resumption`). */
    place: "text",
    at: "instant",
  },
};
const indexes = { ended_call: [["instance_id", "wait_id"]] } as const;

/** What a return, a decision that is taken back and a case that is begun anew find again. */
export class HeldWork1764513000000 implements MigrationInterface {
  name = "HeldWork1764513000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    for (const [table, spec] of [
      ["case_return", ofReturn],
      ["attachment", ofAttachment],
    ] as const)
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("attachment", "origin_id");
    await runner.dropColumn("case_return", "held_work");
    await dropTables(runner, tables);
  }
}
