import { createHash } from "node:crypto";
import { vi } from "vitest";
import { newId } from "../../../server/store/ids.ts";
import type { Parameter, Row, Store } from "../../../server/store/store.ts";
import { ApiBench } from "../../api/support.ts";
import { publish } from "../../runtime/timed-process.ts";
import { situationFacts } from "../situations.ts";
import { keyOf, shapes, shapeXml, type Shape } from "./shapes.ts";

/** Those of the demo who come near the cases here; `luo` has nothing to do with them. */
const demoPeople = [
  "wang",
  "liu",
  "zhang",
  "zheng",
  "yang",
  "feng",
  "wu",
  "shao",
  "guan",
  "huang",
  "gao",
  "luo",
] as const;

const provider = "gz-medical";
const applicant = "nm-civil";

/**
 * Appointed beside them: `shuang` holds two posts that may meet in one step, `mei` and `min` sign with the clerks; and two of
 * them are the applicant's clerks too, so that whoever applied would also decide.
 */
const appointed = {
  shuang: [
    [provider, "provider-clerk"],
    [provider, "provider-head"],
    [applicant, "applicant-clerk"],
  ],
  mei: [
    [provider, "mediator"],
    [applicant, "applicant-clerk"],
  ],
  min: [
    [provider, "mediator"],
    [provider, "security-reviewer"],
  ],
} as const;

export const people = [...demoPeople, "shuang", "mei", "min"] as const;
export type Account = (typeof people)[number];
export const idOf = (account: string) => `u-${account}`;

/** Who may have begun a case: the applicant's clerk, or somebody who would also decide on it. */
export const starters = ["wang", "shuang", "mei"] as const satisfies readonly Account[];
/** Who may leave; somebody has to be left to look. */
export const leavers = ["zhang", "zheng", "feng", "shuang", "mei", "min", "wu"] as const satisfies readonly Account[];

/** Long unchanged, and much: what an operation on a case cannot touch. `session` says only when somebody was last seen. */
const notCompared: ReadonlySet<string> = new Set(["session", "migration", "definition", "definition_form", "rule_set"]);

/** The server with its people, between one random case and the next. */
export class World {
  readonly bench: ApiBench;
  readonly #definitions: ReadonlyMap<Shape, string>;
  readonly #tables: readonly string[];
  readonly #standing: ReadonlyMap<string, readonly Row[]>;

  private constructor(
    bench: ApiBench,
    definitions: ReadonlyMap<Shape, string>,
    standing: ReadonlyMap<string, readonly Row[]>,
  ) {
    this.bench = bench;
    this.#definitions = definitions;
    this.#tables = [...standing.keys()];
    this.#standing = standing;
  }

  /** The caller has stopped the time: it moves by `pass` and `bench.runtime.moveClock` alone, so that a seed gives the same again. */
  static async open(): Promise<World> {
    const bench = await ApiBench.open();
    const { store } = bench.runtime;
    await appointAll(store);
    for (const account of people) await bench.as(account);
    const definitions = new Map<Shape, string>();
    for (const shape of shapes) definitions.set(shape, (await publish(bench.runtime, shapeXml(shape))).definition);
    const standing = new Map<string, readonly Row[]>();
    for (const table of await tablesOf(store)) standing.set(table, await store.read(`SELECT * FROM ${quoted(table)}`));
    return new World(bench, definitions, standing);
  }

  async close(): Promise<void> {
    await this.bench.close();
  }

  /** A case of a shape, begun at a moment by one of these people. Whatever the one before left behind is gone. */
  async begin({ shape, starter, at }: { shape: Shape; starter: Account; at: string }): Promise<string> {
    // The demo's clock only goes forward: what it is ahead by is taken off what the machine says.
    const ahead = Date.parse(this.now) - Date.now();
    vi.setSystemTime(Date.parse(at) - ahead);
    // Sessions go by the database's time, which is the machine's here.
    await this.bench.runtime.store.time.synchronise();
    await this.#clear();
    const definitionId = this.#definitions.get(shape) ?? "";
    const id = newId();
    const [row] = await this.bench.runtime.store.read("SELECT name FROM person WHERE id = ?", [idOf(starter)]);
    await this.bench.runtime.start(
      {
        id,
        caseNumber: id.slice(-12),
        definitionId,
        processKey: keyOf(shape),
        startEvent: null,
        subject: { zh: "医保参保信息", en: "Medical insurance" },
        applicant: { organisation: applicant, region: "520102" },
        provider: { organisation: provider, region: "520000" },
        variables: situationFacts,
      },
      { kind: "person", id: idOf(starter), name: String(row?.["name"]), organisation: applicant },
      null,
      async () => undefined,
    );
    return id;
  }

  get now(): string {
    return this.bench.runtime.clock.now();
  }

  /** A second goes by, as between any two who act one after the other. */
  pass(): void {
    vi.setSystemTime(Date.now() + 1_000);
  }

  /** Everything that the database holds, as one value. */
  async digest(): Promise<string> {
    const hash = createHash("sha256");
    for (const table of this.#tables) {
      if (notCompared.has(table)) continue;
      const rows = await this.bench.runtime.store.read(`SELECT * FROM ${quoted(table)}`);
      const lines = rows.map((row) => JSON.stringify(row)).sort();
      hash.update(`${table}\n${lines.join("\n")}\n`);
    }
    return hash.digest("hex");
  }

  async #clear(): Promise<void> {
    const { store } = this.bench.runtime;
    await store.transaction(async (tx) => {
      for (const [table, rows] of this.#standing) {
        if (rows.length === 0) await tx.execute(`DELETE FROM ${quoted(table)}`);
        if (!["person", "post", "session"].includes(table)) continue;
        await tx.execute(`DELETE FROM ${quoted(table)}`);
        const seen = store.time.now();
        const fresh = table === "session" ? rows.map((row) => ({ ...row, created_at: seen, seen_at: seen })) : rows;
        await tx.insertAll(table, fresh as readonly Readonly<Record<string, Parameter>>[]);
      }
    });
  }
}

async function appointAll(store: Store): Promise<void> {
  const [like] = await store.read("SELECT password FROM person WHERE id = 'u-zhang'");
  await store.transaction(async (tx) => {
    for (const [account, posts] of Object.entries(appointed)) {
      const person = { id: idOf(account), account, name: account, does_zh: "", does_en: "", failures: 0 };
      await tx.insert("person", { ...person, password: String(like?.["password"]) });
      for (const [organisation, role] of posts)
        await tx.insert("post", { id: newId(), person_id: idOf(account), organisation_id: organisation, role });
    }
  });
}

async function tablesOf(store: Store): Promise<readonly string[]> {
  const rows = await store.read(
    store.kind === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name",
  );
  return rows.map((row) => String(row["name"]));
}

/** `comment` and the like are words of the language on one of the databases. */
function quoted(table: string): string {
  return `\`${table}\``;
}
