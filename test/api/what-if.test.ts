import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GridAnswer, ReplayAnswer, WhatIfAnswer } from "../../server/api/what-if/what-if.schema.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const question = {
  resourceId: "res-medical",
  organisationId: "nm-civil",
  request: { personalInfo: "sensitive", mode: "verify" },
  date: "2026-11-02",
};
const shipped = (path: string) => readFileSync(join(packageRoot(), "processes", path), "utf8");

describe("what would happen to a case", () => {
  it("is told step by step with actor, limit, due dates and reasons, and starts nothing", async () => {
    const before = await bench.counts();
    const { body, status } = await (await bench.as("wang")).post("/api/what-if", question);
    expect(status, JSON.stringify(body)).toBe(200);
    const [asked] = (body as WhatIfAnswer).cases;
    const scenario = JSON.parse(shipped("ds-03/scenarios/granted.json")) as { expect: { path: string[] } };
    expect(asked?.steps.map(({ element }) => element).toSorted()).toEqual(scenario.expect.path.toSorted());
    expect(asked?.end?.how).toBe("ended");
    const review = asked?.steps.find(({ element }) => element === "Task_OwnCheck");
    expect(review).toMatchObject({
      organisation: { region: "520102" },
      limit: { code: "L.REVIEW", unit: "workday" },
      due: { confidence: "official" },
    });
    expect((review?.due.latest ?? "") >= (review?.due.earliest ?? "x")).toBe(true);
    expect(review?.explanation?.basis.length).toBeGreaterThan(0);
    expect(asked?.total?.withinPromise).toBe(true);
    expect(asked?.deviations.some(({ outcome }) => outcome.en.toLowerCase().includes("supplement"))).toBe(true);
    expect(await bench.counts()).toEqual(before);
  });

  it("is set beside the same case of the other levels", async () => {
    const { body } = await (await bench.as("lin")).post("/api/what-if", { ...question, besideOtherLevels: true });
    const { cases } = body as WhatIfAnswer;
    expect(cases.map(({ applicant, process }) => [applicant.level, process?.key])).toEqual([
      ["county", "ds-03"],
      ["city", "ds-03"],
      ["province", "ds-01"],
    ]);
    expect(cases.map(({ steps }) => steps.some(({ element }) => element === "Task_Relay"))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is covered in every cell of level, relation, class and grade", async () => {
    const { body } = await (await bench.as("lin")).get("/api/what-if/grid");
    const { cells } = body as GridAnswer;
    expect(cells.length).toBeGreaterThan(300);
    expect(new Set(cells.map(({ process }) => process))).toEqual(new Set(["ds-01", "ds-02", "ds-03", "ds-04"]));
    expect(cells.filter(({ verdict }) => verdict !== "covered")).toEqual([]);
  });
});

describe("a changed route table", () => {
  const replay = async (account: string, dmn: string) =>
    (await bench.as(account)).post("/api/what-if/replay", { process: "ds-03", region: "520000", dmn, last: 10 });

  it("tells which of the last cases would have gone another way", async () => {
    const { instanceId } = await bench.apply();
    const table = shipped("routes/ds-03/520000.dmn");
    expect((await replay("lin", table)).body).toEqual({ looked: 1, changed: [] });
    const changed = table.replace(/(<outputEntry id="[^"]*"><text>)8(<)/, "$15$2");
    expect(changed).not.toBe(table);
    const { body } = await replay("lin", changed);
    const answer = body as ReplayAnswer;
    expect(answer.changed.map((found) => found.instanceId)).toEqual([instanceId]);
    expect(answer.changed[0]?.changes.every(({ change }) => change === "limit")).toBe(true);
  });

  it("that cannot be read is refused with the place, and officials are not asked at all", async () => {
    const broken = await replay("lin", "<definitions/>");
    expect([broken.status, broken.body.code]).toEqual([422, "TABLE_UNREADABLE"]);
    expect((await replay("wang", shipped("routes/ds-03/520000.dmn"))).status).toBe(404);
  });
});

describe("publishing", () => {
  it("is refused when some kind of case would be left without a way", async () => {
    const xml = shipped("ds-01/ds-01.bpmn").replace('jieli:role="provider-head"', 'jieli:role="gov-decider"');
    const before = await bench.counts();
    const { status, body } = await (
      await bench.as("lin")
    ).post("/api/definitions", { xml, comment: "x", basedOn: null });
    expect([status, body.code]).toEqual([422, "CASES_UNCOVERED"]);
    expect(body.problems[0].message.zh).toContain("县（区）级");
    expect(await bench.counts()).toEqual(before);
  });
});
