import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { situationFacts } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { appoint } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let instanceId: string;
beforeAll(async () => {
  bench = await ApiBench.open();
  await appoint(bench, "dual", "gz-medical", "mediator");
  await bench.runtime.store.transaction((tx) =>
    tx.insert("post", { id: newId(), person_id: "u-dual", organisation_id: "nm-civil", role: "applicant-clerk" }),
  );
  const now = Date.parse(bench.runtime.clock.now());
  const [from, until] = [now - 3_600_000, now + 86_400_000].map((at) => new Date(at).toISOString());
  const body = { person: "u-dual", substitute: "u-zheng", organisation: "gz-medical", from, until, reason: "出差" };
  const arranged = await (await bench.as("dual")).post("/api/substitutions", body);
  if (arranged.status !== 201) throw new Error(arranged.text);
});
afterAll(() => bench.close());

/** A case of theirs at the applicant, where the provider takes no part yet. */
beforeEach(async () => {
  const key = `elsewhere-${newId().slice(-6)}`;
  const step = (id: string, at: string, role: string) =>
    `<bpmn:userTask id="${id}" name="${id}" jieli:at="${at}" jieli:role="${role}" jieli:outcomes="approve reject"/>`;
  const nodes = `<bpmn:startEvent id="start"/>${step("sign", "applicant", "applicant-head")}${step("settle", "provider", "provider-head")}<bpmn:endEvent id="end"/>`;
  const { definition } = await publish(bench.runtime, bpmn(nodes, "start -> sign -> settle -> end", { id: key }));
  instanceId = newId();
  const created = { id: instanceId, caseNumber: instanceId.slice(-12), definitionId: definition, processKey: key };
  const applicant = { organisation: "nm-civil", region: "520102" };
  const provider = { organisation: "gz-medical", region: "520000" };
  const subject = { zh: "别处", en: "Elsewhere" };
  const start = { ...created, startEvent: null, subject, applicant, provider, variables: situationFacts };
  const actor = { kind: "person", id: "u-dual", name: "dual", organisation: "nm-civil" } as const;
  await bench.runtime.start(start, actor, null, async () => undefined);
});

async function taskOf(assignee: string | null, element = "sign"): Promise<{ id: string; rev: number }> {
  const rows = await bench.runtime.store.read(
    "SELECT id, rev, assignee_id FROM task WHERE instance_id = ? AND element = ? AND state = 'open'",
    [instanceId, element],
  );
  const row = rows.find((each) => each["assignee_id"] === assignee);
  return { id: String(row?.["id"]), rev: Number(row?.["rev"]) };
}

async function send(account: string, path: string, body: object): Promise<number> {
  return (await (await bench.as(account)).post(path, body)).status;
}

async function consulted(): Promise<{ id: string; rev: number }> {
  const { id, rev } = await taskOf(null);
  expect(await send("liu", `/api/tasks/${id}/claim`, { rev })).toBe(200);
  const question = { rev: (await taskOf("u-liu")).rev, to: "u-dual", question: "材料齐全吗？" };
  expect(await send("liu", `/api/tasks/${id}/consult`, question)).toBe(200);
  return taskOf("u-dual");
}

describe("a substitute at one organisation", () => {
  it("gets nothing of what was given by name at another", async () => {
    const { id, rev } = await consulted();
    expect(await send("zheng", `/api/tasks/${id}/answer`, { rev, opinion: "齐全" })).toBe(404);
    // Also where their own organisation takes part in the case by now.
    const sign = await taskOf("u-liu");
    expect(
      await send("liu", `/api/tasks/${sign.id}/complete`, { rev: sign.rev, outcome: "approve", opinion: "同意" }),
    ).toBe(200);
    const jump = { element: "sign", reason: "重新审签" };
    expect(await send("guan", `/api/instances/${instanceId}/jump`, jump)).toBe(200);
    expect(await send("huang", `/api/instances/${instanceId}/jump/settle`, { accepted: true, reason: "同意" })).toBe(
      200,
    );
    const again = await consulted();
    expect(await send("zheng", `/api/tasks/${again.id}/answer`, { rev: again.rev, opinion: "齐全" })).toBe(403);
    expect(await send("dual", `/api/tasks/${again.id}/answer`, { rev: again.rev, opinion: "齐全" })).toBe(200);
  });

  it("withdraws no application that was made for another", async () => {
    expect(await send("zheng", `/api/instances/${instanceId}/withdraw`, { reason: "不再需要" })).toBe(404);
    expect(await send("dual", `/api/instances/${instanceId}/withdraw`, { reason: "不再需要" })).toBe(200);
  });
});
