import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { openSituation, situationFacts } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const reason = "依法处理";
const control = async (account: string, id: string) =>
  (await (await bench.as(account)).get(`/api/instances/${id}/control`)).body;
const suspend = async (account: string, id: string, cause: string) =>
  (await bench.as(account)).post(`/api/instances/${id}/suspend`, { reason, cause });
const replyClock = async (id: string) => {
  const [row] = await bench.runtime.store.read(
    "SELECT state FROM clock WHERE instance_id = ? AND limit_code = 'L.REPLY.COND'",
    [id],
  );
  return row?.["state"];
};

/** A case of an applicant in Kaili, whose prefecture narrows the causes. */
async function caseOfKaili(): Promise<string> {
  const key = `kaili-${newId().slice(-8).toLowerCase()}`;
  const { definition } = await publish(
    bench.runtime,
    bpmn(
      `<bpmn:startEvent id="start"/><bpmn:userTask id="work" name="work" jieli:at="provider" jieli:role="provider-clerk" jieli:limit="L.REPLY.COND"/><bpmn:endEvent id="end"/>`,
      "start -> work -> end",
      { id: key },
    ),
  );
  const id = newId();
  const applicant = { organisation: "kl-civil", region: "522601" };
  const provider = { organisation: "gz-medical", region: "520000" };
  await bench.runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: definition,
      processKey: key,
      startEvent: null,
      subject: { zh: "医保参保信息", en: "Medical insurance" },
      applicant,
      provider,
      variables: { ...situationFacts, applicant: { ...applicant, level: "county" } },
    },
    { kind: "person", id: "u-luo", name: "罗琳", organisation: "kl-civil" },
    null,
    async () => undefined,
  );
  return id;
}

it("offers the causes of the rule packs with what they rest on, to those who may suspend", async () => {
  const { instanceId } = await openSituation(bench, "single");
  const { causes } = await control("guan", instanceId);
  expect(causes.map(({ code, rests }: { code: string; rests: string | null }) => [code, rests])).toEqual([
    ["suspended", "suspended"],
    ["dispute", "dispute"],
    ["consultation", "consultation"],
    ["expertReview", "expertReview"],
    ["internal", null],
  ]);
  expect(causes[3]).toMatchObject({ source: { article: "第四十五条", grade: "V" }, verified: false });
  expect((await control("zhang", instanceId)).causes).toEqual([]);
});

it.each([
  ["expertReview", "paused"],
  ["internal", "running"],
] as const)("a suspension for %s leaves the reply limit %s", async (cause, state) => {
  const { instanceId } = await openSituation(bench, "single");
  expect((await suspend("guan", instanceId, cause)).status).toBe(200);
  expect(await replyClock(instanceId)).toBe(state);
  expect((await control("guan", instanceId)).suspension).toMatchObject({ cause });
});

it("refuses a cause that the packs do not know, with those that they do, and changes nothing", async () => {
  const { instanceId } = await openSituation(bench, "single");
  const before = await bench.counts();
  const answer = await suspend("guan", instanceId, "supplement");
  expect([answer.status, answer.body.code]).toEqual([422, "CAUSE_UNKNOWN"]);
  expect(answer.body.mend.zh).toContain("dispute（争议协调）");
  expect(await bench.counts()).toEqual(before);
});

it("lets a prefecture narrow them: no internal reasons, and a review by experts stops no clock", async () => {
  const id = await caseOfKaili();
  const { causes } = await control("shi", id);
  expect(causes.map(({ code }: { code: string }) => code)).toEqual([
    "suspended",
    "dispute",
    "consultation",
    "expertReview",
  ]);
  expect((await suspend("shi", id, "internal")).body.code).toBe("CAUSE_UNKNOWN");
  expect((await suspend("shi", id, "expertReview")).status).toBe(200);
  expect(await replyClock(id)).toBe("running");
});
