import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn, flowXml } from "../support/bpmn.ts";
import { footprint, historyOf } from "./observed.ts";
import { decide, openSteps, people, startCase, taskAt } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const step = (id: string, at: string, role: string, outcomes = "approve refuse") =>
  `<bpmn:userTask id="${id}" name="${id}" jieli:at="${at}" jieli:role="${role}" jieli:outcomes="${outcomes}"/>`;
const examine = step("examine", "provider", "provider-clerk");
const check = step("check", "provider", "security-reviewer", "pass fail");
const passedOn = ["applicant", "provider", "resource", "request"]
  .map((name) => `<jieli:in source="${name}" target="${name}" />`)
  .join("");

/** Signed, then `mid`, then settled. */
const around = (key: string, mid: string, path: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/>${step("sign", "applicant", "applicant-head", "approve reject")}${mid}
     ${step("settle", "provider", "provider-head")}<bpmn:endEvent id="end"/>`,
    `start -> sign -> ${path} -> settle -> end`,
    { id: key },
  );
const called = (key: string) =>
  bpmn(
    `<bpmn:startEvent id="inside"/>${examine}${check}<bpmn:endEvent id="out"/>`,
    "inside -> examine -> check -> out",
    {
      id: `${key}-called`,
    },
  );
const call = (key: string, loop = "") =>
  `<bpmn:callActivity id="call" name="转报" calledElement="${key}-called"><bpmn:extensionElements>${passedOn}</bpmn:extensionElements>${loop}</bpmn:callActivity>`;
const oneByOne = `<bpmn:multiInstanceLoopCharacteristics isSequential="true" jieli:collection="signers" jieli:elementVariable="signer"/>`;

interface Begun {
  readonly id: string;
  readonly key: string;
  readonly definition: string;
}

/** A case that has been signed: the first step of what it calls is open. */
async function begin(mid: (key: string) => string, path: string): Promise<Begun> {
  const key = `calling-${newId().slice(-8).toLowerCase()}`;
  await publish(bench.runtime, called(key));
  const { definition } = await publish(bench.runtime, around(key, mid(key), path));
  const id = await startCase(bench, definition, key);
  await act(id, "sign");
  return { id, key, definition };
}
const calling = async (loop = ""): Promise<Begun> => begin((key) => call(key, loop), "call");

/** Decides the open task at an element, as whoever does such steps here. */
async function act(id: string, element: string, outcome = element === "check" ? "pass" : "approve"): Promise<void> {
  const by: Readonly<Record<string, string>> = {
    sign: people.signer,
    examine: people.worker,
    check: people.beside,
    verify: people.beside,
    settle: people.head,
  };
  await decide(bench, { instanceId: id, account: by[element] ?? "", element, outcome });
}
async function post(account: string, path: string, body: object) {
  return (await bench.as(account)).post(path, body);
}
async function sendBack(
  id: string,
  from: { readonly element: string; readonly account: string },
  to: string,
  afterwards: "walkAgain" | "backToMe" = "walkAgain",
) {
  const { id: task, rev } = await taskAt(bench, id, from.element);
  const wish = { to: { element: to }, afterwards, defects: [defect], reason: "依据不足", rev };
  return post(from.account, `/api/tasks/${task}/return`, wish);
}
const defect = { place: "使用目的", what: "不一致", basis: "第十条" };
const atCheck = { element: "check", account: people.beside };
const atSettle = { element: "settle", account: people.head };
async function targetsFrom(id: string, { element, account }: { readonly element: string; readonly account: string }) {
  const { id: task } = await taskAt(bench, id, element);
  const { targets } = (await (await bench.as(account)).get(`/api/tasks/${task}/return/targets`)).body;
  return targets as {
    element: string;
    name: { zh: string };
    kind: string;
    noWayBack: { zh: string; en: string } | null;
  }[];
}
const fallenIn = async (id: string) =>
  (
    await bench.runtime.store.read(
      "SELECT element FROM task WHERE instance_id = ? AND fallen_at IS NOT NULL ORDER BY created_at, id",
      [id],
    )
  ).map((row) => row["element"]);
const returnsIn = async (id: string) =>
  (await bench.runtime.store.read("SELECT state FROM case_return WHERE instance_id = ? ORDER BY at, id", [id])).map(
    (row) => row["state"],
  );

describe("a return within a called process", () => {
  it("goes to an earlier step of it, in the same call, and its own decision falls alone", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const targets = await targetsFrom(id, atCheck);
    expect(targets.map(({ element, kind }) => [element, kind])).toEqual([
      ["sign", "applicant"],
      ["examine", "previous"],
    ]);
    const answer = await sendBack(id, atCheck, "examine");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine"]]);
    await act(id, "examine");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["check"], ["corrected"]]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("comes straight back to whoever returned it", async () => {
    const { id } = await calling();
    await act(id, "examine");
    expect((await sendBack(id, atCheck, "examine", "backToMe")).status).toBe(200);
    await act(id, "examine");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    const lines = (await historyOf(bench, id)).filter(({ type }) => type === "tokens.cameBack");
    expect(lines.map(({ actor }) => actor.kind)).toEqual(["system"]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

describe("a return out of a called process", () => {
  it("goes to a step of the caller, which calls anew, and what was decided in the call falls", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const answer = await sendBack(id, atCheck, "sign");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["sign"], ["sign", "examine"]]);
    await act(id, "sign");
    await act(id, "examine");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("out of the second of several calls, too", async () => {
    const { id } = await calling(oneByOne);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    // Of the first call nothing is offered: the case stands in the same activity still.
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine"]);
    expect((await sendBack(id, atCheck, "examine")).status).toBe(200);
    // The first call's own decision is not concerned.
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine"]]);
    await act(id, "examine");
    expect((await sendBack(id, atCheck, "sign")).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["sign"]);
    expect(await fallenIn(id)).toEqual(["sign", "examine", "check", "examine", "examine"]);
  });

  it("comes straight back to the step that was left in it, and what was decided in it stands", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const answer = await sendBack(id, atCheck, "sign", "backToMe");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["sign"], ["sign"]]);
    await act(id, "sign");
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["sign"]]);
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    // It is the same call: its earlier step can be returned to, and is no step of one that has ended.
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine"]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("comes straight back into the second of several calls; the first stands, and the third follows", async () => {
    const three = oneByOne.replace("signers", "[1, 2, 3]");
    const { id } = await calling(three);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    await sendBack(id, atCheck, "sign", "backToMe");
    await act(id, "sign");
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["sign"]]);
    for (const element of ["check", "examine", "check"]) await act(id, element);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("goes on in the version that was called, whatever has been published meanwhile", async () => {
    const { id, key } = await calling();
    await act(id, "examine");
    await sendBack(id, atCheck, "sign", "backToMe");
    await publish(bench.runtime, called(key).replaceAll(/(?<=["_ ])check(?=["_ ])/g, "verify"));
    await act(id, "sign");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("finds the call under its new name when the case has changed its version meanwhile", async () => {
    const { id, key, definition } = await calling();
    await act(id, "examine");
    await sendBack(id, atCheck, "sign", "backToMe");
    const renamed = call(key).replace('id="call"', 'id="relay"');
    const next = await publish(bench.runtime, around(key, renamed, "relay"));
    const plan = { elements: { call: "relay" }, flows: { sign_call: "sign_relay", call_settle: "relay_settle" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    expect((await post("lin", "/api/migrations", body)).body.cases).toMatchObject([{ migrated: true }]);
    await act(id, "sign");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

describe("a return into a called process that has ended", () => {
  it("calls it anew from its beginning, under the name of the call, and all that was decided in it falls", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const targets = await targetsFrom(id, atSettle);
    expect(targets.map(({ element, name }) => [element, name.zh])).toEqual([
      ["sign", "sign"],
      ["call", "转报"],
    ]);
    const answer = await sendBack(id, atSettle, "call");
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["examine"], ["examine", "check"]]);
    await act(id, "examine");
    expect(await returnsIn(id)).toEqual(["open"]);
    await act(id, "check");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["settle"], ["corrected"]]);
    const told = (await historyOf(bench, id)).find(({ type }) => type === "case.returned");
    expect(told?.sentence.zh).toContain("退回“转报”");
  });

  it("also where it was called several times one by one", async () => {
    const { id } = await calling(oneByOne);
    for (const element of ["examine", "check", "examine", "check"]) await act(id, element);
    expect((await sendBack(id, atSettle, "call")).status).toBe(200);
    expect(await fallenIn(id)).toHaveLength(4);
    for (const element of ["examine", "check", "examine"]) await act(id, element);
    expect(await returnsIn(id)).toEqual(["open"]);
    await act(id, "check");
    expect([await openSteps(bench, id), await returnsIn(id)]).toEqual([["settle"], ["corrected"]]);
  });

  it("cannot lead straight back, because nobody's one decision ends it", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const answer = await sendBack(id, atSettle, "call", "backToMe");
    expect([answer.status, answer.body.code]).toEqual([409, "RETURN_NO_WAY_BACK"]);
    const because = (await targetsFrom(id, atSettle)).find(({ element }) => element === "call")?.noWayBack;
    expect(because?.en).toContain("as a whole");
  });
});

describe("taking back in a called process", () => {
  const takeBack = async (id: string, element: string, account: string) => {
    const { id: task, rev } = await taskAt(bench, id, element);
    return post(account, `/api/tasks/${task}/withdraw`, { rev });
  };

  it("opens the earlier step of the same call again for whoever decided it", async () => {
    const { id } = await calling();
    await act(id, "examine");
    const answer = await takeBack(id, "check", people.worker);
    expect(answer.status, answer.text).toBe(200);
    expect((await taskAt(bench, id, "examine")).assignee?.id).toBe("u-zhang");
  });

  it("is refused once the call has ended, with the reason", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const answer = await takeBack(id, "settle", people.beside);
    expect([answer.status, answer.body.code]).toEqual([409, "TAKE_BACK_CALLED"]);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });
});

describe("a sub-process that runs several times", () => {
  const inner = flowXml("inside -> examine -> check -> out");
  const several = (loop = oneByOne, first = examine): Promise<Begun> =>
    begin(
      () =>
        `<bpmn:subProcess id="inner"><bpmn:startEvent id="inside"/>${first}${check}<bpmn:endEvent id="out"/>${inner.xml}${loop}</bpmn:subProcess>`,
      "inner",
    );
  const openRows = async (id: string, element: string) =>
    (
      await bench.runtime.store.read(
        "SELECT id, assignee_id FROM task WHERE instance_id = ? AND element = ? AND state = 'open' ORDER BY created_at, id",
        [id, element],
      )
    ).map((row) => ({ id: String(row["id"]), assignee: row["assignee_id"] }));

  it("is left by a return, and entered anew when the way is walked again", async () => {
    const { id } = await several();
    await act(id, "examine");
    expect((await sendBack(id, atCheck, "sign")).status).toBe(200);
    await act(id, "sign");
    expect(await openSteps(bench, id)).toEqual(["examine"]);
  });

  it("is entered by a way back where each run stood, and each step goes to who had it", async () => {
    const sideBySide = oneByOne.replace(` isSequential="true"`, "");
    const { id } = await several(sideBySide);
    const [first, second] = await openRows(id, "examine");
    for (const [account, row] of [
      [people.worker, first],
      ["zheng", second],
    ] as const)
      expect((await post(account, `/api/tasks/${row?.id}/claim`, { rev: 1 })).status).toBe(200);
    const wish = { to: { element: "sign" }, afterwards: "backToMe", defects: [defect], reason: "依据不足", rev: 2 };
    const confirmedSiblings = [second?.id ?? ""];
    const preview = await post(people.worker, `/api/tasks/${first?.id}/return/preview`, {
      to: wish.to,
      afterwards: "backToMe",
    });
    expect(preview.body.acting.map(({ person }: { person: string | null }) => person)).toEqual([null, "郑洁", "张伟"]);
    const answer = await post(people.worker, `/api/tasks/${first?.id}/return`, { ...wish, confirmedSiblings });
    expect(answer.status, answer.text).toBe(200);
    await act(id, "sign");
    expect((await openRows(id, "examine")).map(({ assignee }) => assignee)).toEqual(["u-zhang", "u-zheng"]);
  });

  it("cannot be entered in its middle where several do a step of each run; the preview says so, and nothing changes", async () => {
    const { id } = await several(oneByOne, examine.replace("/>", `>${oneByOne}</bpmn:userTask>`));
    const { id: task } = await taskAt(bench, id, "examine");
    const before = await footprint(bench, id);
    const wish = { to: { element: "sign" }, afterwards: "backToMe" };
    for (const answer of [
      await post(people.worker, `/api/tasks/${task}/return/preview`, wish),
      await sendBack(id, { element: "examine", account: people.worker }, "sign", "backToMe"),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, "RETURN_NO_WAY_BACK"]);
      expect(answer.body.detail.en).toContain("one of several runs");
      expect(answer.body.mend.zh).toContain("重新逐步办理");
    }
    expect(await footprint(bench, id)).toEqual(before);
    expect((await sendBack(id, { element: "examine", account: people.worker }, "sign")).status).toBe(200);
  });
});

describe("a new version of the caller", () => {
  it("renames its own steps and none of the called process that has the same names", async () => {
    // The caller, too, has a step `check`, which the new version calls `verify`; both were decided.
    const first = (key: string) => `${step("check", "provider", "security-reviewer", "pass fail")}${call(key)}`;
    const { id, key, definition } = await begin(first, "check -> call");
    await act(id, "check");
    await act(id, "examine");
    const mid = `${step("verify", "provider", "security-reviewer", "pass fail")}${call(key)}`;
    const next = await publish(bench.runtime, around(key, mid, "verify -> call"));
    const plan = { elements: { check: "verify" }, flows: { sign_check: "sign_verify", check_call: "verify_call" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    const migrated = await post("lin", "/api/migrations", body);
    expect(migrated.body.cases, migrated.text).toMatchObject([{ migrated: true }]);
    expect(await openSteps(bench, id)).toEqual(["check"]);
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine", "verify"]);
    expect((await sendBack(id, atCheck, "examine", "backToMe")).status).toBe(200);
    await act(id, "examine");
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
  });
});
