import type { MigrationInterface, QueryRunner } from "typeorm";
import { createTables, dropTables, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** Each time that the applicant was asked for a supplement, by a decision that the process draws or by a return. */
  supplement_request: {
    id: "key",
    instance_id: "id",
    task_id: "id",
    clock_id: "id?",
    element: "name:120",
    organisation_id: "id",
    region: "name:6",
    level: "name:10",
    by_id: "id",
    by_name: "name",
    at: "instant",
    /** The how-manieth request of the case. */
    ordinal: "int",
    /** 1 when it was one more than the rule lets anybody ask for. */
    violation: "int",
    permit_id: "id?",
    permitted_by: "name?",
    permit_reason: "text?",
    /** When whoever asked took it back before the applicant had begun. */
    taken_back_at: "instant?",
  },
};

const indexes = {
  supplement_request: [["instance_id"], ["violation", "at"], ["organisation_id", "at"]],
} as const;

/**
 * Requests for a supplement, counted in one place whichever way they are made. One too many enters the ladder of supervision
 * with the clock of the step that asked.
 */
export class Supplements1764470000000 implements MigrationInterface {
  name = "Supplements1764470000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    // Not `addColumns`: on SQLite it would make the table anew from what was known of it before columns were dropped.
    await runner.query("ALTER TABLE clock ADD COLUMN violated_at varchar(24)");
    await takeOver(
      runner,
      "case_return.id",
      "case_return JOIN task ON task.id = case_return.task_id",
      "case_return.supplement = 1",
      {
        by: "case_return.by_id, case_return.by_name",
        at: "case_return.at",
      },
    );
    await takeOver(
      runner,
      "task.id",
      "task",
      "task.outcome = 'supplement' AND task.state = 'completed' AND task.fallen_at IS NULL",
      {
        by: "COALESCE(task.assignee_id, 'system'), COALESCE(task.assignee_name, '')",
        at: "task.completed_at",
      },
    );
    await numberThem(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
    await runner.query("ALTER TABLE clock DROP COLUMN violated_at");
  }
}

/** Requests of before are rows as well, so that a case that runs can be asked no more than the rule lets it. */
async function takeOver(
  runner: QueryRunner,
  id: string,
  from: string,
  where: string,
  { by, at }: { readonly by: string; readonly at: string },
): Promise<void> {
  await runner.query(
    `INSERT INTO supplement_request (id, instance_id, task_id, clock_id, element, organisation_id, region, level, by_id, by_name, at, ordinal, violation)
     SELECT ${id}, task.instance_id, task.id, task.clock_id, task.element, task.organisation_id, task.region, task.level, ${by}, ${at}, 0, 0
     FROM ${from} WHERE ${where}`,
  );
}

async function numberThem(runner: QueryRunner): Promise<void> {
  const permits: Permit[] = await runner.query(
    "SELECT id, instance_id, by_name, reason FROM second_supplement WHERE used_at IS NOT NULL ORDER BY used_at, id",
  );
  const rows: { id: string; instance_id: string }[] = await runner.query(
    "SELECT id, instance_id FROM supplement_request ORDER BY instance_id, at, id",
  );
  const asked = new Map<string, number>();
  for (const { id, instance_id } of rows) {
    const ordinal = (asked.get(instance_id) ?? 0) + 1;
    asked.set(instance_id, ordinal);
    const permit = permits.filter((used) => used.instance_id === instance_id)[ordinal - 2];
    await runner.query(
      "UPDATE supplement_request SET ordinal = ?, violation = ?, permit_id = ?, permitted_by = ?, permit_reason = ? WHERE id = ?",
      [ordinal, permit ? 1 : 0, permit?.id ?? null, permit?.by_name ?? null, permit?.reason ?? null, id],
    );
  }
}

interface Permit {
  readonly id: string;
  readonly instance_id: string;
  readonly by_name: string;
  readonly reason: string;
}
