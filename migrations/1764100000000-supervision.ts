import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, indexOn, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** A year of a region's calendar that was imported; it stands above the one that ships. */
  calendar_year: {
    id: "key:12",
    region: "name:6",
    year: "int",
    status: "name:12",
    source: "text",
    days: "text",
    version: "int",
  },
  /** Each import, and how far the recomputation of open deadlines has come. */
  calendar_change: {
    id: "key:12",
    version: "int",
    region: "name:6",
    year: "int",
    reason_zh: "name:300",
    reason_en: "name:300",
    by_id: "id",
    by_name: "name",
    at: "instant",
    looked_at: "int",
    moved: "int",
    finished_at: "instant?",
  },
  /** What was told to whom as a limit ran out. */
  notice: {
    id: "key",
    instance_id: "id",
    clock_id: "id",
    rung: "name:40",
    measure: "name:12",
    name_zh: "name",
    name_en: "name",
    limit_code: "name:40",
    organisation_id: "id",
    region: "name:6",
    role: "name:40",
    at: "instant",
    needs_receipt: "int",
    received_by: "name?",
    received_at: "instant?",
  },
  /** A yellow or red card against an organisation, with its evidence and what became of it. */
  card: {
    id: "key",
    instance_id: "id",
    clock_id: "id",
    round: "int",
    rung: "name:40",
    measure: "name:12",
    colour: "name:10",
    name_zh: "name",
    name_en: "name",
    limit_code: "name:40",
    organisation_id: "id",
    region: "name:6",
    level: "name:10",
    counts: "int",
    evidence: "text",
    issued_at: "instant",
    contest_until: "instant",
    state: "name:12",
    contested_by: "name?",
    contested_at: "instant?",
    contest_reason: "text?",
    decided_by: "name?",
    decided_at: "instant?",
    decision_reason: "text?",
  },
  /** A supervisory order (督办): who asks whom for what by when, the answer, and its verification. */
  supervisory_order: {
    id: "key",
    number: "name:60",
    instance_id: "id",
    clock_id: "id",
    round: "int",
    asker_org: "id",
    asker_region: "name:6",
    target_org: "id",
    target_region: "name:6",
    limit_code: "name:40",
    ask_zh: "name:300",
    ask_en: "name:300",
    opened_at: "instant",
    due_at: "instant",
    state: "name:12",
    reply: "text?",
    replied_by: "name?",
    replied_at: "instant?",
    verification: "text?",
    verified_by: "name?",
    verified_at: "instant?",
    closed_at: "instant?",
  },
};

const indexes = {
  calendar_year: [["version"]],
  calendar_change: [["finished_at"]],
  notice: [["clock_id"], ["instance_id"], ["organisation_id", "at"]],
  card: [["clock_id"], ["instance_id"], ["organisation_id", "issued_at"], ["region", "issued_at"]],
  supervisory_order: [
    ["clock_id"],
    ["instance_id"],
    ["target_org", "opened_at"],
    ["asker_org", "opened_at"],
    ["target_region", "opened_at"],
  ],
} as const;

/** How a clock stands in its case, the calendar it was derived from, when its due moment was told, and its next rung. */
const ofClock = {
  standing: "text?",
  calendar_version: "int?",
  notified_at: "instant?",
  rung_at: "instant?",
  climbed: "text?",
} as const;

/** Clocks that belong to the case instead of a token, calendars that are imported, the ladder of supervision, cards and orders. */
export class Supervision1764100000000 implements MigrationInterface {
  name = "Supervision1764100000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    await runner.addColumns(
      "clock",
      columns(runner, ofClock).map((column) => new TableColumn(column)),
    );
    await takeOverStandings(runner);
    for (const column of ["token", "awaiting"]) await runner.query(`ALTER TABLE clock DROP COLUMN ${column}`);
    await runner.createIndex("clock", indexOn("clock", ["rung_at"]));
    await runner.createIndex("clock", indexOn("clock", ["state", "calendar_version"]));
    await runner.createIndex("task", indexOn("task", ["clock_id"]));
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}

async function takeOverStandings(runner: QueryRunner): Promise<void> {
  const clocks: { id: string; token: string; awaiting: number; stopped_at: string | null }[] = await runner.query(
    "SELECT id, token, awaiting, stopped_at FROM clock",
  );
  for (const { id, token, awaiting, stopped_at } of clocks) {
    const tokens = awaiting === 1 || stopped_at !== null ? [] : [token];
    const standing = { tokens, awaiting: awaiting === 1, pauses: [], entries: 1 };
    await runner.query("UPDATE clock SET standing = ?, calendar_version = 0, climbed = '[]' WHERE id = ?", [
      JSON.stringify(standing),
      id,
    ]);
  }
}
