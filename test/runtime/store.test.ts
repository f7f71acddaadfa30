import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ConflictError } from "../../server/store/retry.ts";
import { Store } from "../../server/store/store.ts";

const folder = mkdtempSync(join(tmpdir(), "jieli-store-"));
let store: Store | null = null;
afterEach(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the embedded store", () => {
  it("commits whole transactions, in turn, and shows readers only what is committed", async () => {
    store = await Store.open({ databaseUrl: null, file: join(folder, "a.sqlite") });
    const opened = store;
    await opened.transaction((tx) => tx.insert("counter", { name: "n", value: 0 }));
    const add = () =>
      opened.transaction(async (tx) => {
        const [row] = await tx.query("SELECT value FROM counter WHERE name = ?", ["n"]);
        await new Promise((resolve) => setImmediate(resolve));
        await tx.execute("UPDATE counter SET value = ? WHERE name = ?", [Number(row?.["value"]) + 1, "n"]);
      });
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await opened.read("SELECT value FROM counter")).toEqual([{ value: 20 }]);

    await expect(
      opened.transaction(async (tx) => {
        await tx.execute("UPDATE counter SET value = 99 WHERE name = ?", ["n"]);
        expect(await opened.read("SELECT value FROM counter")).toEqual([{ value: 20 }]);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await opened.read("SELECT value FROM counter")).toEqual([{ value: 20 }]);
  });

  it("tells how many rows a change touched, and runs a conflicting transaction again", async () => {
    store = await Store.open({ databaseUrl: null, file: join(folder, "b.sqlite") });
    let runs = 0;
    const changed = await store.transaction(async (tx) => {
      runs += 1;
      if (runs === 1) throw new ConflictError("again");
      await tx.insert("counter", { name: "n", value: 1 });
      return tx.execute("UPDATE counter SET value = 2 WHERE name = ? AND value = ?", ["n", 1]);
    });
    expect([runs, changed]).toEqual([2, 1]);
  });
});
