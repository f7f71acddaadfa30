import { afterAll, beforeAll, expect, it } from "vitest";
import { signIn } from "../../server/identity/sessions.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { demoPassword } from "../../server/runtime/seed.ts";
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "./support.ts";

/** Every other test begins on a copy of a started database; this one starts on an empty one. */
let databases: readonly TestDatabase[] = [];
let runtimes: readonly Runtime[] = [];
beforeAll(async () => {
  databases = [await createEmptyDatabase(), await createTestDatabase()];
  runtimes = await Promise.all(databases.map((database) => openRuntime(database)));
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
  for (const database of databases) await database.remove();
});

/** What a start puts there, by table. */
async function started({ store }: Runtime): Promise<unknown> {
  return {
    migrations: await store.read("SELECT name FROM migration ORDER BY id"),
    definitions: await store.read("SELECT process_key, version, state, hash FROM definition ORDER BY process_key"),
    rules: await store.read("SELECT id FROM rule_set"),
    people: await store.read("SELECT id, account, name, failures FROM person ORDER BY id"),
    posts: await store.read("SELECT id, person_id, organisation_id, role FROM post ORDER BY id"),
  };
}

it("makes the tables, the shipped processes and the demo's people, as the copies for other tests hold them", async () => {
  const [first, copy] = await Promise.all(runtimes.map((runtime) => started(runtime)));
  expect(first).toMatchObject({ people: expect.arrayContaining([expect.objectContaining({ account: "wang" })]) });
  expect(copy).toEqual(first);
});

it("lets the demo's people in with the password that the sign-in page shows", async () => {
  for (const { store, clock } of runtimes) {
    const { principal } = await signIn(store, { account: "wang", password: demoPassword, caseTime: clock.now() });
    expect(principal.id).toBe("u-wang");
  }
});

it("is told from a second start, which adds nothing", async () => {
  const before = await Promise.all(runtimes.map((runtime) => started(runtime)));
  const again = await Promise.all(databases.map((database) => openRuntime(database)));
  expect(await Promise.all(again.map((runtime) => started(runtime)))).toEqual(before);
  for (const runtime of again) await runtime.close();
});
