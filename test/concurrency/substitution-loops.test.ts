import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrangeSubstitution } from "../../server/handing/substitutions.ts";
import { signIn, type Principal } from "../../server/identity/sessions.ts";
import { RuntimeProblem } from "../../server/runtime/errors.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "../runtime/support.ts";

/** Of one organisation and of the same standing, so that each may name any other. */
const colleagues = ["zhang", "zheng", "wu", "shao"] as const;
const organisation = "gz-medical";
const rounds = 60;

let database: TestDatabase;
let nodes: readonly [Runtime, Runtime];
let principals: readonly Principal[];

beforeAll(async () => {
  database = await createTestDatabase();
  nodes = [await openRuntime(database), await openRuntime(database)];
  const { store, clock } = nodes[0];
  const signedIn: Principal[] = [];
  for (const account of colleagues)
    signedIn.push((await signIn(store, { account, password: demoPassword, caseTime: clock.now() })).principal);
  principals = signedIn;
});
afterAll(async () => {
  for (const runtime of nodes) await runtime.close();
  await database.remove();
});

/** Everybody of a circle names the next one at the same instant. Gives the codes of those who were refused. */
async function circle(size: number, round: number): Promise<readonly string[]> {
  await nodes[0].store.transaction((tx) => tx.execute("DELETE FROM substitution"));
  const now = Date.parse(nodes[0].clock.now());
  const [from, until] = [now - 3_600_000, now + 86_400_000].map((at) => new Date(at).toISOString());
  const answers = await Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const [person, substitute] = [principals[index], principals[(index + 1) % size]];
      if (!person || !substitute || !from || !until) throw new Error("nobody stands there");
      const scope = { processes: null, roles: null, highestGrade: null };
      const arrangement = { person: person.id, substitute: substitute.id, organisation, from, until, ...scope };
      const runtime = nodes[(index + round) % 2] ?? nodes[0];
      return arrangeSubstitution(runtime, person, { ...arrangement, reason: "出差" }).then(
        () => null,
        (error: unknown) => {
          if (!(error instanceof RuntimeProblem)) throw error;
          return error.problems.map(({ code }) => code).join(" ");
        },
      );
    }),
  );
  return answers.filter((code) => code !== null);
}

/** Whether somebody comes back to themselves from substitute to substitute. */
async function loopStands(): Promise<boolean> {
  const rows = await nodes[0].store.read("SELECT person_id, substitute_id FROM substitution WHERE revoked_at IS NULL");
  const next = new Map(rows.map((row) => [text(row, "person_id"), text(row, "substitute_id")]));
  return [...next.keys()].some((start) => {
    let at = next.get(start);
    for (let steps = 0; at !== undefined && at !== start && steps < rows.length; steps += 1) at = next.get(at);
    return at === start;
  });
}

describe("people who name each other as substitutes at the same instant", () => {
  it.each([2, 3, 4])(
    `never make a loop of %i persons, ${rounds} times over`,
    async (size) => {
      for (let round = 0; round < rounds; round += 1) {
        const refused = await circle(size, round);
        expect(await loopStands()).toBe(false);
        expect(refused.length, "somebody of the circle is refused").toBeGreaterThan(0);
        for (const code of refused) expect(["SUBSTITUTION_LOOP", "SUBSTITUTE_AWAY"]).toContain(code);
        const [stored] = await nodes[0].store.read("SELECT COUNT(*) AS n FROM substitution");
        expect(Number(stored?.["n"])).toBe(size - refused.length);
      }
    },
    180_000,
  );
});
