import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { bpmn, endEvent, gateway, startEvent } from "../support/bpmn.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const step = (id: string, name = id) => `<bpmn:serviceTask id="${id}" name="${name}" jieli:topic="by-hand"/>`;
const branches = (second: string, more = "") =>
  bpmn(
    `${startEvent()}${step("a")}${gateway("parallel", "f")}${step(second, "second")}${step("c")}${gateway("parallel", "j")}${step("d")}${endEvent()}${more}`,
    `start -> a -> f; f -> ${second} -> j; f -> c -> j; j -> d -> end`,
    { id: "operated" },
  );

async function publish(xml: string): Promise<string> {
  const answer = await (await bench.as("lin")).post("/api/definitions", { xml });
  expect(answer.status, answer.text).toBe(201);
  return String(answer.body.definition.id);
}

async function startCase(definitionId: string, processKey: string): Promise<string> {
  const id = newId();
  const party = { organisation: "nm-civil", region: "520102" };
  const subject = { zh: "操作", en: "Operated" };
  const created = { id, caseNumber: id.slice(-12), definitionId, processKey, startEvent: null, subject };
  const actor = { kind: "system", name: "test" } as const;
  await bench.runtime.start(
    { ...created, applicant: party, provider: party, variables: {} },
    actor,
    null,
    async () => undefined,
  );
  return id;
}

async function finish(instanceId: string, element: string): Promise<void> {
  const state = (await (await bench.as("guan")).get(`/api/instances/${instanceId}/state`)).body;
  const wait = state.waits.find((candidate: { element: string }) => candidate.element === element);
  await bench.runtime.dispatch({
    instanceId,
    actor: { kind: "system", name: "test" },
    commandId: null,
    decide: async () => ({ type: "completeJob", wait: wait.id, variables: {} }),
  });
}

async function open(instanceId: string): Promise<string[]> {
  const state = (await (await bench.as("guan")).get(`/api/instances/${instanceId}/state`)).body;
  return state.waits.map(({ element }: { element: string }) => element).sort();
}

describe("operations on a running case", () => {
  it("sends it back within a branch, and refuses what would block a join, for managers only", async () => {
    const id = await startCase(await publish(branches("b")), "operated");
    await finish(id, "a");
    await finish(id, "c");
    const manager = await bench.as("guan");
    const back = (element: string) => manager.post(`/api/instances/${id}/return`, { element, reason: "材料有误" });
    const asked = (account: string) =>
      bench.as(account).then((person) => person.post(`/api/instances/${id}/return`, { element: "a", reason: "x" }));
    expect([(await asked("luo")).status, (await asked("wang")).status]).toEqual([404, 403]);
    expect((await back("a")).status).toBe(200);
    expect(await open(id)).toEqual(["a"]);
    for (const element of ["a", "b", "c"]) await finish(id, element);
    expect(await open(id)).toEqual(["d"]);
    const blocked = await back("b");
    expect([blocked.status, blocked.body.code]).toEqual([409, "RETURN_WOULD_BLOCK"]);
    const history = (await manager.get(`/api/instances/${id}`)).body.history;
    expect(JSON.stringify(history)).toContain("tokens.moved");
  });

  it("suspends, resumes, sets variables and cancels, each with its reason", async () => {
    const id = await startCase(await publish(branches("b")), "operated");
    const manager = await bench.as("guan");
    const act = (body: object) => manager.post(`/api/instances/${id}/operations`, body);
    expect((await act({ type: "suspend", reason: "争议" })).body.status).toBe("suspended");
    expect(
      (await act({ type: "setVariables", scope: null, variables: { n: 1 }, reason: "更正" })).body.variables,
    ).toEqual({ n: 1 });
    expect((await act({ type: "suspend", reason: "again" })).status).toBe(409);
    expect((await act({ type: "resume", reason: "协调完毕" })).body.status).toBe("running");
    expect((await act({ type: "cancel" })).status).toBe(422);
    expect((await act({ type: "cancel", reason: "撤销" })).body.status).toBe("cancelled");
    const lines = await bench.runtime.store.read(
      "SELECT payload FROM journal WHERE instance_id = ? AND type = 'case.operated' ORDER BY seq",
      [id],
    );
    expect(lines.map((line) => JSON.parse(String(line["payload"])).reason)).toEqual([
      "争议",
      "更正",
      "协调完毕",
      "撤销",
    ]);
  });
});

describe("migration", () => {
  it("tells case by case what would happen, and takes over those that fit", async () => {
    const first = await publish(branches("b"));
    const [early, late] = [await startCase(first, "operated"), await startCase(first, "operated")];
    await finish(late, "a");
    const second = await publish(branches("review", step("unused")));
    const designer = await bench.as("lin");
    const plan = { elements: {}, flows: {} };
    const check = (body: object) =>
      designer.post("/api/migrations", { from: first, to: second, reason: "规则变化", ...body });
    const strict = (await check({ apply: false, plan })).body.cases.filter(
      (found: { instanceId: string }) => found.instanceId === late,
    );
    expect(strict).toMatchObject([
      { migrated: false, problems: [{ code: "MIGRATION_NO_PLACE", element: "b" }, { element: "b" }].slice(0, 1) },
    ]);
    const done = (await check({ apply: true })).body;
    expect(done.plan.elements).toEqual({ b: "review" });
    expect(done.cases.every((found: { migrated: boolean }) => found.migrated)).toBe(true);
    expect(await open(late)).toEqual(["c", "review"]);
    expect(await open(early)).toEqual(["a"]);
    const jobs = await bench.runtime.store.read("SELECT element FROM job WHERE instance_id = ? ORDER BY element", [
      late,
    ]);
    expect(jobs.map((row) => row["element"])).toEqual(["c", "review"]);
    for (const element of ["review", "c", "d"]) await finish(late, element);
    expect((await (await bench.as("guan")).get(`/api/instances/${late}`)).body).toMatchObject({
      status: "completed",
      process: { definitionId: second },
    });
    expect(
      (await (await bench.as("guan")).post("/api/migrations", { from: first, to: second, reason: "x", apply: true }))
        .status,
    ).toBe(404);
  });
});

describe("deletion", () => {
  it("keeps the chained history for the retention period and destroys it afterwards", async () => {
    const id = await startCase(await publish(branches("b")), "operated");
    const admin = await bench.as("admin");
    const remove = () => admin.post(`/api/instances/${id}/delete`, { reason: "依法删除" });
    expect((await remove()).body.code).toBe("CASE_NOT_ENDED");
    await (await bench.as("guan")).post(`/api/instances/${id}/operations`, { type: "cancel", reason: "撤销" });
    const deleted = await remove();
    expect(deleted.status).toBe(200);
    expect((await (await bench.as("guan")).get(`/api/instances/${id}`)).status).toBe(404);
    const count = async (table: string) =>
      Number(
        (await bench.runtime.store.read(`SELECT COUNT(*) AS n FROM ${table} WHERE instance_id = ?`, [id]))[0]?.["n"],
      );
    expect([await count("job"), await count("participant")]).toEqual([0, 0]);
    expect(await count("journal")).toBeGreaterThan(3);
    const { destroyExpired } = await import("../../server/runtime/retention.ts");
    await destroyExpired(bench.runtime.store, deleted.body.keepUntil);
    expect(await count("journal")).toBeGreaterThan(3);
    await destroyExpired(bench.runtime.store, new Date(Date.parse(deleted.body.keepUntil) + 1).toISOString());
    expect(await count("journal")).toBe(0);
  });
});

describe("processes that begin by an event", () => {
  const reply = `<bpmn:message id="m" name="data-request" jieli:correlationKey="number"/><bpmn:signal id="s" name="alarm"/>`;
  const begun = (id: string, definition: string) =>
    bpmn(
      `<bpmn:startEvent id="start">${definition}</bpmn:startEvent>${step("work")}${endEvent()}`,
      "start -> work -> end",
      { id, root: reply },
    );
  const casesOf = async (key: string) =>
    bench.runtime.store.read("SELECT id, state, case_number FROM instance WHERE process_key = ? ORDER BY id", [key]);

  it("start with a message that no case waits for, once for a repeated delivery", async () => {
    await publish(begun("by-message", '<bpmn:messageEventDefinition id="d" messageRef="m"/>'));
    const worker = await bench.as("worker");
    const answer = await worker.post("/api/messages", {
      name: "data-request",
      correlationKey: "7",
      variables: { number: "7" },
    });
    expect(answer.body.instanceIds).toHaveLength(1);
    const [started] = await casesOf("by-message");
    // Every case knows its own number, and which case it came from, if any.
    const own = { caseNumber: started?.["case_number"], originCase: null };
    expect(JSON.parse(String(started?.["state"])).scopes.s1.variables).toEqual({ number: "7", ...own });
  });

  it("start by a signal that another case throws", async () => {
    await publish(begun("by-signal", '<bpmn:signalEventDefinition id="d" signalRef="s"/>'));
    const thrower = bpmn(
      `${startEvent()}<bpmn:endEvent id="thrown"><bpmn:signalEventDefinition id="d" signalRef="s"/></bpmn:endEvent>`,
      "start -> thrown",
      { id: "thrower", root: reply },
    );
    await startCase(await publish(thrower), "thrower");
    expect(await casesOf("by-signal")).toHaveLength(1);
  });

  it("start when their timer is due, as often as it says, and the newest version only", async () => {
    const cycle = (text: string) =>
      `<bpmn:timerEventDefinition id="d"><bpmn:timeCycle>${text}</bpmn:timeCycle></bpmn:timerEventDefinition>`;
    await publish(begun("by-timer", cycle("R9/PT1H")));
    await publish(begun("by-timer", cycle("R2/P1D")));
    const now = Date.parse(bench.runtime.clock.now());
    await bench.runtime.moveClock(new Date(now + 12 * 3_600_000).toISOString());
    expect(await casesOf("by-timer")).toHaveLength(0);
    await bench.runtime.moveClock(new Date(now + 10 * 86_400_000).toISOString());
    expect(await casesOf("by-timer")).toHaveLength(2);
  });
});
