import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantAt } from "../../engine/calendar/dates.ts";
import { taskAt } from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  await bench.runtime.movable?.moveTo(instantAt("2026-11-30", "10:00"));
});
afterAll(() => bench.close());

const reviewer = "chen";
const head = "guan";
type Way = "outcome" | "return";

/** A case that lies with the authority's reviewer. */
async function atReview(): Promise<string> {
  const { instanceId } = await bench.apply();
  await complete(instanceId, "liu", "Task_SignOff", { outcome: "approve" });
  return instanceId;
}

async function complete(instanceId: string, account: string, element: string, decision: object) {
  const { id, rev } = await taskAt(bench, instanceId, element);
  const answer = await (await bench.as(account)).post(`/api/tasks/${id}/complete`, { form: {}, rev, ...decision });
  expect(answer.status, answer.text).toBe(200);
}

/** Asks the applicant for a supplement in one of the two ways. */
async function ask(instanceId: string, way: Way) {
  const { id, rev } = await taskAt(bench, instanceId, "Task_OwnCheck");
  const person = await bench.as(reviewer);
  if (way === "outcome")
    return person.post(`/api/tasks/${id}/complete`, { outcome: "supplement", opinion: "请补充依据", form: {}, rev });
  const defects = [{ place: "使用依据", what: "未注明条款", basis: "第十条" }];
  const body = { to: "applicant", afterwards: "backToMe", defects, reason: "请一次补齐", rev };
  return person.post(`/api/tasks/${id}/return`, body);
}

const resubmit = (instanceId: string) =>
  complete(instanceId, "wang", "Task_Supplement", { outcome: "resubmit", form: { supplementText: "已补" } });

async function permit(instanceId: string, account: string) {
  const { id, rev } = await taskAt(bench, instanceId, "Task_OwnCheck");
  return (await bench.as(account)).post(`/api/tasks/${id}/return/permit`, { rev, reason: "新法规施行" });
}

const refusals: Readonly<Record<Way, (answer: Awaited<ReturnType<typeof ask>>) => unknown>> = {
  outcome: ({ status, body }) => [status, body.problems?.[0]?.code],
  return: ({ status, body }) => [status === 409 ? 422 : status, body.code],
};

describe.each([
  ["outcome", "outcome"],
  ["outcome", "return"],
  ["return", "outcome"],
  ["return", "return"],
] as const)("the one supplement asked for by %s, and once more by %s", (first, then) => {
  it("is used up whichever way it was asked for, and goes once more only by a head's permit, as a violation", async () => {
    const instanceId = await atReview();
    expect((await ask(instanceId, first)).status).toBe(200);
    await resubmit(instanceId);
    const task = await taskAt(bench, instanceId, "Task_OwnCheck");
    expect(task.outcomes.map(({ code }) => code)).not.toContain("supplement");
    expect(refusals[then](await ask(instanceId, then))).toEqual([422, "SUPPLEMENT_USED_UP"]);
    expect((await permit(instanceId, head)).status).toBe(200);
    const permitted = await taskAt(bench, instanceId, "Task_OwnCheck");
    expect(permitted.outcomes.map(({ code }) => code)).toContain("supplement");
    const again = await ask(instanceId, then);
    expect(again.status, again.text).toBe(200);
    await resubmit(instanceId);
    expect(refusals[then](await ask(instanceId, then))).toEqual([422, "SUPPLEMENT_USED_UP"]);
    const lines = await bench.runtime.store.read(
      "SELECT type FROM journal WHERE instance_id = ? AND type LIKE 'supplement.%' ORDER BY seq",
      [instanceId],
    );
    expect(lines.map(({ type }) => type)).toEqual(["supplement.permitted", "supplement.violation"]);
  });
});

it("is used up by a return to any step of the applicant, as to its head's sign-off", async () => {
  const instanceId = await atReview();
  const { id, rev } = await taskAt(bench, instanceId, "Task_OwnCheck");
  const to = { element: "Task_SignOff" };
  const defects = [{ place: "数据项", what: "超出必要", basis: "R4" }];
  const body = { to, afterwards: "walkAgain", defects, reason: "请重新审签", rev };
  const answer = await (await bench.as(reviewer)).post(`/api/tasks/${id}/return`, body);
  expect(answer.status, answer.text).toBe(200);
  await complete(instanceId, "liu", "Task_SignOff", { outcome: "approve" });
  expect((await ask(instanceId, "outcome")).body.problems).toMatchObject([{ code: "SUPPLEMENT_USED_UP" }]);
});

it("gives the supplement back where whoever asked takes it back before the applicant has begun", async () => {
  const instanceId = await atReview();
  await ask(instanceId, "outcome");
  const { id, rev } = await taskAt(bench, instanceId, "Task_Supplement");
  const back = await (await bench.as(reviewer)).post(`/api/tasks/${id}/withdraw`, { rev, reason: "误点" });
  expect(back.status, back.text).toBe(200);
  expect((await ask(instanceId, "return")).status).toBe(200);
  await resubmit(instanceId);
  expect((await ask(instanceId, "return")).body.code).toBe("SUPPLEMENT_USED_UP");
});

describe("a second supplement", () => {
  let instanceId = "";
  const items = async (account: string, path: string) => (await (await bench.as(account)).get(path)).body.items;
  const ofCase = (found: readonly { readonly case: { readonly instanceId: string } }[]) =>
    found.filter((item) => item.case.instanceId === instanceId);
  beforeAll(async () => {
    instanceId = await atReview();
    await ask(instanceId, "return");
    await resubmit(instanceId);
    await permit(instanceId, head);
    await bench.runtime.moveClock(instantAt("2026-11-30", "20:00"));
    await ask(instanceId, "outcome");
  });

  it("is counted on the board of those who oversee the region, and leads to its case", async () => {
    const counts = (await (await bench.as("huang")).get("/api/sla/violations")).body;
    const own = counts.byOrganisation.find(
      ({ organisation }: { organisation: { id: string } }) => organisation.id === "nm-data",
    );
    expect(own.count).toBeGreaterThan(0);
    const list = await items("huang", `/api/supervision/violations?organisation=nm-data&limit=100`);
    expect(list).toHaveLength(own.count);
    expect(ofCase(list)).toMatchObject([
      { element: "Task_OwnCheck", ordinal: 2, askedBy: "陈静", permittedBy: "管宁", reason: "新法规施行" },
    ]);
    expect((await (await bench.as("wang")).get("/api/sla/violations")).status).toBe(404);
    expect(ofCase(await items("wang", "/api/supervision/violations?limit=100"))).toEqual([]);
  });

  it("climbs the ladder when the office opens, also where the case has ended: a card, and notices to head and supervisor", async () => {
    expect(ofCase(await items("huang", "/api/supervision/cards?limit=100"))).toEqual([]);
    const withdrawn = await (
      await bench.as("liu")
    ).post(`/api/instances/${instanceId}/withdraw`, { reason: "不再需要" });
    expect(withdrawn.status, withdrawn.text).toBe(200);
    await bench.runtime.moveClock(instantAt("2026-12-01", "09:30"));
    const cards = ofCase(await items("huang", "/api/supervision/cards?limit=100"));
    expect(cards).toMatchObject([
      { rung: "second-supplement", colour: "yellow", organisation: { id: "nm-data" }, countsInAssessment: true },
    ]);
    const told = await bench.runtime.store.read(
      "SELECT organisation_id, role FROM notice WHERE instance_id = ? AND rung = 'second-supplement' ORDER BY role",
      [instanceId],
    );
    expect(told.map(({ role }) => role)).toEqual(["authority-head", "supervisor"]);
    await bench.runtime.moveClock(instantAt("2026-12-02", "09:30"));
    expect(ofCase(await items("huang", "/api/supervision/cards?limit=100"))).toHaveLength(1);
  });
});
