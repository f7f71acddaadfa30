import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables } from "./tables.ts";

const decisionRecord = {
  id: "key",
  instance_id: "id",
  task_id: "id",
  case_number: "name:60",
  subject_zh: "name",
  subject_en: "name",
  at: "instant",
  element: "name:120",
  step_zh: "name",
  step_en: "name",
  person_id: "id",
  person_name: "name",
  organisation_id: "id",
  region: "name:6",
  role: "name:40",
  outcome: "name:60?",
  reason_code: "name:10?",
  citation: "text?",
  opinion: "text?",
  objection: "text?",
  basis: "text",
  seen: "text",
  written: "text",
  definition_id: "id",
  rule_set_id: "id",
  hash: "name:64",
} as const;

const tables = { decision_record: decisionRecord };
const indexes = {
  decision_record: [
    ["person_id", "at", "id"],
    ["instance_id", "at"],
    ["region", "at"],
  ],
} as const;

/** The responsibility ledger: one row for each decision that a person takes. Rows are added and never changed. */
export class Ledger1764200000000 implements MigrationInterface {
  name = "Ledger1764200000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
