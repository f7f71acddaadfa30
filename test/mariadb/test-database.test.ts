import { describe, expect, it } from "vitest";
import { Store } from "../../server/store/store.ts";
import { createEmptyDatabase, createTestDatabase, testedDatabase, type TestDatabase } from "./test-database.ts";

/** Writes into the first of two databases and gives how many rows each has then. */
async function apart([one, other]: readonly [TestDatabase, TestDatabase]): Promise<unknown> {
  const [first, second] = [await Store.open(one), await Store.open(other)];
  const counters = "SELECT COUNT(*) AS n FROM counter WHERE name = 'mine'";
  try {
    await first.transaction((tx) => tx.insert("counter", { name: "mine", value: 1 }));
    return await Promise.all([first, second].map(async (store) => Number((await store.read(counters))[0]?.["n"])));
  } finally {
    await first.close();
    await second.close();
    await one.remove();
    await other.remove();
  }
}

describe("a test database", () => {
  it("that is empty is of the tested kind and apart from others", async () => {
    const pair = [await createEmptyDatabase(), await createEmptyDatabase()] as const;
    expect([pair[0].kind, pair[0].databaseUrl === null]).toEqual([testedDatabase, testedDatabase === "sqlite"]);
    expect(await apart(pair)).toEqual([1, 0]);
  });

  it("that is a copy of a started one is apart from others, those made later too", async () => {
    expect(await apart([await createTestDatabase(), await createTestDatabase()])).toEqual([1, 0]);
    expect(await apart([await createTestDatabase(), await createTestDatabase()])).toEqual([1, 0]);
  });
});
