import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** A file that somebody uploaded. Its content is kept by hash, so several rows may share one. */
  attachment: {
    id: "key",
    sha256: "name:64",
    name: "name",
    media: "name:100",
    bytes: "int",
    person_id: "id",
    person_name: "name",
    created_at: "instant",
    /** `null` until it is bound to a case. */
    instance_id: "id?",
    task_id: "id?",
    bound_at: "instant?",
    /** `pending`, `clean`, `infected` or `notScanned`. */
    scan: "name:12",
    scanned_at: "instant?",
  },
  /** What a person has typed and not sent, one row by person and place. */
  draft: {
    id: "key:180",
    person_id: "id",
    place: "name:110",
    instance_id: "id?",
    task_id: "id?",
    content: "text",
    rev: "int",
    /** The browser tab that wrote it last. */
    writer: "name:40",
    updated_at: "instant",
  },
  comment: {
    id: "key",
    instance_id: "id",
    person_id: "id",
    person_name: "name",
    organisation_id: "id",
    /** `internal` or `all`. */
    audience: "name:10",
    body: "text",
    mentions: "text",
    at: "instant",
    withdrawn_at: "instant?",
  },
  watcher: {
    id: "key:140",
    instance_id: "id",
    person_id: "id",
    person_name: "name",
    because: "name:10",
    at: "instant",
  },
  carbon_copy: {
    id: "key",
    instance_id: "id",
    person_id: "id",
    person_name: "name",
    by_id: "id",
    by_name: "name",
    by_org: "id",
    note: "name:500",
    /** Names of the fields that a reader without rights to the case may see, as JSON. */
    fields: "text",
    at: "instant",
  },
  /** Receipts: who opened what, first and last. */
  reading: {
    id: "key:140",
    what: "name:10",
    object_id: "id",
    instance_id: "id?",
    person_id: "id",
    person_name: "name",
    first_at: "instant",
    last_at: "instant",
  },
  urge: {
    id: "key",
    instance_id: "id",
    person_id: "id",
    person_name: "name",
    capacity: "name:20",
    note: "name:500",
    tasks: "text",
    at: "instant",
  },
  phrase: {
    id: "key",
    /** `person` or `organisation`. */
    owner: "name:12",
    owner_id: "id",
    outcome: "name:60?",
    body: "name:500",
    uses: "int",
    created_by: "id",
    created_at: "instant",
  },
};

const indexes = {
  attachment: [["sha256"], ["instance_id", "created_at"], ["scan"], ["person_id", "instance_id"]],
  draft: [["person_id", "updated_at"], ["instance_id"]],
  comment: [["instance_id", "at"]],
  watcher: [["instance_id"], ["person_id"]],
  carbon_copy: [["person_id", "at"], ["instance_id"]],
  reading: [["object_id"], ["instance_id"]],
  urge: [["instance_id", "at"]],
  phrase: [["owner", "owner_id"]],
} as const;

/** What people say to each other about a case: files, drafts, comments, copies, receipts, urges, phrases. */
export class Talk1764420000000 implements MigrationInterface {
  name = "Talk1764420000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
