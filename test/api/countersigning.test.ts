import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { forms } from "../../bin/demo/forms.ts";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { newId } from "../../server/store/ids.ts";
import { taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";
import { openSteps, taskAt } from "../operations/situations.ts";

/** Shipped processes whose steps several sign, at each level in its own way. */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

type Party = { readonly organisation: string; readonly region: string; readonly level: string };
const facts = z
  .object({ variables: z.record(z.string(), z.json()) })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../processes/ds-08/scenarios/mediated.json"), "utf8")),
  ).variables;

const nanmingCivil = { organisation: "nm-civil", region: "520102", level: "county" };
const nanmingHousing = { organisation: "nm-housing", region: "520102", level: "county" };
const guiyangHousing = { organisation: "gy-housing", region: "520100", level: "city" };
const provinceMedical = { organisation: "gz-medical", region: "520000", level: "province" };
const kailiCivil = { organisation: "kl-civil", region: "522601", level: "county" };

/** A case of a shipped process between two parties. */
async function start(process: string, startEvent: string | null, parties: readonly [Party, Party], more: object = {}) {
  const [applicant, provider] = parties;
  const [definition] = await bench.runtime.store.read(
    "SELECT id FROM definition WHERE process_key = ? ORDER BY version DESC",
    [process],
  );
  const id = newId();
  await bench.runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: String(definition?.["id"]),
      processKey: process,
      startEvent,
      subject: { zh: "会签", en: "Countersigning" },
      applicant,
      provider,
      variables: { ...facts, applicant, provider, ...more },
    },
    { kind: "person", id: "u-wang", name: "王敏", organisation: "nm-civil" },
    null,
    async () => undefined,
  );
  return id;
}

async function decide(account: string, instanceId: string, outcome: string, form: object = {}) {
  const { id, rev } = await taskIn(bench, account, instanceId);
  const opinion = "依据三定规定，同意按所列范围办理。";
  return (await bench.as(account)).post(`/api/tasks/${id}/complete`, { outcome, opinion, form, rev });
}
async function complete(account: string, instanceId: string, outcome: string, form: object = {}) {
  const answer = await decide(account, instanceId, outcome, form);
  expect(answer.status, answer.text).toBe(200);
}

/** A dispute of which the mediator has said that it is settled, before the departments have signed. */
async function mediated(parties: readonly [Party, Party], [provider, applicant, mediator]: readonly string[]) {
  const id = await start("ds-08", "Start_Handed", parties);
  await complete(provider ?? "", id, "stand", { offer: "涉及未决案件，暂不提供。" });
  await complete(applicant ?? "", id, "noAgreement");
  await complete(mediator ?? "", id, "agreedShare", { minutes: "双方同意按最小必要范围共享。" });
  expect(await openSteps(bench, id)).toContain("Task_Countersign");
  return id;
}
const signersOf = async (id: string) => {
  const { signing } = await taskAt(bench, id, "Task_Countersign");
  return {
    policy: signing?.policy,
    signers: signing?.signers.map(({ name, organisation, state }) => [name, organisation.id, state]),
  };
};

describe("what was agreed in a dispute is signed by the departments concerned", () => {
  it("in Nanming in turn: the applicant's head, the provider's head, the mediator", async () => {
    const id = await mediated([nanmingCivil, nanmingHousing], ["hu", "liu", "deng"]);
    expect(await signersOf(id)).toMatchObject({
      policy: "inTurn",
      signers: [
        [null, "nm-civil", "active"],
        [null, "nm-housing", "pending"],
        [null, "nm-data", "pending"],
      ].map(([, organisation, state]) => [expect.anything(), organisation, state]),
    });
    for (const account of ["liu", "hu", "deng"]) await complete(account, id, "approve");
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("in Guiyang by all, and one department's veto takes it to the government at once", async () => {
    const id = await mediated([nanmingCivil, guiyangHousing], ["jin", "liu", "cao"]);
    expect(await signersOf(id)).toMatchObject({
      policy: "all",
      signers: [
        [expect.anything(), "nm-civil", "active"],
        [expect.anything(), "gy-housing", "active"],
        [expect.anything(), "gy-data", "active"],
      ],
    });
    await complete("jin", id, "reject");
    expect(await openSteps(bench, id)).toEqual(["Task_GovDecide"]);
    const left = await bench.runtime.store.read(
      "SELECT organisation_id, state, closed_because, outcome FROM task WHERE instance_id = ? AND element = 'Task_Countersign' AND signer IS NOT NULL ORDER BY organisation_id",
      [id],
    );
    expect(left).toMatchObject([
      { organisation_id: "gy-data", state: "cancelled", closed_because: "notNeeded", outcome: null },
      { organisation_id: "gy-housing", state: "completed", outcome: "reject" },
      { organisation_id: "nm-civil", state: "cancelled", closed_because: "notNeeded", outcome: null },
    ]);
  });

  it("elsewhere by a vote with quorum, in which each head has a veto: nothing is certain before all of them have said so", async () => {
    const id = await mediated([kailiCivil, provinceMedical], ["yang", "long", "fan"]);
    const { signing } = await taskIn(bench, "fan", id);
    expect(signing?.parameters).toMatchObject({ passShare: 0.6, quorum: 3 });
    await complete("fan", id, "approve");
    await complete("long", id, "approve");
    await complete("yang", id, "approve");
    // The province has two heads with a veto, so nothing is certain before the second one has said so.
    expect(await openSteps(bench, id)).toEqual(["Task_Countersign"]);
    await complete("feng", id, "approve");
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("lets the departments see the case that their heads sign, and no third one", async () => {
    const id = await mediated([nanmingCivil, guiyangHousing], ["jin", "liu", "cao"]);
    const status = async (account: string) => (await (await bench.as(account)).get(`/api/instances/${id}`)).status;
    expect([await status("jin"), await status("liu"), await status("xu"), await status("luo")]).toEqual([
      200, 200, 200, 404,
    ]);
    const stranger = await (await bench.as("mo")).get("/api/tasks?view=unclaimed&limit=100");
    expect(stranger.body.items.filter(({ instanceId }: { instanceId: string }) => instanceId === id)).toEqual([]);
  });
});

describe("the security review of an application (DS-01)", () => {
  const guiyangCivil = { organisation: "gy-civil", region: "520100", level: "city" };
  const provinceMarket = { organisation: "gz-market", region: "520000", level: "province" };
  const resource = { id: "res-marriage", shareClass: "conditional", hookup: "hooked", grade: 3, vertical: "none" };
  const way = {
    county: { parties: [nanmingHousing, nanmingCivil], before: ["hu", "chen"], signers: null },
    city: { parties: [guiyangHousing, guiyangCivil], before: ["jin", "jin", "zhao"], signers: ["莫言行", "耿直"] },
    // Whoever is reviewer and data commissioner in one signs once.
    province: { parties: [provinceMedical, provinceMarket], before: ["yang", "yang", "sun"], signers: ["戴维民"] },
  } as const;

  it.each([
    ["county", null],
    ["city", "all"],
    ["province", "vote"],
  ] as const)(
    "of a provider of the %s is signed by the policy %s, as the route of its level says",
    async (level, policy) => {
      const { parties, before, signers } = way[level];
      const id = await start("ds-01", null, parties, { resource });
      for (const account of before) await complete(account, id, "approve", await formFor(id));
      const { signing } = await seeAs(before.at(-1) ?? "", id, "Task_SecurityReview");
      expect(signing?.policy ?? null).toBe(policy);
      expect(signing?.signers.map(({ name }) => name) ?? null).toEqual(signers);
    },
  );

  it("goes on once both have signed, and the first signature alone decides nothing", async () => {
    const { parties, before } = way.city;
    const id = await start("ds-01", null, parties, { resource });
    for (const account of before) await complete(account, id, "approve", await formFor(id));
    const form = forms["Task_SecurityReview"];
    await complete("geng", id, "pass", form);
    expect(await openSteps(bench, id)).toEqual(["Task_SecurityReview"]);
    await complete("mo", id, "pass", form);
    expect(await openSteps(bench, id)).toEqual(["Task_Examine"]);
    const lines = await bench.runtime.store.read(
      "SELECT payload FROM journal WHERE instance_id = ? AND type = 'signing.settled'",
      [id],
    );
    expect(lines.map((line) => JSON.parse(String(line["payload"])))).toMatchObject([
      { policy: "all", outcome: "pass" },
    ]);
  });
});

/** What the open step of a case asks for, beside the decision. */
async function formFor(id: string): Promise<object> {
  const [step] = await openSteps(bench, id);
  return step === "Task_Review" ? (forms["Task_OwnCheck"] ?? {}) : {};
}

/** The task at an element as somebody sees it who may see the case. */
async function seeAs(account: string, instanceId: string, element: string): Promise<TaskDetail> {
  const [row] = await bench.runtime.store.read(
    "SELECT id FROM task WHERE instance_id = ? AND element = ? ORDER BY id",
    [instanceId, element],
  );
  const answer = await (await bench.as(account)).get(`/api/tasks/${String(row?.["id"])}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}
