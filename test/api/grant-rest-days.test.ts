import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { official2027 } from "../support/official-2027.ts";
import { GrantBench } from "./grants-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

const { region: _region, year: _year, ...official } = official2027;
const nextOf = async (id: string) =>
  (await bench.runtime.store.read("SELECT due_at FROM access_grant WHERE instance_id = ?", [id]))[0]?.["due_at"];
const told = async (id: string) => (await grants.history(id)).filter(({ type }) => type === "grant.endsSoon");

describe("a warning before the end of access", () => {
  it("comes on the last working day before days of rest, also where the year's days are published meanwhile", async () => {
    // Thirty days before: Wednesday, 10 February 2027, within the holidays that are not published yet.
    const id = await grants.inForce("2027-03-12");
    expect(await nextOf(id)).toBe("2027-02-10T01:00:00.000Z");
    const imported = await (await bench.as("admin")).post("/api/calendars/000000/years/2027", official);
    expect(imported.status, imported.text).toBeLessThan(300);
    await bench.runtime.settle();
    expect(await nextOf(id)).toBe("2027-02-04T01:00:00.000Z");
    await bench.runtime.moveClock("2027-02-04T00:59:00.000Z");
    expect(await told(id)).toEqual([]);
    await bench.runtime.moveClock("2027-02-04T01:00:00.000Z");
    expect(await told(id)).toMatchObject([
      {
        actor: "system",
        en: "the access ends on 2027-03-12 (in 36 days)",
        zh: "授权将于 2027-03-12 到期（还有 36 天）",
      },
    ]);
    await bench.runtime.moveClock("2027-02-10T02:00:00.000Z");
    expect(await told(id)).toHaveLength(1);
  });
});
