import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMs } from "../../engine/calendar/dates.ts";
import { newId } from "../../server/store/ids.ts";
import { appoint } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";
import { openChoosing, reason, step, type Drawn } from "./choosing-case.ts";
import { decide, openSteps, people, startCase, taskAt } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

/**
 * Complaint 10 of users of other systems: let the handler choose the branch and the people. They may, within what the process
 * lets them, what the rules leave of it, and with a reason where it departs from the rule.
 */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben"]) await appoint(bench, name, "gz-medical", "provider-clerk");
  await appoint(bench, "far", "gz-market", "provider-clerk");
});
afterAll(() => bench.close());

const openCase = (process: Drawn) => openChoosing(bench, process);

interface Deciding {
  readonly outcome?: string;
  readonly choice?: object;
  readonly account?: string;
  readonly element?: string;
}

async function complete(instanceId: string, { outcome = "approve", choice, account, element }: Deciding) {
  const task = await taskAt(bench, instanceId, element ?? "review");
  const body = { outcome, rev: task.rev, opinion: "同意", ...(choice && { choice }) };
  return (await bench.as(account ?? people.reviewer)).post(`/api/tasks/${task.id}/complete`, body);
}

async function offered(instanceId: string, body: object) {
  const task = await taskAt(bench, instanceId, "review");
  return (await (await bench.as(people.reviewer)).post(`/api/tasks/${task.id}/choices`, body)).body;
}

async function historyOf(
  instanceId: string,
): Promise<readonly { type: string; actor: { name: string }; sentence: { zh: string; en: string } }[]> {
  return (await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).body.history;
}

async function line(instanceId: string, type: string) {
  return (await historyOf(instanceId)).find((found) => found.type === type);
}

const codes = (answer: { body: { problems?: { code: string }[] } }) => answer.body.problems?.map(({ code }) => code);
const branches = `jieli:branches="way_examine way_settle"`;
const who = (required: boolean) => `jieli:peopleFor="examine"${required ? ' jieli:peopleRequired="true"' : ""}`;

describe("complaint 10: let the handler choose the branch", () => {
  it("says which branch the rule gives, and takes another one with a reason, as the person's own choice", async () => {
    const id = await openCase({ review: branches });
    const { branch } = await offered(id, { outcome: "approve" });
    expect(branch.flows.map(({ flow, ruled }: { flow: string; ruled: boolean }) => [flow, ruled])).toEqual([
      ["way_examine", false],
      ["way_settle", true],
    ]);
    const without = await complete(id, { choice: { branch: "way_examine" } });
    expect([without.status, codes(without)]).toEqual([422, ["CHOICE_REASON_MISSING"]]);
    expect(await openSteps(bench, id)).toEqual(["review"]);
    expect((await complete(id, { choice: { branch: "way_examine", reason } })).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["examine"]);
    const told = await line(id, "choice.branch");
    expect(told?.actor.name).toBe("陈静");
    expect(told?.sentence.zh).toContain(reason);
    expect(told?.sentence.en).toContain("the rule gives “way_settle”");
    const ledger = (await (await bench.as("guan")).get(`/api/ledger?instance=${id}`)).body.items;
    const review = ledger.find(({ element }: { element: string }) => element === "review");
    expect(review.chose).toMatchObject({
      branch: { name: { zh: "way_examine" }, ruled: { zh: "way_settle" } },
      reason,
    });
  });

  it("leaves it to the rule where nothing else is chosen", async () => {
    const id = await openCase({ review: branches });
    expect((await complete(id, { choice: { branch: "way_settle" } })).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
    expect(await line(id, "choice.branch")).toBeUndefined();
  });

  it("offers no branch that the outcome does not lead to, and refuses it", async () => {
    const id = await openCase({ review: branches });
    expect((await offered(id, { outcome: "reject" })).branch).toBeNull();
    const answer = await complete(id, { outcome: "reject", choice: { branch: "way_examine", reason } });
    expect([answer.status, codes(answer)]).toEqual([422, ["BRANCH_NOT_OFFERED"]]);
  });

  it("refuses a flow that the process does not offer", async () => {
    const id = await openCase({ review: branches });
    const answer = await complete(id, { choice: { branch: "how_refused", reason } });
    expect([answer.status, codes(answer)]).toEqual([422, ["BRANCH_NOT_OFFERED"]]);
    expect(await openSteps(bench, id)).toEqual(["review"]);
  });

  it("offers nothing where the step forbids it, as a level above may do by its route table", async () => {
    const id = await openCase({ review: `${branches} jieli:forbids="choose"` });
    expect((await taskAt(bench, id, "review")).chooses).toBe(false);
    expect((await offered(id, { outcome: "approve" })).branch).toBeNull();
    const answer = await complete(id, { choice: { branch: "way_examine", reason } });
    expect([answer.status, answer.body.code]).toEqual([409, "OPERATION_FORBIDDEN_HERE"]);
    expect(answer.body.detail).toMatchObject({ zh: "不能选择去向和人员：本环节不允许（流程设计的规定）" });
    const task = await taskAt(bench, id, "review");
    const gave = { forbids: ["choose"] };
    const row = { region: "520000", table: "review", version: "v3", row: "2", conditions: [], gave };
    const explanation = JSON.stringify({ ...task.explanation, rows: [row] });
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE task SET explanation = ? WHERE id = ?", [explanation, task.id]),
    );
    expect((await complete(id, { choice: { branch: "way_examine", reason } })).body.detail).toMatchObject({
      zh: "不能选择去向和人员：本环节不允许（520000 路由表 review（v3）第 2 行的规定）",
    });
    expect((await complete(id, {})).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("asks anew after a return, and the branch of a decision that fell counts no more", async () => {
    const id = await openCase({ review: branches });
    await complete(id, { choice: { branch: "way_examine", reason } });
    await giveBack(id, "examine", "zhang", "walkAgain");
    expect((await complete(id, {})).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

async function giveBack(instanceId: string, element: string, account: string, afterwards: string) {
  const task = await taskAt(bench, instanceId, element);
  const defects = [{ place: "使用目的", what: "与依据不一致", basis: "共享条例第十条" }];
  const body = { to: "previous", afterwards, defects, reason: "依据不足", rev: task.rev, confirmedSiblings: [] };
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/return`, body);
  expect(answer.status, answer.text).toBe(200);
}

describe("complaint 10: let the handler choose the people", () => {
  const toExamine = { branch: "way_examine", reason };

  it("offers those whom the route lets act there, and asks for one where the process does", async () => {
    const id = await openCase({ review: `${branches} ${who(true)}` });
    expect((await offered(id, { outcome: "approve" })).people).toEqual([]);
    const { people: asked } = await offered(id, { outcome: "approve", branch: "way_examine" });
    expect(asked).toMatchObject([{ element: "examine", required: true, least: 1, most: 1 }]);
    expect(asked[0].persons.map(({ id: person }: { id: string }) => person)).toEqual([
      "u-ann",
      "u-ben",
      "u-zhang",
      "u-zheng",
    ]);
    const missing = await complete(id, { choice: toExamine });
    expect([missing.status, codes(missing)]).toEqual([422, ["PEOPLE_MISSING"]]);
    const limit = (await taskAt(bench, id, "review")).clocks.length;
    expect((await complete(id, { choice: { ...toExamine, people: { examine: ["u-ben"] } } })).status).toBe(200);
    const task = await taskAt(bench, id, "examine");
    expect(task.assignee).toMatchObject({ id: "u-ben" });
    expect(task.clocks.length).toBe(limit + 1);
    expect(task.explanation?.sentence.zh).toContain("陈静 在可选范围内选定 ben");
    const told = await line(id, "choice.people");
    expect([told?.actor.name, told?.sentence.zh]).toEqual(["陈静", `在“review”选定 ben 办理“examine”：${reason}`]);
  });

  it("gives the task to nobody else, and the ledger says on which basis the person acted", async () => {
    const id = await openCase({ review: `${branches} ${who(true)}` });
    await complete(id, { choice: { ...toExamine, people: { examine: ["u-ben"] } } });
    const { id: task, rev } = await taskAt(bench, id, "examine");
    const ann = await bench.as("ann");
    expect((await ann.post(`/api/tasks/${task}/complete`, { outcome: "approve", rev })).status).toBe(409);
    const released = await (await bench.as("ben")).post(`/api/tasks/${task}/release`, { rev });
    expect([released.status, released.body.code]).toEqual([409, "OPERATION_FORBIDDEN_HERE"]);
    expect((await complete(id, { element: "examine", account: "ben" })).status).toBe(200);
    const ledger = (await (await bench.as("guan")).get(`/api/ledger?instance=${id}`)).body.items;
    const examined = ledger.find(({ element }: { element: string }) => element === "examine");
    expect(examined.chosenBy).toEqual({ name: "陈静", reason });
  });

  it.each([
    ["somebody unknown", ["u-nobody"], "PERSON_NOT_OFFERED"],
    ["somebody of another organisation", ["u-far"], "PERSON_NOT_OFFERED"],
    ["the same person twice", ["u-ann", "u-ann"], "PEOPLE_COUNT"],
    ["two where one signs", ["u-ann", "u-ben"], "PEOPLE_COUNT"],
  ])("refuses %s", async (_what, chosen, code) => {
    const id = await openCase({ review: `${branches} ${who(true)}` });
    const answer = await complete(id, { choice: { ...toExamine, people: { examine: chosen } } });
    expect([answer.status, codes(answer)]).toEqual([422, [code]]);
    expect(await openSteps(bench, id)).toEqual(["review"]);
  });

  it("wants a reason where nobody is asked to choose, and leaves the step to the role where nobody is chosen", async () => {
    const free = await openCase({ review: who(false), before: "" });
    expect((await complete(free, {})).status).toBe(200);
    const id = await openCase({ review: `${branches} ${who(false)}` });
    await complete(id, { choice: toExamine });
    expect((await taskAt(bench, id, "examine")).assignee).toBeNull();
  });

  const chooseBen = { ...toExamine, people: { examine: ["u-ben"] } };
  const rest = `<bpmn:intermediateCatchEvent id="rest"><bpmn:timerEventDefinition id="rest_t"><bpmn:timeDuration>PT2H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
  const delayed = { review: `jieli:branches="way_rest way_settle" ${who(true)}`, before: rest };
  const chooseLater = (person: string) => ({ branch: "way_rest", reason, people: { examine: [person] } });

  async function later(instanceId: string): Promise<void> {
    await bench.runtime.moveClock(addMs(bench.runtime.clock.now(), 2 * 3_600_000));
    await bench.runtime.settle();
    expect((await historyOf(instanceId)).length).toBeGreaterThan(0);
  }

  it("keeps the choice until the step starts, however long that takes", async () => {
    const id = await openCase(delayed);
    await complete(id, { choice: chooseLater("u-ben") });
    expect(await openSteps(bench, id)).toEqual([]);
    await later(id);
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-ben" });
  });

  it("stops with an incident where the chosen person has left by then; tried again, the role's holders act and history says so", async () => {
    const id = await openCase(delayed);
    await appoint(bench, "leaver", "gz-medical", "provider-clerk");
    await complete(id, { choice: chooseLater("u-leaver") });
    await posts("DELETE FROM post WHERE person_id = 'u-leaver'");
    await later(id);
    const detail = (await (await bench.as("guan")).get(`/api/instances/${id}`)).body;
    expect(detail.openIncidents).toMatchObject([{ element: "examine", code: "CHOSEN_PERSON_GONE" }]);
    await retry(id, detail.openIncidents[0].token);
    expect((await taskAt(bench, id, "examine")).assignee).toBeNull();
    expect((await line(id, "choice.lapsed"))?.sentence.en).toContain(
      "leaver, who was chosen for “examine”, can act no more",
    );
  });

  it("keeps the choice where the chosen person has the post again when it is tried again", async () => {
    const id = await openCase(delayed);
    await appoint(bench, "returner", "gz-medical", "provider-clerk");
    await complete(id, { choice: chooseLater("u-returner") });
    await posts("UPDATE post SET role = 'mediator' WHERE person_id = 'u-returner'");
    await later(id);
    await posts("UPDATE post SET role = 'provider-clerk' WHERE person_id = 'u-returner'");
    const detail = (await (await bench.as("guan")).get(`/api/instances/${id}`)).body;
    await retry(id, detail.openIncidents[0].token);
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-returner" });
  });

  const pair = (before = "") =>
    bpmn(
      `<bpmn:startEvent id="start"/>
       ${step("examine", "provider-clerk", 'jieli:step="examine" jieli:outcomes="approve" jieli:peopleFor="settle" jieli:peopleRequired="true"')}
       ${before}
       ${step("settle", "provider-clerk", 'jieli:step="decide" jieli:outcomes="approve"')}
       <bpmn:endEvent id="end"/>`,
      `start -> examine ${before === "" ? "" : "-> between"} -> settle -> end`,
      { id: `pair-${newId().slice(-8).toLowerCase()}` },
    );
  async function openPair(xml: string): Promise<string> {
    const { definition, key } = await publish(bench.runtime, xml);
    return startCase(bench, definition, key);
  }

  it("refuses the chooser where the two-person rule separates the steps, and the applicant", async () => {
    const id = await openPair(pair());
    const settle = (person: string) => ({
      account: "ann",
      element: "examine",
      choice: { people: { settle: [person] } },
    });
    expect(codes(await complete(id, settle("u-ann")))).toEqual(["PERSON_EXCLUDED"]);
    await posts(
      "INSERT INTO post (id, person_id, organisation_id, role) VALUES ('p-wang', 'u-wang', 'gz-medical', 'provider-clerk')",
    );
    expect(codes(await complete(id, settle("u-wang")))).toEqual(["PERSON_EXCLUDED"]);
    await posts("DELETE FROM post WHERE id = 'p-wang'");
    expect((await complete(id, settle("u-ben"))).status).toBe(200);
    expect((await taskAt(bench, id, "settle")).assignee).toMatchObject({ id: "u-ben" });
  });

  it("lets the next superior act where the chosen person is excluded by the time the step starts, and says so", async () => {
    const between = step("between", "provider-clerk", 'jieli:step="examine" jieli:outcomes="approve"');
    const id = await openPair(pair(between));
    await complete(id, { account: "ann", element: "examine", choice: { people: { settle: ["u-ben"] } } });
    expect((await complete(id, { account: "ben", element: "between" })).status).toBe(200);
    const task = await taskAt(bench, id, "settle");
    expect([task.role, task.assignee]).toEqual(["provider-head", null]);
    expect(await line(id, "task.lifted")).toBeDefined();
  });

  it("lets a substitute act for the chosen person, in both names", async () => {
    const id = await openCase({ review: `${branches} ${who(true)}` });
    await complete(id, { choice: chooseBen });
    const now = bench.runtime.clock.now();
    const away = {
      person: "u-ben",
      substitute: "u-zhang",
      organisation: "gz-medical",
      from: now,
      until: addMs(now, 86_400_000),
      reason: "出差",
    };
    const told = await (await bench.as("ben")).post("/api/substitutions", away);
    expect(told.status, told.text).toBe(201);
    expect((await complete(id, { element: "examine", account: "zhang" })).status).toBe(200);
    const taken = (await historyOf(id)).findLast(({ type }) => type === "decision.taken");
    expect(taken?.actor.name).toBe("张伟（代ben）");
    const ledger = (await (await bench.as("guan")).get(`/api/ledger?instance=${id}`)).body.items;
    expect(ledger.find(({ element }: { element: string }) => element === "examine").chosenBy.name).toBe("陈静");
  });

  it("has just the chosen sign where several do, and never takes out who must sign", async () => {
    const signers = [{ role: "provider-clerk" }, { role: "provider-head", required: true }];
    const policy = `jieli:approval="all" jieli:approvalParameters='${JSON.stringify({ signers })}'`;
    const id = await openCase({ review: `${branches} ${who(true)}`, examine: policy });
    const { people: asked } = await offered(id, { outcome: "approve", branch: "way_examine" });
    expect(asked[0].fixed.map(({ id: person }: { id: string }) => person)).toEqual(["u-feng", "u-yang"]);
    expect(codes(await complete(id, { choice: { ...toExamine, people: { examine: ["u-yang"] } } }))).toEqual([
      "PERSON_NOT_OFFERED",
    ]);
    await complete(id, { choice: { ...toExamine, people: { examine: ["u-ann", "u-ben"] } } });
    const rows = await bench.runtime.store.read(
      "SELECT assignee_id FROM task WHERE instance_id = ? AND element = 'examine' AND state = 'open' ORDER BY assignee_id",
      [id],
    );
    expect(rows.map((row) => row["assignee_id"])).toEqual(["u-ann", "u-ben", "u-feng", "u-yang"]);
  });

  it("keeps the choice on a return behind it, asks anew where the choosing step is done again, and not on the way straight back", async () => {
    const id = await openCase({ review: `${branches} ${who(true)}` });
    await complete(id, { choice: chooseBen });
    await complete(id, { element: "examine", account: "ben" });
    await giveBack(id, "settle", "yang", "walkAgain");
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-ben" });
    await giveBack(id, "examine", "ben", "backToMe");
    expect(await openSteps(bench, id)).toEqual(["review"]);
    expect(await offered(id, { outcome: "approve" })).toMatchObject({ branch: null, people: [] });
    expect((await complete(id, {})).status).toBe(200);
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-ben" });
    await giveBack(id, "examine", "ben", "walkAgain");
    expect(codes(await complete(id, { choice: toExamine }))).toEqual(["PEOPLE_MISSING"]);
    await complete(id, { choice: { ...toExamine, people: { examine: ["u-ann"] } } });
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-ann" });
  });

  it("carries the choice over with a decision that a return left standing", async () => {
    const reviews = 'jieli:reviews="request.items"';
    const id = await openCase({ review: `${branches} ${who(true)} ${reviews}` });
    await complete(id, { choice: chooseBen });
    const task = await taskAt(bench, id, "examine");
    const defects = [{ place: "使用目的", what: "与依据不一致", basis: "共享条例第十条" }];
    const body = {
      to: "applicant",
      afterwards: "walkAgain",
      defects,
      reason: "依据不足",
      rev: task.rev,
      confirmedSiblings: [],
    };
    expect((await (await bench.as("ben")).post(`/api/tasks/${task.id}/return`, body)).status).toBe(200);
    await decide(bench, { instanceId: id, account: people.signer, element: "sign", outcome: "approve" });
    expect(await openSteps(bench, id)).toEqual(["examine"]);
    expect((await taskAt(bench, id, "examine")).assignee).toMatchObject({ id: "u-ben" });
  });
});

async function posts(sql: string): Promise<void> {
  await bench.runtime.store.transaction((tx) => tx.execute(sql));
}

async function retry(instanceId: string, token: string): Promise<void> {
  const answer = await (
    await bench.as("guan")
  ).post(`/api/instances/${instanceId}/operations`, { type: "retryIncident", token });
  expect(answer.status, answer.text).toBe(200);
}
