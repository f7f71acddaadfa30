import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** Something that people are to be told: the outbox of all notices, written in the transaction of what it tells. */
  announcement: {
    id: "key:64",
    kind: "name:60",
    instance_id: "id?",
    task_id: "id?",
    /** Organisations of which a role was addressed, as JSON: their robots are told, too. */
    organisations: "text",
    params: "text",
    /** By the clock of cases. */
    at: "instant",
    /** By the machine's clock. */
    created_at: "instant",
    /** When its deliveries were written; `null` while it waits. */
    planned_at: "instant?",
  },
  /** What one person was told in the product. */
  notice_message: {
    id: "key",
    announcement_id: "id",
    person_id: "id",
    at: "instant",
    created_at: "instant",
    read_at: "instant?",
  },
  /** One announcement on its way through one channel to a person or an endpoint. */
  notice_delivery: {
    id: "key",
    announcement_id: "id",
    channel: "name:12",
    person_id: "id?",
    endpoint_id: "id?",
    /** 1 where it may go out together with others to the same person. */
    gathered: "int",
    /** What went out, or will go out again, as one mail. */
    batch_id: "id?",
    /** `waiting`, `sent`, `overtaken` or `dead`. */
    state: "name:12",
    next_at: "instant",
    attempts: "int",
    last_error: "name:500?",
    lease_owner: "id?",
    lease_until: "instant?",
    created_at: "instant",
    sent_at: "instant?",
  },
  /** What a person chose; whoever has no row has the presets. */
  notice_preference: {
    person_id: "key:64",
    language: "name:2",
    mail: "name:254?",
    quiet_from: "name:5?",
    quiet_to: "name:5?",
    rest_days_quiet: "int",
    /** Time of day of the one daily mail; `null` for a mail a notice. */
    digest_at: "name:5?",
    /** Channels by group of kinds, as JSON. */
    choices: "text",
    updated_at: "instant",
  },
  /** Webhooks and group robots. */
  notice_endpoint: {
    id: "key",
    type: "name:12",
    name: "name:80",
    /** Of a robot; `null` for a webhook. */
    organisation_id: "id?",
    url: "text",
    secret: "text",
    /** Groups of kinds that it is told of, as JSON. */
    groups_told: "text",
    language: "name:2",
    quiet_from: "name:5?",
    quiet_to: "name:5?",
    rest_days_quiet: "int",
    active: "int",
    created_by: "id",
    created_at: "instant",
    updated_at: "instant",
  },
};

const indexes = {
  announcement: [["planned_at", "created_at"], ["instance_id"]],
  notice_message: [["person_id", "at", "id"], ["person_id", "read_at"], ["announcement_id"], ["created_at"]],
  notice_delivery: [
    ["state", "next_at"],
    ["person_id", "state", "batch_id"],
    ["batch_id"],
    ["created_at", "id"],
    ["announcement_id"],
  ],
  notice_endpoint: [["organisation_id"]],
} as const;

/** Notices: one outbox, what each person was told, deliveries by channel, people's choices, webhooks and robots. */
export class Notices1764440000000 implements MigrationInterface {
  name = "Notices1764440000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
