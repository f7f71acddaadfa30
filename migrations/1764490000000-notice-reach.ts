import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import type { TableSpecs } from "./tables.ts";

const added: TableSpecs = {
  announcement: {
    /** Whom it is for, as JSON; who that is at the moment is found after the commit. `null` once written by an older version. */
    recipients: "text?",
    /** The person whose doing it tells of, who needs no notice. */
    by_id: "id?",
  },
  notice_message: {
    /** The substitution by which the person is told in somebody's stead; `null` for what is told in one's own name. */
    substitution_id: "id?",
  },
  notice_preference: {
    /** `both` or `substitute`: who gets mail for one's tasks while one is away. */
    while_away: "name:12?",
  },
  substitution: {
    /** When the substitute was told what is open. */
    told_at: "instant?",
  },
};

/** Notices find the people whom they are for after the commit; substitutes are told in whose stead. */
export class NoticeReach1764490000000 implements MigrationInterface {
  name = "NoticeReach1764490000000";

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
