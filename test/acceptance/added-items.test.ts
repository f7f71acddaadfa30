import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GrantBench } from "../api/grants-support.ts";
import { ApiBench } from "../api/support.ts";
import { taskAt } from "../operations/situations.ts";
import { RelayCase } from "./relay-case.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const granted = (...codes: string[]) => codes.map((code) => ({ code, decision: "granted" }));
const refused = {
  code: "name",
  decision: "refused",
  reasonCode: "R6",
  reason: "与申请事项无关，个人信息保护影响评估未涵盖该数据项。",
};
const inPart = (itemDecisions: readonly object[]) => ({
  outcome: "partial",
  reasonCode: "R6",
  citation: "《政务数据共享条例》第二十二条",
  form: { itemDecisions },
});

/** A case that was granted in part, and that the operator has sent back to its applicant, to come straight back. */
async function backFromDelivery(): Promise<RelayCase> {
  const relay = await RelayCase.at(bench, "Task_Decide");
  await relay.act("Task_Decide", inPart([...granted("idno", "status"), refused]));
  const answer = await relay.giveBack({ from: "Task_Deliver", to: "applicant", afterwards: "backToMe" });
  expect(answer.status, answer.text).toBe(200);
  return relay;
}
async function correct(relay: RelayCase, element: string, request: object) {
  const { id, rev } = await taskAt(bench, relay.id, element);
  return (await bench.as("wang")).post(`/api/tasks/${id}/corrections`, { rev, request });
}

describe("a data item that is added while a decided case is back with its applicant", () => {
  it("lets the way be walked again: it is decided like the others, and delivered", async () => {
    const relay = await backFromDelivery();
    const items = ["name", "idno", "status", "kind"];
    const corrected = await correct(relay, "Task_Supplement", { items, necessaryItems: items });
    expect(corrected.status, corrected.text).toBe(200);
    await relay.act("Task_Supplement");
    expect(await relay.open()).toEqual(["Task_OwnCheck"]);
    const told = await relay.history();
    expect(told.find(({ type }) => type === "return.items")?.sentence.zh).toContain("新增的数据项尚无人审核决定");
    const fell = told.filter(({ type }) => type === "decision.fallen").map(({ sentence }) => sentence);
    expect(fell.at(-1)).toEqual({
      zh: "杨帆 在“决定”的结论“部分同意”因新增数据项失效，记录保留",
      en: expect.stringContaining("fell because a data item was added"),
    });
    await relay.walkTo("Task_Decide");
    const undecided = relay.act("Task_Decide", inPart([...granted("idno", "status"), refused]));
    await expect(undecided).rejects.toThrow("ITEM_UNDECIDED");
    await relay.act("Task_Decide", inPart([...granted("idno", "status", "kind"), refused]));
    const deliver = await taskAt(bench, relay.id, "Task_Deliver");
    const specified = deliver.data["delivery"] as { items: { code: string }[] };
    expect(specified.items.map(({ code }) => code)).toEqual(["idno", "status", "kind"]);
    await relay.act("Task_Deliver");
    await relay.act("Task_Accept", {
      form: { itemsReceived: ["idno", "status", "kind"], sampleChecked: true, testCall: "passed" },
    });
    expect(await relay.status()).toBe("completed");
    const grant = await new GrantBench(bench).grant(relay.id);
    expect([grant.state, grant.items.map(({ code }) => code)]).toEqual(["active", ["idno", "status", "kind"]]);
  });

  it("is told by the forecast as soon as the correction is saved", async () => {
    const relay = await backFromDelivery();
    const ahead = async () => {
      const answer = await (await bench.as("wang")).get(`/api/instances/${relay.id}/forecast`);
      return answer.body.steps.map(({ element }: { element: string }) => element).slice(0, 2);
    };
    expect(await ahead()).toEqual(["Task_Supplement", "Task_Deliver"]);
    const items = ["name", "idno", "status", "area"];
    await correct(relay, "Task_Supplement", { items, necessaryItems: items });
    expect(await ahead()).toEqual(["Task_Supplement", "Task_OwnCheck"]);
  });

  it("comes straight back where items were only given up", async () => {
    const relay = await backFromDelivery();
    expect((await correct(relay, "Task_Supplement", { items: ["status"], necessaryItems: ["status"] })).status).toBe(
      200,
    );
    await relay.act("Task_Supplement");
    expect(await relay.open()).toEqual(["Task_Deliver"]);
  });

  it("is refused, with the reason, where the way on from the correction passes no decision", async () => {
    const relay = await RelayCase.at(bench, "Task_Accept");
    await relay.act("Task_Accept", { outcome: "reject", reasonCode: "INCOMPLETE", form: {} });
    await relay.giveBack({ from: "Task_Deliver", to: { element: "Task_Accept" }, afterwards: "backToMe" });
    const items = ["name", "idno", "status", "kind"];
    const answer = await correct(relay, "Task_Accept", { items, necessaryItems: items });
    expect([answer.status, answer.body.code]).toEqual([409, "ITEMS_DECIDED"]);
    expect(answer.body.detail.zh).toContain("杨帆");
    expect(answer.body.mend.en).toContain("application of their own");
  });
});

describe("a grant whose decision falls before anything was delivered", () => {
  it("is taken out of the record, and a refusal afterwards leaves none", async () => {
    const relay = await RelayCase.at(bench, "Task_Deliver");
    expect((await new GrantBench(bench).grant(relay.id)).state).toBe("granted");
    await relay.giveBack({ from: "Task_Deliver", to: { element: "Task_Dispatch" }, afterwards: "walkAgain" });
    const gone = await (await bench.as("wang")).get(`/api/grants/${relay.id}`);
    expect(gone.status).toBe(404);
    expect((await relay.history()).map(({ type }) => type)).toContain("grant.fallen");
    await relay.walkTo("Task_Decide");
    await relay.act("Task_Decide", {
      outcome: "refuse",
      reasonCode: "R6",
      citation: "《政务数据共享条例》第二十二条",
      form: {},
    });
    expect(await relay.open()).toEqual(["Task_RefusalNotice"]);
    expect((await (await bench.as("wang")).get(`/api/grants/${relay.id}`)).status).toBe(404);
  });
});
