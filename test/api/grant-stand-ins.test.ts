import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { ApiBench } from "./support.ts";
import { accepted, delivered, GrantBench } from "./grants-support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM substitution"));
});

const reason = { reason: "经核实需要如此处理" };
/** Nobody of these holds a post by which they could act themselves. */
const forReceiver = { person: "u-wang", substitute: "u-none", organisation: "nm-civil" };
const forAuthority = { person: "u-chen", substitute: "u-deng", organisation: "nm-data" };

/** Somebody of this organisation with a post that gives no right on grants. */
async function colleague(organisation: string): Promise<void> {
  await bench.runtime.store.transaction(async (tx) => {
    await tx.execute("DELETE FROM post WHERE person_id = 'u-deng'");
    await tx.insert("post", { id: "p-deng", person_id: "u-deng", organisation_id: organisation, role: "duty-officer" });
  });
}

async function arrange(head: string, who: object, scope: object = {}): Promise<void> {
  const now = Date.parse(bench.runtime.clock.now());
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const answer = await (
    await bench.as(head)
  ).post("/api/substitutions", { ...who, from: at(-1), until: at(24 * 30), reason: "外出培训", ...scope });
  expect(answer.status, answer.text).toBe(201);
}

describe("whoever stands in for an official on a grant", () => {
  it("acts for the receiver: renews, narrows, gives up; the history names both", async () => {
    const id = await grants.inForce();
    await colleague("nm-civil");
    expect((await grants.act("deng", id, "narrow", { items: ["tenant"], ...reason })).status).toBe(403);
    await arrange("liu", { ...forReceiver, substitute: "u-deng" });
    expect(await grants.grant(id, "deng")).toMatchObject({
      actions: expect.arrayContaining(["narrow", "renew"]),
      onBehalfOf: { name: "王敏" },
    });
    expect(await grants.grant(id, "wang")).toMatchObject({ onBehalfOf: null });
    const narrowed = await grants.act("deng", id, "narrow", { items: ["tenant"], ...reason });
    expect(narrowed.status, narrowed.text).toBe(200);
    expect((await grants.act("deng", id, "renewal", { to: "2027-11-30", ...reason })).status).toBe(200);
    expect((await grants.act("deng", id, "release", reason)).status).toBe(200);
    const lines = (await grants.history(id)).filter(({ type }) => ["grant.narrowed", "access.ended"].includes(type));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect([line.actor, line.by]).toEqual(["substitute", "邓明（代王敏）"]);
  });

  it("accepts a delivery in the receiver's stead", async () => {
    const id = await grants.granted();
    await grants.take(id, delivered);
    await colleague("nm-civil");
    await arrange("liu", { ...forReceiver, substitute: "u-deng" });
    await grants.take(id, ["deng", accepted[1], accepted[2], accepted[3] ?? {}]);
    expect(await grants.grant(id)).toMatchObject({ state: "active", deliveries: [{ result: "passed" }] });
    const test = (await grants.history(id)).find(({ type }) => type === "delivery.tested");
    expect(test).toMatchObject({ actor: "substitute", by: "邓明（代王敏）" });
  });

  it("acts for the authority: suspends and restores, and nothing of the other sides", async () => {
    const id = await grants.inForce();
    await colleague("nm-data");
    await arrange("guan", forAuthority);
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(200);
    expect((await grants.act("deng", id, "restore", reason)).status).toBe(200);
    expect((await grants.act("deng", id, "narrow", { items: ["tenant"], ...reason })).status).toBe(403);
  });

  it("is told of what concerns a grant of whom they stand in for", async () => {
    const id = await grants.inForce();
    await colleague("nm-civil");
    await arrange("liu", { ...forReceiver, substitute: "u-deng" });
    expect((await grants.act("zhou", id, "suspend", reason)).status).toBe(200);
    await bench.runtime.notices.sweep();
    const { items } = (await (await bench.as("deng")).get("/api/notices")).body as { items: PersonalNotice[] };
    expect(items.find(({ kind, path }) => kind === "grant.suspended" && path === `/cases/${id}`)).toMatchObject({
      inSteadOf: { name: "王敏" },
    });
  });

  it.each([
    ["another process", { processes: ["ds-03"] }],
    ["lower grades of data", { highestGrade: 1 }],
    ["other roles", { roles: ["manager"], person: "u-guan" }],
  ])("has no right beyond the scope of the substitution: %s", async (_, scope) => {
    const id = await grants.inForce();
    await colleague("nm-data");
    await arrange("guan", forAuthority, scope);
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(404);
    expect(await grants.list("deng", "all")).not.toContain(id);
  });

  it("finds among the grants, and in their counts, what opens and where they may act", async () => {
    const id = await grants.inForce();
    await colleague("nm-data");
    expect(await grants.list("deng", "all")).not.toContain(id);
    await arrange("guan", forAuthority);
    expect(await grants.list("deng", "all")).toContain(id);
    expect((await grants.grant(id, "deng")).actions).toContain("suspend");
    const [substitute, reviewer] = [await grants.figures("deng"), await grants.figures("chen")];
    expect(substitute.realities).toEqual(reviewer.realities);
    expect(substitute.realities.fresh).toBeGreaterThan(0);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE substitution SET ends_at = ?", [bench.runtime.clock.now()]),
    );
    expect(await grants.list("deng", "all")).not.toContain(id);
    expect((await (await bench.as("deng")).get(`/api/grants/${id}`)).status).toBe(404);
    expect((await (await bench.as("deng")).get("/api/grants/figures")).status).toBe(404);
  });

  it("finds none that concerns an organisation of their own, nor one that whoever is away applied for", async () => {
    const id = await grants.inForce();
    await colleague("nm-data");
    await arrange("guan", forAuthority);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE instance SET started_by = 'u-chen' WHERE id = ?", [id]),
    );
    expect(await grants.list("deng", "all")).not.toContain(id);
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(404);
  });

  it("accepts for the author what they wrote in their stead, and does nothing for the authority", async () => {
    const id = await grants.inForce();
    await colleague("nm-civil");
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE instance SET drafted_by = 'u-deng' WHERE id = ?", [id]),
    );
    await arrange("liu", { ...forReceiver, substitute: "u-deng" });
    expect((await grants.act("deng", id, "narrow", { items: ["tenant"], ...reason })).status).toBe(200);
    // The same person at the authority, later, by a post of their own and in the stead of its reviewer.
    await bench.runtime.store.transaction(async (tx) => {
      await tx.execute("DELETE FROM substitution");
      await tx.execute("UPDATE post SET organisation_id = 'nm-data', role = 'authority-reviewer' WHERE id = 'p-deng'");
    });
    expect(await grants.list("deng", "all")).toContain(id);
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(403);
    await colleague("nm-data");
    await arrange("guan", forAuthority);
    expect(await grants.list("deng", "all")).not.toContain(id);
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(404);
  });

  it("has none in a case that they began, and none when the substitution is over", async () => {
    const id = await grants.inForce();
    await colleague("nm-data");
    await arrange("guan", forAuthority);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE instance SET started_by = 'u-deng' WHERE id = ?", [id]),
    );
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(404);
    await bench.runtime.store.transaction(async (tx) => {
      await tx.execute("UPDATE instance SET started_by = 'u-wang' WHERE id = ?", [id]);
      await tx.execute("UPDATE substitution SET ends_at = ?", [bench.runtime.clock.now()]);
    });
    expect((await grants.act("deng", id, "suspend", reason)).status).toBe(404);
    expect((await grants.grant(id)).state).toBe("active");
  });
});
