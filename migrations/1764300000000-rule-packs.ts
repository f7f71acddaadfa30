import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables } from "./tables.ts";

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

const tables = { rule_pack: rulePack };

/** Rule packs with history. */
export class RulePacks1764300000000 implements MigrationInterface {
  name = "RulePacks1764300000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, { rule_pack: [["state", "region"]] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
