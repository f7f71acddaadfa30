import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";

/**
 * The calls in which a piece of work stands, the outermost first, as JSON (`CallAround`); `null` in the case's own process. Steps
 * of a called process may have the names of the caller's, and are no steps of it.
 */
const ofTask = { called: "text?" } as const;
/** Scope of the called process in which a return's target stands; `null` in the case's own. */
const ofReturn = { target_scope: "id?" } as const;

/** Which process a piece of work belongs to, so that a case can be returned within a called process and into one. */
export class CalledWork1764492000000 implements MigrationInterface {
  name = "CalledWork1764492000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, spec] of [
      ["task", ofTask],
      ["case_return", ofReturn],
    ] as const)
      await runner.addColumns(
        table,
        columns(runner, spec).map((column) => new TableColumn(column)),
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn("case_return", "target_scope");
    await runner.dropColumn("task", "called");
  }
}
