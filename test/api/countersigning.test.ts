import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm, forms } from "../../bin/demo/forms.ts";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import {
  complete,
  guiyangHousing,
  kailiCivil,
  mediated,
  nanmingCivil,
  nanmingHousing,
  provinceMedical,
  startBetween,
} from "./dispute-case.ts";
import { taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";
import { openSteps, taskAt } from "../operations/situations.ts";

/** Shipped processes whose steps several sign, at each level in its own way. */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const guiyangCivil = { organisation: "gy-civil", region: "520100", level: "city" };
const resource = { id: "res-marriage", shareClass: "conditional", hookup: "hooked", grade: 3, vertical: "none" };

const signersOf = async (id: string) => {
  const { signing } = await taskAt(bench, id, "Task_Countersign");
  return {
    policy: signing?.policy,
    signers: signing?.signers.map(({ name, organisation, state }) => [name, organisation.id, state]),
  };
};

describe("what was agreed in a dispute is signed by the departments concerned", () => {
  it("in Nanming in turn: the applicant's head, the provider's head, the mediator", async () => {
    const id = await mediated(bench, [nanmingCivil, nanmingHousing], ["hu", "liu", "deng"]);
    expect(await signersOf(id)).toMatchObject({
      policy: "inTurn",
      signers: [
        [null, "nm-civil", "active"],
        [null, "nm-housing", "pending"],
        [null, "nm-data", "pending"],
      ].map(([, organisation, state]) => [expect.anything(), organisation, state]),
    });
    for (const account of ["liu", "hu", "deng"]) await complete(bench, account, id, "approve");
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("as the demo walks it: a head opens the dispute by hand, and the departments of the district sign", async () => {
    const begun = await (
      await bench.as("liu")
    ).post("/api/processes/ds-08/cases", {
      start: "dispute",
      organisationId: "nm-civil",
      otherOrganisationId: "nm-housing",
      form: { ground: "refusal", claim: "救助资格复核确需住建处罚信息，请求共享。" },
    });
    expect(begun.status, begun.text).toBe(201);
    const id = begun.body.instanceId;
    await complete(bench, "hu", id, "stand", { offer: "涉及未决案件，暂不提供。" });
    await complete(bench, "liu", id, "noAgreement");
    await complete(bench, "deng", id, "agreedShare", { minutes: "双方同意按最小必要范围共享。" });
    for (const account of ["liu", "hu", "deng"]) await complete(bench, account, id, "approve");
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("in Guiyang by all, and one department's veto takes it to the government at once", async () => {
    const id = await mediated(bench, [nanmingCivil, guiyangHousing], ["jin", "liu", "cao"]);
    expect(await signersOf(id)).toMatchObject({
      policy: "all",
      signers: [
        [expect.anything(), "nm-civil", "active"],
        [expect.anything(), "gy-housing", "active"],
        [expect.anything(), "gy-data", "active"],
      ],
    });
    await complete(bench, "jin", id, "reject");
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
    const id = await mediated(bench, [kailiCivil, provinceMedical], ["yang", "long", "fan"]);
    const { signing } = await taskIn(bench, "fan", id);
    expect(signing?.parameters).toMatchObject({ passShare: 0.6, quorum: 3 });
    await complete(bench, "fan", id, "approve");
    await complete(bench, "long", id, "approve");
    await complete(bench, "yang", id, "approve");
    // The province has two heads with a veto, so nothing is certain before the second one has said so.
    expect(await openSteps(bench, id)).toEqual(["Task_Countersign"]);
    await complete(bench, "feng", id, "approve");
    await bench.runtime.settle();
    expect(await openSteps(bench, id)).toEqual([]);
  });

  it("lets the departments see the case that their heads sign, and no third one", async () => {
    const id = await mediated(bench, [nanmingCivil, guiyangHousing], ["jin", "liu", "cao"]);
    const status = async (account: string) => (await (await bench.as(account)).get(`/api/instances/${id}`)).status;
    expect([await status("jin"), await status("liu"), await status("xu"), await status("luo")]).toEqual([
      200, 200, 200, 404,
    ]);
    const stranger = await (await bench.as("mo")).get("/api/tasks?view=unclaimed&limit=100");
    expect(stranger.body.items.filter(({ instanceId }: { instanceId: string }) => instanceId === id)).toEqual([]);
  });
});

describe("what a route forbids at a step", () => {
  const attempt = async (account: string, instanceId: string, operation: string) => {
    const { id, rev } = await taskIn(bench, account, instanceId);
    const person = await bench.as(account);
    await person.post(`/api/tasks/${id}/claim`, { rev });
    const task: TaskDetail = (await person.get(`/api/tasks/${id}`)).body;
    const to = {
      rev: task.rev,
      reason: "出差",
      person: "u-hu",
      to: "u-hu",
      ask: "请阅",
      question: "请阅",
      place: "beside",
    };
    const path = { addSigner: "signers", transfer: "transfer", delegate: "delegate" }[operation];
    const { status, body } = await person.post(`/api/tasks/${id}/${path}`, bodyOf(operation, to));
    const verdict = task.operations.find((found) => found.operation === operation);
    return { status, code: body.code, says: body.title, offered: verdict?.allowed };
  };
  const bodyOf = (operation: string, { rev, reason, person, place, question }: Record<string, unknown>) =>
    operation === "addSigner"
      ? { rev, person, place }
      : operation === "transfer"
        ? { rev, reason, to: person }
        : { rev, to: person, question };

  it("is refused at the door of a city with the row that says so, and is not offered", async () => {
    const id = await mediated(bench, [nanmingCivil, guiyangHousing], ["jin", "liu", "cao"]);
    const refused = await attempt("jin", id, "addSigner");
    expect(refused).toMatchObject({ status: 409, code: "OPERATION_FORBIDDEN_HERE", offered: false });
    expect(refused.says).toContain("row r2 of the route table ds-08-520100");
    expect(await attempt("jin", id, "transfer")).toMatchObject({
      code: "OPERATION_FORBIDDEN_HERE",
      says: expect.stringContaining("by the design of the process"),
    });
  });

  it("is added to below and never given back: a district forbids one thing more", async () => {
    const id = await mediated(bench, [nanmingCivil, nanmingHousing], ["hu", "liu", "deng"]);
    const says = async (operation: string) => (await attempt("liu", id, operation)).says;
    expect(await says("transfer")).toContain("by the design of the process");
    expect(await says("addSigner")).toContain("row r3 of the route table ds-08-520100");
    expect(await says("delegate")).toContain("row r2 of the route table ds-08-520102");
    const { id: task, rev } = await taskIn(bench, "liu", id);
    const batch = await (
      await bench.as("liu")
    ).post("/api/tasks/batch", {
      operation: "decide",
      tasks: [{ id: task, rev }],
      decision: { outcome: "approve", opinion: "同意" },
    });
    expect(JSON.stringify(batch.body)).toContain("BATCH_FORBIDDEN");
  });
});

describe("the security review of an application (DS-01)", () => {
  const provinceMarket = { organisation: "gz-market", region: "520000", level: "province" };
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
      const id = await startBetween(bench, "ds-01", null, parties, { resource });
      for (const account of before) await complete(bench, account, id, "approve", await formFor(id));
      const { signing } = await seeAs(before.at(-1) ?? "", id, "Task_SecurityReview");
      expect(signing?.policy ?? null).toBe(policy);
      expect(signing?.signers.map(({ name }) => name) ?? null).toEqual(signers);
    },
  );

  it("goes on once both have signed, and the first signature alone decides nothing", async () => {
    const { parties, before } = way.city;
    const id = await startBetween(bench, "ds-01", null, parties, { resource });
    for (const account of before) await complete(bench, account, id, "approve", await formFor(id));
    const form = forms["Task_SecurityReview"];
    await complete(bench, "geng", id, "pass", form);
    expect(await openSteps(bench, id)).toEqual(["Task_SecurityReview"]);
    await complete(bench, "mo", id, "pass", form);
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

describe("a resubmission of DS-01, walked again", () => {
  const county = {
    parties: [nanmingHousing, nanmingCivil],
    before: ["hu", "chen"],
    clerk: "wang",
    reviewers: ["liu"],
  } as const;
  const city = {
    parties: [guiyangHousing, guiyangCivil],
    before: ["jin", "jin", "zhao"],
    clerk: "geng",
    reviewers: ["geng", "mo"],
  } as const;

  /** Goes to the examination, is returned to the applicant, corrected in one field, and comes back to the reviews. */
  async function resubmitted({ parties, before, clerk, reviewers }: typeof county | typeof city, change: object) {
    const request = {
      ...applicationForm,
      items: ["result"],
      necessaryItems: ["result"],
      personalInfo: "pi",
      persons: 100,
    };
    const id = await startBetween(bench, "ds-01", null, [...parties], { resource, request });
    for (const account of before) await complete(bench, account, id, "approve", await formFor(id));
    await completeAt(clerk, id, "Task_PiAssessment", "pass");
    for (const account of reviewers) await completeAt(account, id, "Task_SecurityReview", "pass");
    const examine = await taskOf(clerk, id, "Task_Examine");
    const returned = await (
      await bench.as(clerk)
    ).post(`/api/tasks/${examine.id}/return`, {
      to: { element: "Task_SignOff" },
      afterwards: "walkAgain",
      defects: [{ place: "使用范围", what: "请核对", basis: "第十条" }],
      reason: "请补正",
      rev: examine.rev,
      confirmedSiblings: [],
    });
    expect(returned.status, returned.text).toBe(200);
    const head = before[0];
    const sign = await taskOf(head, id, "Task_SignOff");
    const corrected = await (
      await bench.as(head)
    ).post(`/api/tasks/${sign.id}/corrections`, { rev: sign.rev, request: change });
    expect(corrected.status, corrected.text).toBe(200);
    for (const account of before) await complete(bench, account, id, "approve", await formFor(id));
    return id;
  }
  const carriedOver = async (id: string) => {
    const lines = await bench.runtime.store.read(
      "SELECT element, actor FROM journal WHERE instance_id = ? AND type = 'decision.carriedOver' ORDER BY element",
      [id],
    );
    return lines.map(({ element, actor }) => [element, (JSON.parse(String(actor)) as { kind: string }).kind]);
  };

  it("asks nobody again whose part is unchanged; the system says whose decision it carries over", async () => {
    const id = await resubmitted(county, { scope: "本区救助经办人员五名" });
    expect(await openSteps(bench, id)).toEqual(["Task_Examine"]);
    expect(await carriedOver(id)).toEqual([
      ["Task_PiAssessment", "system"],
      ["Task_SecurityReview", "system"],
    ]);
  });

  it("asks the reviewer of what has changed, and nobody else", async () => {
    const id = await resubmitted(county, { security: ["log"] });
    expect(await openSteps(bench, id)).toEqual(["Task_SecurityReview"]);
    expect(await carriedOver(id)).toEqual([["Task_PiAssessment", "system"]]);
  });

  it("takes nobody's vote for given where several sign", async () => {
    const id = await resubmitted(city, { scope: "本市救助经办人员" });
    expect(await openSteps(bench, id)).toEqual(["Task_SecurityReview", "Task_SecurityReview"]);
    expect(await carriedOver(id)).toEqual([["Task_PiAssessment", "system"]]);
  });
});

async function taskOf(account: string, id: string, element: string): Promise<TaskDetail> {
  const person = await bench.as(account);
  for (const view of ["mine", "unclaimed"]) {
    const { items } = (await person.get(`/api/tasks?view=${view}&limit=100`)).body;
    const found = items.find((task: TaskDetail) => task.instanceId === id && task.element === element);
    if (found) return (await person.get(`/api/tasks/${found.id}`)).body;
  }
  throw new Error(`${account} has no ${element} in ${id}`);
}
async function completeAt(account: string, id: string, element: string, outcome: string): Promise<void> {
  const task = await taskOf(account, id, element);
  const body = { outcome, opinion: "审查通过。", form: forms[element] ?? {}, rev: task.rev };
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/complete`, body);
  expect(answer.status, answer.text).toBe(200);
}

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
