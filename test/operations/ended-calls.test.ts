import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { flowXml } from "../support/bpmn.ts";
import { around, atCheck, call, callingCases, check, defect, examine, oneByOne, type Begun } from "./calling.ts";
import { footprint } from "./observed.ts";
import { openSteps, people, taskAt } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const { begin, calling, act, post, sendBack, targetsFrom, fallenIn } = callingCases(() => bench);

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

  it("opens the last step of a call that has ended again, as it stood: nothing else of the call falls", async () => {
    const { id } = await calling();
    await act(id, "examine");
    await act(id, "check");
    const answer = await takeBack(id, "settle", people.beside);
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["check"]]);
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-wu");
    // It is the same call: its earlier step can be returned to.
    expect((await targetsFrom(id, atCheck)).map(({ element }) => element)).toEqual(["sign", "examine"]);
    await act(id, "check");
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("goes from the second call back into the first, whose turn the second is again afterwards", async () => {
    const { id } = await calling(oneByOne);
    for (const element of ["examine", "check"]) await act(id, element);
    const answer = await takeBack(id, "examine", people.beside);
    expect(answer.status, answer.text).toBe(200);
    expect([await openSteps(bench, id), await fallenIn(id)]).toEqual([["check"], ["check"]]);
    for (const element of ["check", "examine", "check"]) await act(id, element);
    expect(await openSteps(bench, id)).toEqual(["settle"]);
  });

  it("finds the call under its new name in a new version of the caller", async () => {
    const { id, key, definition } = await calling();
    for (const element of ["examine", "check"]) await act(id, element);
    const next = await publish(bench.runtime, around(key, call(key).replace('id="call"', 'id="relay"'), "relay"));
    const plan = { elements: { call: "relay" }, flows: { sign_call: "sign_relay", call_settle: "relay_settle" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    expect((await post("lin", "/api/migrations", body)).body.cases).toMatchObject([{ migrated: true }]);
    expect((await takeBack(id, "settle", people.beside)).status).toBe(200);
    expect(await openSteps(bench, id)).toEqual(["check"]);
  });

  it("is refused once the next has begun, naming who, and once something has gone out", async () => {
    const { id } = await calling();
    for (const element of ["examine", "check"]) await act(id, element);
    const { id: task } = await taskAt(bench, id, "settle");
    await post(people.head, `/api/tasks/${task}/claim`, { rev: 1 });
    const begun = await takeBack(id, "settle", people.beside);
    expect([begun.status, begun.body.code]).toEqual([409, "TAKE_BACK_BEGUN"]);
    expect(begun.body.detail.zh).toContain("杨帆");
    const telling = `<bpmn:intermediateThrowEvent id="tell"><bpmn:signalEventDefinition id="told" signalRef="signal"/></bpmn:intermediateThrowEvent>`;
    const sent = await begin((key) => `${call(key)}${telling}`, "call -> tell");
    for (const element of ["examine", "check"]) await act(sent.id, element);
    const gone = await takeBack(sent.id, "settle", people.beside);
    expect([gone.status, gone.body.code]).toEqual([409, "TAKE_BACK_SENT"]);
  });

  it("is refused with the reason where what the call held is not known, and changes nothing", async () => {
    const { id } = await calling();
    for (const element of ["examine", "check"]) await act(id, element);
    // A case whose call ended before this was kept.
    await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM ended_call WHERE instance_id = ?", [id]));
    const before = await footprint(bench, id);
    const answer = await takeBack(id, "settle", people.beside);
    expect([answer.status, answer.body.code]).toEqual([409, "TAKE_BACK_CALLED"]);
    expect(answer.body.detail.en).toContain("cannot be taken up");
    expect(await footprint(bench, id)).toEqual(before);
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
