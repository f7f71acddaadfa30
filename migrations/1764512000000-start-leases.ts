import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/** The node that is about to start the case, and until when it keeps that to itself, by the database's clock. */
const ofStart = { lease_owner: "id?", lease_until: "instant?" } as const;

/** What starts by time is held by one node while it starts, so that a crash in between loses nothing. */
export class StartLeases1764512000000 implements MigrationInterface {
  name = "StartLeases1764512000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      "start_event",
      columns(runner, ofStart).map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("start_event", "lease_until");
    await runner.dropColumn("start_event", "lease_owner");
  }
}
