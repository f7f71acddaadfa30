import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** Access that a case has granted, from its opening to the end of the time for which its record is kept. */
  access_grant: {
    instance_id: "key",
    case_number: "name:60",
    resource_id: "id",
    applicant_org: "id",
    provider_org: "id",
    /** `active`, `suspended` or `revoked`. */
    state: "name:12",
    opened_at: "instant",
    ends_at: "name:10?",
    last_used_at: "instant?",
    /** Day of the milestone that was taken last from the register of use. */
    milestone_on: "name:10?",
    revoked_at: "instant?",
    keep_until: "name:10?",
  },
  /** Records that a user holds to be wrong, and what came of it. */
  record_flag: {
    instance_id: "key",
    resource_id: "id",
    record_ref: "name:200",
    /** `disputed`, `corrected` or `upheld`. */
    state: "name:12",
    flagged_at: "instant",
    settled_at: "instant?",
  },
  /** Catalogue entries that were compiled and published by a case. */
  catalogue_entry: {
    instance_id: "key",
    origin_case: "name:60?",
    name: "name",
    holder_org: "id",
    share_class: "name:20",
    grade: "int",
    entry: "text",
    published_at: "instant",
  },
};

const indexes = {
  access_grant: [["case_number"], ["resource_id", "state"]],
  record_flag: [["resource_id", "state"]],
  catalogue_entry: [["origin_case"]],
} as const;

/** What sharing leaves behind: grants, flags on records, catalogue entries. */
export class Sharing1764310000000 implements MigrationInterface {
  name = "Sharing1764310000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
