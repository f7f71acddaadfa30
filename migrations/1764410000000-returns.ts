import { TableColumn, type MigrationInterface, type QueryRunner } from "typeorm";
import { columns } from "./columns.ts";
import { createTables, dropTables, indexOn, type TableSpecs } from "./tables.ts";

const tables: TableSpecs = {
  /** A case that was sent back: what for, what was before, and the way back. */
  case_return: {
    id: "key",
    instance_id: "id",
    /** The task that was returned from. */
    task_id: "id",
    element: "name:120",
    target: "name:120",
    /** `applicant`, `previous` or `element`. */
    kind: "name:12",
    /** `backToMe` or `walkAgain`. */
    afterwards: "name:12",
    reason: "text",
    defects: "text",
    /** 1 when it used up a supplement. */
    supplement: "int",
    /** Places that the case takes again after the correction. */
    way_back: "text",
    /** Request and forms as they were, for the comparison. */
    snapshot: "text",
    /** Steps whose decisions fell, with the task of each. */
    fallen: "text",
    by_id: "id",
    by_name: "name",
    organisation_id: "id",
    role: "name",
    at: "instant",
    /** `open` until the step it went to is done, then `corrected`; `over` when the case went another way. */
    state: "name:12",
    corrected_at: "instant?",
  },
  /** A head's approval of a second supplement, which breaks the rule of telling everything once. */
  second_supplement: {
    id: "key",
    instance_id: "id",
    reason: "text",
    by_id: "id",
    by_name: "name",
    at: "instant",
    used_at: "instant?",
  },
  case_suspension: {
    id: "key",
    instance_id: "id",
    cause: "name:40",
    reason: "text",
    by_id: "id",
    at: "instant",
    until_at: "instant?",
    ended_at: "instant?",
  },
  /** A jump that one overseer asks for and another confirms. */
  case_jump: {
    id: "key",
    instance_id: "id",
    element: "name:120",
    reason: "text",
    asked_by: "id",
    asked_by_name: "name",
    asked_at: "instant",
    /** `asked`, `done` or `refused`. */
    state: "name:12",
    settled_by: "id?",
    settled_by_name: "name?",
    settled_at: "instant?",
  },
  /** A case that begins anew from one that has ended. */
  case_link: { id: "key", from_id: "id", to_id: "id", kind: "name:20", reason: "text", by_id: "id", at: "instant" },
};

const indexes = {
  case_return: [["instance_id", "state"]],
  second_supplement: [["instance_id"]],
  case_suspension: [["instance_id"], ["ended_at", "until_at"]],
  case_jump: [["instance_id", "state"]],
  case_link: [["from_id"], ["to_id"]],
} as const;

const ofTask = {
  /** When the decision fell by a return or was taken back. */
  fallen_at: "instant?",
  /** The earlier task whose decision the system carried over. */
  carried_from: "id?",
} as const;

/** Returns with their way back, suspensions with an end, jumps by two persons, and cases that begin anew. */
export class Returns1764410000000 implements MigrationInterface {
  name = "Returns1764410000000";

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables, indexes);
    await runner.addColumns(
      "task",
      columns(runner, ofTask).map((column) => new TableColumn(column)),
    );
    await runner.createIndex("task", indexOn("task", ["instance_id", "element"]));
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
