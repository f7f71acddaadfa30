import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, indexOn, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** One attempt to deliver what was granted, and how the receiver's acceptance test of it went. */
  delivery_attempt: {
    id: "key:80",
    instance_id: "id",
    number: "int",
    delivered_at: "instant",
    delivered_by: "name",
    mode: "name:10",
    endpoint: "name:500?",
    file_hash: "name:200?",
    row_count: "int?",
    period_from: "name:10?",
    period_to: "name:10?",
    calls_per_day: "int?",
    note: "text?",
    /** Items that were to be delivered. */
    items: "text",
    /** What a probe of the platform measured, where one ran. */
    probe: "text?",
    /** `passed`, `failed` or `silent`; null while it is not tested. */
    result: "name:8?",
    tested_at: "instant?",
    tested_by: "name?",
    found: "text?",
    differences: "text?",
  },
  /** Use of a grant on one day, as the sharing platform reports it. The report's own id makes a repeat harmless. */
  grant_use: {
    id: "key:100",
    grant_id: "id",
    day: "name:10",
    calls: "int",
    row_count: "int",
    items: "text",
    region: "name:6?",
    reported_by: "name",
    received_at: "instant",
    excesses: "text?",
  },
  /** What the receiver thought of it: once after the acceptance, once after the end. */
  grant_rating: {
    id: "key:60",
    grant_id: "id",
    phase: "name:10",
    score: "int",
    lacking: "text",
    provider_org: "id",
    provider_region: "name:6",
    by_name: "name",
    at: "instant",
  },
};

const indexes = {
  delivery_attempt: [["instance_id", "number"]],
  grant_use: [["grant_id", "day"]],
  grant_rating: [["grant_id"], ["provider_region", "provider_org"]],
} as const;

const added: TableSpecs = {
  access_grant: {
    applicant_region: "name:6?",
    provider_region: "name:6?",
    provider_level: "name:10?",
    /** Why it ended: `term`, `released`, `ruling`, `service` or `authority`. */
    ended_because: "name:12?",
    ended_note: "text?",
    suspended_at: "instant?",
    suspensions: "int?",
    /** Days of use that exceeded the scope. */
    excesses: "int?",
    first_used_at: "instant?",
    /** Until when a first use still counts as use within the time of the unused check. */
    use_by: "instant?",
    delivered_at: "instant?",
    accepted_at: "instant?",
    /** Next moment at which the sweep has something to do. */
    due_at: "instant?",
    /** The case that supervises the use. */
    supervision_id: "id?",
    supervision_number: "name:60?",
    switched_off_at: "instant?",
    switched_off_by: "name?",
    disposal_ref: "name?",
    disposed_at: "instant?",
    disposal_checked_at: "instant?",
  },
  delivery: {
    attempts: "int?",
    rejections: "int?",
    mode: "name:10?",
    endpoint: "name:500?",
    calls_per_day: "int?",
    starts_at: "name:10?",
    /** What binds the use: conditions of the decision and the text of a settled dispute. */
    conditions: "text?",
  },
};

const addedIndexes = {
  access_grant: [
    ["due_at"],
    ["opened_at", "instance_id"],
    ["applicant_org", "opened_at"],
    ["provider_org", "opened_at"],
    ["provider_region", "opened_at"],
    ["applicant_region", "opened_at"],
    ["state", "opened_at"],
  ],
  application: [["submitted_at"]],
} as const;

/** The life of a grant after the decision: delivery and its test, use, excesses, satisfaction, end. */
export class Use1764450000000 implements MigrationInterface {
  name = "Use1764450000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of Object.entries(added))
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
    await createTables(runner, tables, indexes);
    for (const [table, keys] of Object.entries(addedIndexes))
      for (const key of keys) await runner.createIndex(table, indexOn(table, key));
    await carryOver(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, keys] of Object.entries(addedIndexes))
      for (const key of keys) await runner.dropIndex(table, indexOn(table, key));
    await dropTables(runner, tables);
    for (const [table, spec] of Object.entries(added)) await runner.dropColumns(table, Object.keys(spec));
  }
}

/** Grants from before: where they lie, and no longer called active before data were accepted. */
async function carryOver(runner: QueryRunner): Promise<void> {
  const from = (column: string, table: string) =>
    `(SELECT ${table}.${column} FROM ${table} WHERE ${table}.${table === "instance" ? "id" : "instance_id"} = access_grant.instance_id)`;
  await runner.query(
    `UPDATE access_grant SET applicant_region = ${from("applicant_region", "instance")},
       provider_region = ${from("provider_region", "instance")}, delivered_at = ${from("delivered_at", "delivery")},
       accepted_at = ${from("accepted_at", "delivery")}`,
  );
  await runner.query("UPDATE access_grant SET state = 'granted' WHERE state = 'active' AND delivered_at IS NULL");
  await runner.query("UPDATE access_grant SET state = 'delivered' WHERE state = 'active' AND accepted_at IS NULL");
  await runner.query("UPDATE access_grant SET due_at = opened_at WHERE state IN ('granted', 'delivered', 'active')");
}
