import { afterAll, beforeAll, expect, it } from "vitest";
import { Store } from "../../server/store/store.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await Store.open({ databaseUrl: database.databaseUrl, file: database.file });
});
afterAll(async () => {
  await store.close();
  await database.remove();
});

it("reads in the midst of more transactions than there are connections", async () => {
  const many = 12;
  let begun = 0;
  let allBegun: () => void = () => undefined;
  const asManyAsThereAre = new Promise<void>((resolve) => (allBegun = resolve));
  const work = (index: number) =>
    store.transaction(async (tx) => {
      await tx.insert("counter", { name: `n${index}`, value: index });
      begun += 1;
      // On the embedded database transactions take turns; elsewhere ten are open before the first one reads.
      if (store.kind === "sqlite" || begun >= 10) allBegun();
      await asManyAsThereAre;
      return (await store.read("SELECT 1 AS one")).length;
    });
  expect(await Promise.all(Array.from({ length: many }, (_, index) => work(index)))).toEqual(Array(many).fill(1));
  const [row] = await store.read("SELECT COUNT(*) AS n FROM counter WHERE name LIKE 'n%'");
  expect(Number(row?.["n"])).toBe(many);
});
