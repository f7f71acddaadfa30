import { Table, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from "typeorm";

/** Columns by short notation: `id` key of 36, `text` unbounded, `int`, `instant` ISO 8601 UTC as text (sorts as time), `name:n` varchar. */
function columns(runner: QueryRunner, spec: Readonly<Record<string, string>>): TableColumnOptions[] {
  const mysql = runner.connection.options.type !== "better-sqlite3";
  return Object.entries(spec).map(([name, notation]) => {
    const [kind = "", length] = notation.replace("?", "").split(":");
    const column: TableColumnOptions = { name, type: "varchar", isNullable: notation.includes("?") };
    if (kind === "key") return { ...column, length: length ?? "36", isPrimary: true };
    if (kind === "id") return { ...column, length: "64" };
    if (kind === "instant") return { ...column, length: "24" };
    if (kind === "int") return { ...column, type: mysql ? "int" : "integer" };
    if (kind === "text") return { ...column, type: mysql ? "longtext" : "text" };
    return { ...column, length: length ?? "255" };
  });
}

const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  setting: { name: "key:60", value: "text" },
  counter: { name: "key:80", value: "int" },
  person: {
    id: "key:64",
    account: "name:80",
    name: "name",
    does_zh: "name",
    does_en: "name",
    password: "name",
    failures: "int",
    locked_until: "instant?",
    last_sign_in_at: "instant?",
  },
  post: { id: "key:200", person_id: "id", organisation_id: "id", role: "name:40" },
  session: { id: "key:64", person_id: "id", csrf: "name:64", created_at: "instant", seen_at: "instant" },
  definition: {
    id: "key",
    process_key: "name:80",
    version: "int",
    name_zh: "name",
    name_en: "name",
    xml: "text",
    hash: "name:64",
    state: "name:20",
    comment: "text",
    deployed_by: "name",
    deployed_at: "instant",
  },
  rule_set: { id: "key:64", content: "text", created_at: "instant" },
  instance: {
    id: "key",
    case_number: "name:60",
    process_key: "name:80",
    definition_id: "id",
    rule_set_id: "id",
    rules_date: "name:10",
    status: "name:20",
    rev: "int",
    state: "text",
    subject_zh: "name",
    subject_en: "name",
    applicant_org: "id",
    applicant_region: "name:6",
    provider_org: "id",
    provider_region: "name:6",
    due_at: "instant?",
    started_by: "id",
    started_at: "instant",
    ended_at: "instant?",
    incidents: "int",
  },
  participant: { id: "key:140", instance_id: "id", organisation_id: "id", region: "name:6" },
  task: {
    id: "key",
    instance_id: "id",
    wait_id: "name:20",
    token: "name:20",
    element: "name:120",
    name: "name",
    name_en: "name",
    organisation_id: "id",
    region: "name:6",
    level: "name:10",
    role: "name:40",
    assignee_id: "id?",
    assignee_name: "name?",
    state: "name:12",
    outcome: "name:60?",
    outcomes: "name:500",
    form: "name:80?",
    reason_code: "name:10?",
    citation: "text?",
    opinion: "text?",
    explanation: "text?",
    clock_id: "id?",
    due_at: "instant?",
    sort_at: "instant",
    created_at: "instant",
    completed_at: "instant?",
    rev: "int",
  },
  timer: {
    id: "key",
    instance_id: "id",
    wait_id: "name:20",
    element: "name:120",
    due_at: "instant?",
    clock_id: "id?",
    limit_code: "name:40?",
    fraction: "name:8?",
    lease_owner: "id?",
    lease_until: "instant?",
  },
  job: {
    id: "key",
    instance_id: "id",
    wait_id: "name:20",
    element: "name:120",
    topic: "name:80",
    retries: "int",
    next_at: "instant",
    lease_owner: "id?",
    lease_until: "instant?",
  },
  subscription: {
    id: "key",
    instance_id: "id",
    wait_id: "name:20",
    element: "name:120",
    kind: "name:10",
    name: "name:200",
    correlation_key: "name:200?",
  },
  clock: {
    id: "key",
    instance_id: "id",
    limit_code: "name:40",
    token: "name:20",
    element: "name:120",
    organisation_id: "id",
    region: "name:6",
    level: "name:10",
    state: "name:12",
    awaiting: "int",
    ledger: "text",
    resolved: "text",
    due_at: "instant?",
    soon_at: "instant?",
    breached_at: "instant?",
    breach_recorded: "int",
    started_at: "instant",
    stopped_at: "instant?",
  },
  incident: {
    id: "key:120",
    instance_id: "id",
    token: "name:20",
    element: "name:120",
    code: "name:60",
    message: "text",
    at: "instant",
  },
  journal: {
    id: "key:120",
    instance_id: "id",
    seq: "int",
    at: "instant",
    type: "name:60",
    element: "name:120?",
    actor: "text",
    payload: "text",
    prev_hash: "name:64",
    hash: "name:64",
  },
  outbox: {
    id: "key",
    instance_id: "id",
    kind: "name:10",
    name: "name:200",
    correlation_key: "name:200?",
    variables: "text",
    created_at: "instant",
  },
  command: { id: "key:200", instance_id: "id", at: "instant" },
  application: {
    id: "key",
    number: "name:60",
    instance_id: "id",
    resource_id: "id",
    person_id: "id",
    applicant_org: "id",
    provider_org: "id",
    request: "text",
    state: "name:12",
    submitted_at: "instant",
  },
  delivery: {
    instance_id: "key",
    granted_items: "text",
    region_filter: "name:6",
    delivered_at: "instant?",
    accepted_at: "instant?",
    ends_at: "name:10?",
  },
};

const indexes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  post: [["person_id"], ["organisation_id"]],
  instance: [["status", "started_at"], ["definition_id", "status"], ["case_number"]],
  participant: [["organisation_id", "instance_id"], ["region", "instance_id"], ["instance_id"]],
  task: [
    ["instance_id", "wait_id"],
    ["assignee_id", "state", "sort_at", "id"],
    ["organisation_id", "role", "state", "sort_at", "id"],
  ],
  timer: [["due_at"], ["instance_id", "wait_id"], ["clock_id"]],
  job: [["next_at"], ["instance_id", "wait_id"]],
  subscription: [
    ["kind", "name", "correlation_key"],
    ["instance_id", "wait_id"],
  ],
  clock: [
    ["state", "due_at"],
    ["instance_id", "limit_code"],
    ["organisation_id", "state"],
    ["region", "state"],
  ],
  incident: [["instance_id"]],
  journal: [["instance_id", "seq"]],
  outbox: [["created_at"]],
  application: [["applicant_org", "submitted_at"], ["instance_id"]],
  definition: [["process_key", "version"]],
};
const unique: ReadonlySet<string> = new Set([
  "definition process_key_version",
  "journal instance_id_seq",
  "task instance_id_wait_id",
]);

/** The whole schema, the same on SQLite and on MySQL or MariaDB. Keys are made by the application; nothing relies on foreign keys. */
export class Initial1763900000000 implements MigrationInterface {
  name = "Initial1763900000000";

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, spec] of Object.entries(tables)) {
      await runner.createTable(new Table({ name, columns: columns(runner, spec) }), true);
      for (const columnNames of indexes[name] ?? []) {
        const key = columnNames.join("_");
        await runner.createIndex(
          name,
          new TableIndex({
            name: `ix_${name}_${key}`,
            columnNames: [...columnNames],
            isUnique: unique.has(`${name} ${key}`),
          }),
        );
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(tables).reverse()) await runner.dropTable(name, true);
  }
}
