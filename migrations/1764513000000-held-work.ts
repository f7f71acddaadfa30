import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/**
 * The open work that a return ended, with the scope of each, as JSON (`HeldWork`): when the case comes straight back, each step
 * goes to who had it. `null` for returns of before.
 */
const ofReturn = { held_work: "text?" } as const;

export class HeldWork1764513000000 implements MigrationInterface {
  name = "HeldWork1764513000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      "case_return",
      columns(runner, ofReturn).map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("case_return", "held_work");
  }
}
