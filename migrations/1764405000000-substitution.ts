import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** Who stands in for whom at an organisation, from `starts_at` until before `ends_at`. Rows are never deleted. */
  substitution: {
    id: "key",
    person_id: "id",
    person_name: "name",
    substitute_id: "id",
    substitute_name: "name",
    organisation_id: "id",
    starts_at: "instant",
    ends_at: "instant",
    /** Process keys and roles, separated by spaces; `null` for all. */
    processes: "name:2000?",
    roles: "name:1000?",
    /** Highest grade of data that it covers; `null` for all. */
    highest_grade: "int?",
    reason: "name:500",
    created_by_id: "id",
    created_by_name: "name",
    created_at: "instant",
    revoked_by_id: "id?",
    revoked_by_name: "name?",
    revoked_at: "instant?",
  },
  /** Who left, and to whom their open work went, task by task. */
  departure: {
    id: "key",
    person_id: "id",
    person_name: "name",
    successor_id: "id?",
    successor_name: "name?",
    posts: "text",
    reason: "name:500",
    by_id: "id",
    by_name: "name",
    at: "instant",
    results: "text?",
  },
};

const indexes = {
  substitution: [
    ["substitute_id", "ends_at"],
    ["person_id", "ends_at"],
  ],
  departure: [["person_id"]],
} as const;

/** When the person left; from then on nobody signs in with the account. */
const ofPerson = { left_at: "instant?" } as const;

/** Substitution of those who are away, and what those who leave hand over. */
export class Substitution1764405000000 implements MigrationInterface {
  name = "Substitution1764405000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    await runner.addColumns(
      "person",
      columns(runner, ofPerson).map((column) => new TableColumn(column)),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("person", "left_at");
    await dropTables(runner, tables);
  }
}
