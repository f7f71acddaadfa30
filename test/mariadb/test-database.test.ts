import { describe, expect, it } from "vitest";
import { Store } from "../../server/store/store.ts";
import { createTestDatabase, testedDatabase } from "./test-database.ts";

describe("a test database", () => {
  it("is empty, of the tested kind and apart from others", async () => {
    const [one, other] = [await createTestDatabase(), await createTestDatabase()];
    expect([one.kind, one.databaseUrl === null]).toEqual([testedDatabase, testedDatabase === "sqlite"]);
    const store = await Store.open(one);
    const second = await Store.open(other);
    try {
      await store.transaction((tx) => tx.insert("counter", { name: "n", value: 1 }));
      expect(await store.read("SELECT value FROM counter")).toHaveLength(1);
      expect(await second.read("SELECT value FROM counter")).toHaveLength(0);
    } finally {
      await store.close();
      await second.close();
      await one.remove();
      await other.remove();
    }
  });
});
