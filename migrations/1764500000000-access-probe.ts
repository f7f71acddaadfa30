import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** What the server's own calls of a delivered service's health address found; one row a grant, begun anew by each delivery. */
  access_probe: {
    instance_id: "key",
    health_url: "name:500",
    /** By the clock of cases. */
    next_at: "instant",
    probes: "int",
    failed: "int",
    /** Failures since the last success. */
    in_a_row: "int",
    last_at: "instant?",
    /** HTTP status of the last answer; `null` where none came. */
    last_status: "int?",
    /** Why the last probe failed; `null` where it did not. */
    last_error: "name:200?",
    /** Since when the access does not answer, once as many probes failed in a row as the rules say. */
    unreachable_since: "instant?",
  },
};

const indexes = { access_probe: [["next_at"]] } as const;

/** Probes of delivered access: whether it works. */
export class AccessProbe1764500000000 implements MigrationInterface {
  name = "AccessProbe1764500000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
