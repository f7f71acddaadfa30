import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/** Who wrote an application in its author's stead; `null` where the author began the case. */
const ofInstance = { drafted_by: "id?" } as const;

/** Both names of a case that a substitute began: whose it is, and who wrote it. Neither decides on it. */
export class DraftedBy1764510000000 implements MigrationInterface {
  name = "DraftedBy1764510000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      "instance",
      columns(runner, ofInstance).map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("instance", "drafted_by");
  }
}
