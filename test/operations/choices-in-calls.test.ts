import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { call, step } from "./calling.ts";
import { decide, openSteps, people, startCase, taskAt } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const clerk = (id: string, more = "") => step(id, "provider", "provider-clerk").replace("/>", ` ${more}/>`);
/** Caller and called process each have a step `check`; people are chosen for that of the called process. */
const called = (key: string) =>
  bpmn(
    `<bpmn:startEvent id="inside"/>${clerk("examine", 'jieli:peopleFor="check"')}${clerk("mid")}${clerk("check")}<bpmn:endEvent id="out"/>`,
    "inside -> examine -> mid -> check -> out",
    { id: `${key}-called` },
  );
const caller = (key: string, check: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/>${call(key)}${clerk(check)}<bpmn:endEvent id="end"/>`,
    `start -> call -> ${check} -> end`,
    { id: key },
  );

/** A case in a called process whose first step has chosen 郑洁 for the last one. */
async function chosen() {
  const key = `choosing-${newId().slice(-8).toLowerCase()}`;
  await publish(bench.runtime, called(key));
  const { definition } = await publish(bench.runtime, caller(key, "check"));
  const id = await startCase(bench, definition, key);
  const { id: task, rev } = await taskAt(bench, id, "examine");
  const choice = { people: { check: ["u-zheng"] }, reason: "熟悉该险种" };
  const body = { outcome: "approve", rev, opinion: "同意", choice };
  const answer = await (await bench.as(people.worker)).post(`/api/tasks/${task}/complete`, body);
  expect(answer.status, answer.text).toBe(200);
  return { id, key, definition };
}
const act = (instanceId: string, element: string, account: string) =>
  decide(bench, { instanceId, account, element, outcome: "approve" });

describe("people who were chosen for a step of a called process", () => {
  it("are not those of the caller's step of the same name", async () => {
    const { id } = await chosen();
    await act(id, "mid", people.worker);
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-zheng");
    await act(id, "check", "zheng");
    expect(await openSteps(bench, id)).toEqual(["check"]);
    expect((await taskAt(bench, id, "check")).assignee).toBeNull();
  });

  it("stay so in a new version of the caller, which gives its own step of that name another one", async () => {
    const { id, key, definition } = await chosen();
    const next = await publish(bench.runtime, caller(key, "verify"));
    const plan = { elements: { check: "verify" }, flows: { call_check: "call_verify", check_end: "verify_end" } };
    const body = { from: definition, to: next.definition, reason: "换版", apply: true, plan };
    const migrated = await (await bench.as("lin")).post("/api/migrations", body);
    expect(migrated.body.cases, migrated.text).toMatchObject([{ migrated: true }]);
    await act(id, "mid", people.worker);
    expect((await taskAt(bench, id, "check")).assignee?.id).toBe("u-zheng");
  });
});
