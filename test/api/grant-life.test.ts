import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realityOf } from "../../engine/sharing/reality.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";
import { GrantBench } from "./grants-support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
});
afterAll(() => bench.close());

/** Moves the clock of cases to nine in the morning of a day in China. */
const morningOf = (day: string) => bench.runtime.moveClock(`${day}T01:00:00.000Z`);

describe("the life of a grant in virtual time", () => {
  it("goes from the application over use, notices and the end by itself to the certificate of disposal", async () => {
    const id = await grants.inForce("2027-03-31");
    const { caseNumber, supervision } = await grants.grant(id);
    const use = (day: string) => ({
      id: `${id}-${day}`,
      caseNumber,
      day,
      calls: 20,
      rows: 20,
      items: ["address"],
      region: "520102",
    });
    await morningOf("2026-12-16");
    await grants.report(use("2026-12-14"), use("2026-12-15"));
    expect(await grants.grant(id)).toMatchObject({ reality: "used", use: { days: 2, calls: 40 } });
    expect((await grants.figures("guan")).funnel).toEqual({
      applied: 1,
      granted: 1,
      delivered: 1,
      accepted: 1,
      used: 1,
    });

    await morningOf("2027-03-25");
    expect((await grants.history(id)).filter(({ type }) => type === "grant.endsSoon").map(({ en }) => en)).toEqual([
      "the access ends on 2027-03-31 (in 30 days)",
      "the access ends on 2027-03-31 (in 7 days)",
    ]);
    expect(await grants.list("guan", "endsSoon")).toEqual([id]);
    expect((await grants.grant(id)).state).toBe("active");

    await morningOf("2027-04-01");
    expect(await grants.grant(id)).toMatchObject({ state: "ended", endedBecause: "term", reality: "over" });
    const ended = (await grants.history(id)).filter(({ type }) => type === "access.ended");
    expect(ended).toMatchObject([{ actor: "system", en: "the term is over; access was ended by the system" }]);
    expect(await grants.list("guan", "switchOffMissing")).toEqual([id]);
    expect((await grants.act("zhou", id, "switched-off", { note: "接口凭证已注销" })).status).toBe(200);
    expect(await grants.list("guan", "switchOffMissing")).toEqual([]);
    const late = await grants.report(use("2027-04-01"));
    expect(late.body.items).toMatchObject([{ result: "taken", suspended: false }]);
    expect((await grants.grant(id)).state).toBe("ended");

    expect(await grants.list("guan", "disposalMissing")).toEqual([id]);
    const due = (await grants.grant(id)).disposal?.dueAt ?? "";
    await bench.runtime.moveClock(new Date(Date.parse(due) + 60_000).toISOString());
    expect((await grants.grant(id)).disposal).toMatchObject({ certificate: null, overdue: true });
    const wrote = { certificate: "CZ-2027-001", disposalNote: "库表已清除" };
    const without = await grants.answer(supervision?.id ?? "", ["wang", "Task_Disposal", "disposed", wrote]);
    expect(without.body.problems).toMatchObject([{ code: "FIELD_MISSING", place: "form.certificateFile" }]);
    const file = await (await bench.as("wang")).upload("处置证明.pdf", pdf);
    const disposed = { ...wrote, certificateFile: [file] };
    await grants.take(supervision?.id ?? "", ["wang", "Task_Disposal", "disposed", disposed]);
    expect((await grants.grant(id)).disposal).toMatchObject({
      certificate: "CZ-2027-001",
      overdue: false,
      file: { ...file, name: "处置证明.pdf", sha256: createHash("sha256").update(pdf).digest("hex") },
    });
    // The provider, who has no step in the supervision, reads it; others do not.
    const read = async (account: string) => (await (await bench.as(account)).get(`/api/attachments/${file.id}`)).status;
    expect([await read("zhou"), await read("hu"), await read("luo")]).toEqual([200, 200, 404]);
    expect(await grants.list("guan", "disposalMissing")).toEqual([]);
    await grants.take(
      supervision?.id ?? "",
      ["chen", "Task_DisposalCheck", "accept"],
      ["xu", "Task_Escalate", "chased", { chaseNote: "已督促提交处置证明" }],
    );
    const [closed] = await bench.runtime.store.read("SELECT status FROM instance WHERE id = ?", [
      supervision?.id ?? "",
    ]);
    expect(closed).toEqual({ status: "completed" });
    expect((await grants.history(id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(["disposal.certified", "records.retained", "access.switchedOff", "use.exceeded"]),
    );
  });

  it("that nobody uses is found after ninety days, by the count and by the question to the receiver", async () => {
    const id = await grants.inForce("2028-01-31");
    const { supervision, acceptedAt } = await grants.grant(id);
    const day = (days: number) => new Date(Date.parse(acceptedAt ?? "") + days * 86_400_000).toISOString().slice(0, 10);
    await morningOf(day(89));
    expect((await grants.grant(id)).reality).toBe("fresh");
    await morningOf(day(91));
    expect((await grants.grant(id)).reality).toBe("unused");
    expect(await grants.list("guan", "unused")).toEqual([id]);
    expect((await grants.history(id)).map(({ type }) => type)).toContain("grant.unused");
    expect((await bench.task("wang", supervision?.id ?? "", "Task_Unused")).element).toBe("Task_Unused");
  });

  it("whose term ran out before the data came ends all the same, and owes nothing", async () => {
    const now = bench.runtime.clock.now().slice(0, 10);
    const id = await grants.granted(now);
    await morningOf(new Date(Date.parse(now) + 2 * 86_400_000).toISOString().slice(0, 10));
    expect(await grants.grant(id)).toMatchObject({ state: "ended", endedBecause: "term", disposal: null });
  });
});

describe("the sweep", () => {
  it("by two nodes at once ends a grant once", async () => {
    const id = await grants.inForce("2029-01-31");
    const narrowed = await grants.act("wang", id, "narrow", { reason: "提前到期", endsOn: "2026-11-30" });
    expect(narrowed.status).toBe(200);
    await Promise.all([bench.runtime.settle(), bench.runtime.settle()]);
    const lines = (await grants.history(id)).filter(({ type }) => type === "access.ended");
    expect(lines).toHaveLength(1);
  });
});

describe("what the lists count", () => {
  it("is what the engine says of every grant", async () => {
    const page = await (await bench.as("huang")).get("/api/grants?limit=100");
    const { now, days } = { now: bench.runtime.clock.now(), days: bench.runtime.content.use.unusedDays };
    const figures = await grants.figures("huang");
    const expected: Record<string, number> = {
      notDelivered: 0,
      notAccepted: 0,
      fresh: 0,
      used: 0,
      idle: 0,
      unused: 0,
      over: 0,
    };
    for (const grant of page.body.items)
      expected[realityOf(grant, now, days)] = (expected[realityOf(grant, now, days)] ?? 0) + 1;
    expect(figures.realities).toEqual(expected);
    for (const [list, count] of Object.entries(expected))
      expect(await grants.list("huang", list), list).toHaveLength(count);
  });
});
