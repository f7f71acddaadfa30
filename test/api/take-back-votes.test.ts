import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { situationFacts } from "../operations/situations.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { appoint } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

/** A round of the mediators, and a step behind it. */
async function begin(policy: string): Promise<string> {
  const key = `signed-then-settled-${newId().slice(-6)}`;
  const step = (id: string, role: string, more = "") =>
    `<bpmn:userTask id="${id}" name="${id}" jieli:at="provider" jieli:role="${role}" jieli:outcomes="approve refuse" ${more}/>`;
  const round = `jieli:approval="${policy}" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`;
  const { definition } = await publish(
    bench.runtime,
    bpmn(
      `<bpmn:startEvent id="start"/>${step("sign", "provider-clerk", round)}${step("settle", "provider-head")}<bpmn:endEvent id="end"/>`,
      "start -> sign -> settle -> end",
      { id: key },
    ),
  );
  const id = newId();
  const applicant = { organisation: "nm-civil", region: "520102" };
  const provider = { organisation: "gz-medical", region: "520000" };
  const created = { id, caseNumber: id.slice(-12), definitionId: definition, processKey: key, startEvent: null };
  const subject = { zh: "撤回", en: "Taken back" };
  const start = { ...created, subject, applicant, provider, variables: situationFacts };
  await bench.runtime.start(start, system, null, async () => undefined);
  return id;
}

async function openIn(instanceId: string) {
  const rows = await bench.runtime.store.read(
    "SELECT id, rev, element, assignee_name FROM task WHERE instance_id = ? AND state = 'open' ORDER BY assignee_name",
    [instanceId],
  );
  return rows.map((row) => ({ ...row, id: String(row["id"]), rev: Number(row["rev"]) }));
}

async function send(account: string, task: { id: string; rev: number } | undefined, path: string, body: object = {}) {
  if (!task) throw new Error("there is no such task");
  return (await bench.as(account)).post(`/api/tasks/${task.id}/${path}`, { rev: task.rev, ...body });
}

const approve = { outcome: "approve", opinion: "同意" };

it("begins the round anew for each signer, not for whoever took their vote back", async () => {
  const id = await begin("any");
  const [anns] = await openIn(id);
  expect((await send("ann", anns, "complete", approve)).status).toBe(200);
  const [settle] = await openIn(id);
  const taken = await send("ann", settle, "withdraw");
  expect(taken.status, taken.text).toBe(200);
  expect(await openIn(id)).toMatchObject([
    { element: "sign", assignee_name: "ann" },
    { element: "sign", assignee_name: "ben" },
  ]);
});

it("undoes no vote of others with one's own", async () => {
  const id = await begin("all");
  const [anns, bens] = await openIn(id);
  await send("ann", anns, "complete", approve);
  await send("ben", bens, "complete", approve);
  const [settle] = await openIn(id);
  const refused = await send("ben", settle, "withdraw");
  expect([refused.status, refused.body.code, refused.body.detail.zh]).toEqual([
    409,
    "TAKE_BACK_SEVERAL",
    "不能撤回：该环节由多人办理，ann 的办理会随之失效",
  ]);
});
