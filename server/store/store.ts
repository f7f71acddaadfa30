import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { DataSource, type QueryRunner } from "typeorm";
import { Initial1763900000000 } from "../../migrations/1763900000000-initial.ts";
import { Operations1764000000000 } from "../../migrations/1764000000000-operations.ts";
import { Sharing1764310000000 } from "../../migrations/1764310000000-sharing.ts";
import { WorkItems1764400000000 } from "../../migrations/1764400000000-work-items.ts";
import { Substitution1764405000000 } from "../../migrations/1764405000000-substitution.ts";
import { Returns1764410000000 } from "../../migrations/1764410000000-returns.ts";
import { Ledger1764200000000 } from "../../migrations/1764200000000-ledger.ts";
import { RulePacks1764300000000 } from "../../migrations/1764300000000-rule-packs.ts";
import { Forms1764430000000 } from "../../migrations/1764430000000-forms.ts";
import { Notices1764440000000 } from "../../migrations/1764440000000-notices.ts";
import { Use1764450000000 } from "../../migrations/1764450000000-use.ts";
import { Supplements1764470000000 } from "../../migrations/1764470000000-supplements.ts";
import { CalledWork1764492000000 } from "../../migrations/1764492000000-called-work.ts";
import { Choices1764460000000 } from "../../migrations/1764460000000-choices.ts";
import { AccessProbe1764500000000 } from "../../migrations/1764500000000-access-probe.ts";
import { DraftedBy1764510000000 } from "../../migrations/1764510000000-drafted-by.ts";
import { HeldWork1764513000000 } from "../../migrations/1764513000000-held-work.ts";
import { FormFiles1764471000000 } from "../../migrations/1764471000000-form-files.ts";
import { NoticeReach1764490000000 } from "../../migrations/1764490000000-notice-reach.ts";
import { Supervision1764100000000 } from "../../migrations/1764100000000-supervision.ts";
import { CaseInstants1764511000000 } from "../../migrations/1764511000000-case-instants.ts";
import { StartLeases1764512000000 } from "../../migrations/1764512000000-start-leases.ts";
import { Talk1764420000000 } from "../../migrations/1764420000000-talk.ts";
import { connect, connectionsOfAPool, mostWaiting } from "./connections.ts";
import { retrying } from "./retry.ts";
import { text } from "./rows.ts";
import { DatabaseTime } from "./time.ts";

export type Row = Readonly<Record<string, unknown>>;
export type Parameter = string | number | null;

/** Rows of a statement, within a transaction or outside of one. */
export type Query = (sql: string, parameters?: readonly Parameter[]) => Promise<readonly Row[]>;

/** What a transaction can do: read rows, and change them with the number of rows that were changed. */
export interface Transaction {
  readonly query: Query;
  readonly execute: (sql: string, parameters?: readonly Parameter[]) => Promise<number>;
  readonly insert: (table: string, row: Readonly<Record<string, Parameter>>) => Promise<void>;
  /** Rows of the same columns in one statement. */
  readonly insertAll: (table: string, rows: readonly Readonly<Record<string, Parameter>>[]) => Promise<void>;
  /** Inserts the rows whose key `id` is not there yet, and leaves the others as they are. */
  readonly insertMissing: (table: string, rows: readonly Readonly<Record<string, Parameter>>[]) => Promise<void>;
  readonly kind: "sqlite" | "mysql";
  /** The time that all nodes go by. */
  readonly time: DatabaseTime;
  /** On MySQL `for update`; on SQLite nothing, because writers already take turns there. */
  readonly forUpdate: string;
}

export interface StoreOptions {
  /** `mysql://user:password@host:port/database`; `null` for the embedded database. */
  readonly databaseUrl: string | null;
  /** File of the embedded database. */
  readonly file: string;
}

const migrations = [
  Initial1763900000000,
  Operations1764000000000,
  Supervision1764100000000,
  Ledger1764200000000,
  RulePacks1764300000000,
  Sharing1764310000000,
  WorkItems1764400000000,
  Substitution1764405000000,
  Talk1764420000000,
  Forms1764430000000,
  Returns1764410000000,
  Notices1764440000000,
  Use1764450000000,
  Choices1764460000000,
  Supplements1764470000000,
  FormFiles1764471000000,
  NoticeReach1764490000000,
  CalledWork1764492000000,
  AccessProbe1764500000000,
  DraftedBy1764510000000,
  CaseInstants1764511000000,
  StartLeases1764512000000,
  HeldWork1764513000000,
];

/**
 * The database. SQLite in one file by default, MySQL or MariaDB by URL; the same statements on both. All times are ISO 8601
 * texts that the caller binds, so neither the database's nor the host's time zone ever matters.
 */
export class Store {
  readonly kind: "sqlite" | "mysql";
  readonly #write: DataSource;
  readonly #read: DataSource;
  #queue: Promise<unknown> = Promise.resolve();
  #time: DatabaseTime | null = null;

  private constructor(kind: "sqlite" | "mysql", write: DataSource, read: DataSource) {
    this.kind = kind;
    this.#write = write;
    this.#read = read;
  }

  /** The time that all nodes go by: of cases, leases and sessions. */
  get time(): DatabaseTime {
    if (!this.#time) throw new Error("the store is not open yet");
    return this.#time;
  }

  /** Opens the database and brings its schema up to date. */
  static async open(options: StoreOptions): Promise<Store> {
    if (options.databaseUrl !== null) {
      const write = await mysqlSource(options.databaseUrl).initialize();
      // Reads have connections of their own: a transaction that reads beside itself never waits for one that waits for it.
      return new Store("mysql", write, await mysqlSource(options.databaseUrl).initialize()).#opened();
    }
    if (options.file !== ":memory:") mkdirSync(dirname(options.file), { recursive: true });
    const write = await sqliteSource(options.file).initialize();
    const store = new Store(
      "sqlite",
      write,
      options.file === ":memory:" ? write : await sqliteSource(options.file).initialize(),
    );
    return store.#opened();
  }

  async #opened(): Promise<Store> {
    await this.migrate();
    this.#time = await DatabaseTime.open(() => this.#now());
    return this;
  }

  /** Milliseconds since 1970 by the server's clock. The embedded database has none but this machine's. */
  async #now(): Promise<number> {
    if (this.kind === "sqlite") return Date.now();
    const [row] = await this.read("SELECT DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%fZ') AS at");
    return Date.parse(text(row ?? {}, "at"));
  }

  /** Rows outside a transaction, as last committed. A lost connection reads again. */
  readonly read: Query = (sql, parameters = []) =>
    retrying(async () => {
      const runner = this.#read.createQueryRunner();
      try {
        await connect(runner);
        return (await runner.query(sql, [...parameters])) as Row[];
      } finally {
        await runner.release();
      }
    });

  /**
   * Runs `work` in one transaction and commits it. A deadlock or lost connection runs it again from the start, so `work` must
   * have no effect outside the database. On SQLite transactions take turns, because they share one connection.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const attempt = () => retrying(() => this.#once(work));
    if (this.kind === "mysql") return attempt();
    const turn = this.#queue.then(attempt);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#queue;
    if (this.#read !== this.#write) await this.#read.destroy();
    await this.#write.destroy();
  }

  /** Applies pending migrations. Two nodes that start together both come up: the second finds the work done. */
  async migrate(): Promise<void> {
    await retrying(async () => {
      try {
        await this.#write.runMigrations({ transaction: this.kind === "sqlite" ? "all" : "none" });
      } catch (error) {
        if (await this.#isMigrated()) return;
        throw error;
      }
    });
  }

  async #isMigrated(): Promise<boolean> {
    return !(await this.#write.showMigrations());
  }

  async #once<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.#write.createQueryRunner();
    try {
      await connect(runner);
      await runner.startTransaction(this.kind === "mysql" ? "READ COMMITTED" : undefined);
      const result = await work(this.#over(runner));
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  #over(runner: QueryRunner): Transaction {
    const query = async (sql: string, parameters: readonly Parameter[] = []) =>
      (await runner.query(sql, [...parameters])) as Row[];
    const execute = async (sql: string, parameters: readonly Parameter[] = []) => {
      const result = await runner.query(sql, [...parameters], true);
      return result.affected ?? 0;
    };
    const insertRows = async (table: string, rows: readonly Readonly<Record<string, Parameter>>[], and = "") => {
      const names = Object.keys(rows[0] ?? {});
      if (names.length === 0) return;
      const quoted = names.map((name) => this.#write.driver.escape(name)).join(", ");
      const places = `(${names.map(() => "?").join(", ")})`;
      await execute(
        `INSERT INTO ${this.#write.driver.escape(table)} (${quoted}) VALUES ${rows.map(() => places).join(", ")}${and}`,
        rows.flatMap((row) => names.map((name) => row[name] ?? null)),
      );
    };
    const isMySql = this.kind === "mysql";
    // Not INSERT IGNORE: that would also swallow what does not fit.
    const unlessThere = isMySql ? " ON DUPLICATE KEY UPDATE id = id" : " ON CONFLICT (id) DO NOTHING";
    return {
      kind: this.kind,
      time: this.time,
      query,
      execute,
      insert: (table, row) => insertRows(table, [row]),
      insertAll: (table, rows) => insertRows(table, rows),
      insertMissing: (table, rows) => insertRows(table, rows, unlessThere),
      forUpdate: isMySql ? "FOR UPDATE" : "",
    };
  }
}

function sqliteSource(file: string): DataSource {
  return new DataSource({
    type: "better-sqlite3",
    // libsql is a drop-in for better-sqlite3 whose binary comes with the npm package: no compiler is needed.
    driver: createRequire(import.meta.url)("libsql"),
    database: file,
    migrations,
    migrationsTableName: "migration",
    synchronize: false,
    logging: false,
    enableWAL: file !== ":memory:",
    prepareDatabase: (database: { pragma: (text: string) => unknown }) => {
      database.pragma("busy_timeout = 5000");
      database.pragma("synchronous = FULL");
    },
  });
}

function mysqlSource(url: string): DataSource {
  return new DataSource({
    type: "mariadb",
    url,
    charset: "utf8mb4_bin",
    timezone: "Z",
    poolSize: connectionsOfAPool,
    migrations,
    migrationsTableName: "migration",
    synchronize: false,
    logging: false,
    extra: { waitForConnections: true, queueLimit: mostWaiting },
  });
}
