import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/** Moment of the latest step of the case, so that a step on another node never stands before it; `null` where none was since this column. */
const ofInstance = { stepped_at: "instant?" } as const;

/** The order of a case's history in time. */
export class CaseInstants1764511000000 implements MigrationInterface {
  name = "CaseInstants1764511000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      "instance",
      columns(runner, ofInstance).map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("instance", "stepped_at");
  }
}
