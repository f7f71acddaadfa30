import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, indexOn, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** How several persons sign one step: the policy, the signers and their votes, as `engine/approval` keeps them. */
  signing_round: {
    id: "key",
    instance_id: "id",
    wait_id: "name:20",
    round: "text",
    /** `open`, `settled` or `cancelled`. */
    state: "name:12",
    opened_at: "instant",
    settled_at: "instant?",
  },
};

const indexes = { signing_round: [["instance_id", "wait_id"]] } as const;

const ofTask = {
  /** `decide`, `delegated`, `consult` or `coHandle`. */
  kind: "name:12?",
  /** The task on whose behalf this one was opened. */
  parent_id: "id?",
  signer: "name:20?",
  /** 1 when the assignee was named by an operation and need not hold the role. */
  by_name: "int?",
  /** Who asked for it and, for a delegated task, still answers for it. */
  owner_id: "id?",
  owner_name: "name?",
  /** Whom a substitute acted for. */
  on_behalf_id: "id?",
  on_behalf_name: "name?",
  /** When one who may act opened it first. */
  opened_at: "instant?",
  /** `notNeeded`, `removed`, `returned`, `takenBack`, `dismissed`, `absent` or `cancelled`. */
  closed_because: "name:12?",
  /** Operations that the process or the route forbids here. */
  forbidden: "name:300?",
  /** Steps whose persons may not do this one (two-person rule). */
  four_eyes: "name:500?",
  transfers: "int?",
  /** Who took the decision that opened it; `null` for the system. */
  sent_by_id: "id?",
  /** Key of the step in route tables. */
  step: "name:120?",
  ask: "text?",
} as const;

/** Several pieces of work a step: signers, delegates, those who are consulted; and what each may do. */
export class WorkItems1764400000000 implements MigrationInterface {
  name = "WorkItems1764400000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    await runner.addColumns(
      "task",
      columns(runner, ofTask).map((column) => new TableColumn(column)),
    );
    await runner.query("UPDATE task SET kind = 'decide', transfers = 0");
    await runner.dropIndex("task", "ix_task_instance_id_wait_id");
    await runner.createIndex("task", indexOn("task", ["instance_id", "wait_id"]));
    await runner.createIndex("task", indexOn("task", ["parent_id"]));
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
