import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/**
 * Forms belong to the version of a process that they were published with. Versions of before get those that ship when the server
 * opens (`server/forms/adopt-forms.ts`): a migration must not read content.
 */
const ofDefinition = { forms: "text?" } as const;
/** What the receiver may have, item by item; `null` for what was granted before items were decided one by one. */
const ofGrant = { specification: "text?" } as const;

/** Forms with their definition, delivery specifications with what they open. */
export class Forms1764430000000 implements MigrationInterface {
  name = "Forms1764430000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of [
      ["definition", ofDefinition],
      ["delivery", ofGrant],
      ["access_grant", ofGrant],
    ] as const)
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("definition", "forms");
    await runner.dropColumn("delivery", "specification");
    await runner.dropColumn("access_grant", "specification");
  }
}
