import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

const added = {
  attachment: {
    /** What was sent with it: `application`, `start`, or the element of a step; `null` for what was added to the case itself. */
    form_place: "name:120?",
    /** Key of the field that holds it. */
    form_field: "name:80?",
  },
  access_grant: {
    /** The certificate that the data were disposed of, as JSON: its attachment's id, name, bytes and hash. */
    disposal_file: "text?",
  },
} as const;

/** Files know the field that they were sent with: whoever may not see the field may not read them. */
export class FormFiles1764471000000 implements MigrationInterface {
  name = "FormFiles1764471000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of Object.entries(added))
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of Object.entries(added)) await runner.dropColumns(table, Object.keys(spec));
  }
}
