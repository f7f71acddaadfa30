import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RulePack } from "../../engine/routing/rule-pack.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** Guizhou's pack with a reply of eight working days, in force on a day that no other test reaches. */
function shorterReply(version: string): RulePack {
  const shipped = bench.runtime.content.rulePacks.find(({ region }) => region === "520000")!;
  const limits = shipped.limits.map((limit) =>
    limit.code === "L.REPLY.COND" ? { ...limit, value: 8, promised: 6 } : limit,
  );
  return { ...shipped, version, effectiveFrom: "2098-01-01", limits };
}

describe("rule packs over HTTP", () => {
  it("list versions, tell one, and tell which is in force on a day", async () => {
    const clerk = await bench.as("wang");
    const { body } = await clerk.get("/api/rule-packs?region=520000&date=2026-11-23");
    expect(body.items).toMatchObject([{ region: "520000", version: "2026.1", state: "shipped", inForce: true }]);
    const one = await clerk.get("/api/rule-packs/520000/2026.1");
    expect(one.body.pack.limits[0]).toMatchObject({ code: "L.REPLY.COND", startEvent: "provider.received" });
    expect((await clerk.get("/api/rule-packs/520000/1999.1")).status).toBe(404);
  });

  it("are written by a designer of the region, published by a second one, and differ in plain words", async () => {
    const lin = await bench.as("lin");
    const drafted = await lin.post("/api/rule-packs", { pack: shorterReply("2098.1"), comment: "压缩时限" });
    expect([drafted.status, drafted.body.state]).toEqual([201, "draft"]);
    const publication = `/api/rule-packs/${drafted.body.id}/publication`;
    expect((await lin.post(publication, {})).body.code).toBe("SECOND_PERSON_NEEDED");
    const published = await (await bench.as("tan")).post(publication, {});
    expect(published.body).toMatchObject({ state: "published", author: "林悦", publishedBy: "谭慧" });

    const { body } = await lin.get("/api/rule-packs/diff?region=520000&from=2026.1&to=2098.1");
    expect(body.changes).toContainEqual({
      zh: "“有条件共享答复”（L.REPLY.COND）的时限由10个工作日改为8个工作日；依据《贵州省政府数据共享开放条例》。",
      en: "The limit of “Reply, conditional” (L.REPLY.COND) goes from 10 working day(s) to 8 working day(s); source 贵州省政府数据共享开放条例.",
    });
    expect(body.changes).toHaveLength(3);
  });

  it("are refused from anybody else, with the answer of what does not exist", async () => {
    const body = { pack: shorterReply("2098.2"), comment: "" };
    expect((await (await bench.as("wang")).post("/api/rule-packs", body)).status).toBe(404);
    const nation = { pack: { ...shorterReply("2098.3"), region: "000000" }, comment: "" };
    expect((await (await bench.as("lin")).post("/api/rule-packs", nation)).status).toBe(404);
  });

  it("are refused with place, bound and source in both languages", async () => {
    const pack = shorterReply("2098.4");
    const limits = pack.limits.map((limit) => (limit.code === "L.REPLY.COND" ? { ...limit, value: 12 } : limit));
    const answer = await (await bench.as("lin")).post("/api/rule-packs", { pack: { ...pack, limits }, comment: "" });
    expect([answer.status, answer.body.code]).toEqual([422, "RULES_REFUSED"]);
    expect(answer.body.problems).toContainEqual({
      code: "LIMIT_LONGER_THAN_ABOVE",
      place: "rule-packs/520000 L.REPLY.COND value",
      message: {
        zh: expect.stringContaining("政务数据共享条例"),
        en: expect.stringContaining("exceeds the 10 of 000000"),
      },
    });
    const unreadable = await (
      await bench.as("lin")
    ).post("/api/rule-packs", { pack: { region: "520000" }, comment: "" });
    expect(unreadable.body.problems[0].code).toBe("PACK_UNREADABLE");
  });

  it("come with their JSON Schema and the vocabulary of routing", async () => {
    const schema = await request(bench.server).get("/api/schemas/rule-pack.json");
    expect(schema.body.required).toEqual(expect.arrayContaining(["region", "version", "name", "effectiveFrom"]));
    const { body } = await (await bench.as("wang")).get("/api/routing/vocabulary");
    expect(body.dimensions).toHaveLength(19);
  });
});
