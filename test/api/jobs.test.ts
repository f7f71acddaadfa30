import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { bpmn, endEvent, startEvent } from "../support/bpmn.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const file = bpmn(
  `${startEvent()}<bpmn:serviceTask id="push" jieli:topic="push-data"/>${endEvent()}`,
  "start -> push -> end",
  { id: "external" },
);

async function start(): Promise<string> {
  const deployed = await (await bench.as("lin")).post("/api/definitions", { xml: file });
  const party = { organisation: "nm-civil", region: "520102" };
  const id = newId();
  const definitionId = String(deployed.body.definition.id);
  const subject = { zh: "外部作业", en: "External" };
  const created = { id, caseNumber: id, definitionId, processKey: "external", startEvent: null, subject };
  const variables = { rows: 3 };
  await bench.runtime.start(
    { ...created, applicant: party, provider: party, variables },
    { kind: "system", name: "test" },
    null,
    async () => undefined,
  );
  return id;
}

const claim = { topic: "push-data", worker: "w1" };

it("gives a job to one worker at a time, with its variables, and goes on when it is completed", async () => {
  const instanceId = await start();
  const worker = await bench.as("worker");
  const claimed = await worker.post("/api/jobs/claim", claim);
  expect(claimed.body.items).toMatchObject([
    { instanceId, element: "push", topic: "push-data", variables: { rows: 3 } },
  ]);
  expect((await worker.post("/api/jobs/claim", { ...claim, worker: "w2" })).body.items).toEqual([]);
  const [job] = claimed.body.items;
  const stolen = await worker.post(`/api/jobs/${job.id}/complete`, { worker: "w2" });
  expect([stolen.status, stolen.body.code]).toEqual([409, "JOB_NOT_CLAIMED"]);
  expect((await worker.post(`/api/jobs/${job.id}/complete`, { worker: "w1", variables: { done: true } })).status).toBe(
    204,
  );
  expect((await (await bench.as("liu")).get(`/api/instances/${instanceId}`)).body.status).toBe("completed");
});

it("makes an incident of a failed job, which a manager sees and retries", async () => {
  const instanceId = await start();
  const worker = await bench.as("worker");
  const [job] = (await worker.post("/api/jobs/claim", claim)).body.items;
  await worker.post(`/api/jobs/${job.id}/fail`, { worker: "w1", message: "no route to host" });
  const manager = await bench.as("guan");
  const stuck = (await manager.get(`/api/instances/${instanceId}`)).body;
  expect(stuck.openIncidents).toMatchObject([{ element: "push", code: "JOB_FAILED", message: "no route to host" }]);
  const retried = await manager.post(`/api/instances/${instanceId}/operations`, {
    type: "retryIncident",
    token: stuck.openIncidents[0].token,
  });
  expect(retried.body.openIncidents).toEqual([]);
  expect((await worker.post("/api/jobs/claim", claim)).body.items).toHaveLength(1);
});

it("is for workers only", async () => {
  expect((await (await bench.as("wang")).post("/api/jobs/claim", claim)).status).toBe(404);
});
