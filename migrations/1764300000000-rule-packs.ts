import { Table, TableIndex, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/** Versions of rule packs that designers write: drafts, and those that came into force beside the shipped ones. */
const rulePack = {
  id: "key",
  region: "name:6",
  version: "name:40",
  state: "name:12",
  content: "text",
  effective_from: "name:10",
  comment: "name:500",
  author_id: "id",
  author_name: "name:120",
  created_at: "instant",
  published_by: "id?",
  publisher_name: "name:120?",
  published_at: "instant?",
};

/** Rule packs with history. */
export class RulePacks1764300000000 implements MigrationInterface {
  name = "RulePacks1764300000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: "rule_pack", columns: columns(runner, rulePack) }), true);
    await runner.createIndex(
      "rule_pack",
      new TableIndex({ name: "ix_rule_pack_state_region", columnNames: ["state", "region"] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable("rule_pack", true);
  }
}
