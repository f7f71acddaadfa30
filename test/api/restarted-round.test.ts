import { afterAll, beforeAll, expect, it } from "vitest";
import { appoint, startPanel } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const askedIn = async (instanceId: string) =>
  (
    await bench.runtime.store.read("SELECT assignee_id FROM task WHERE instance_id = ? ORDER BY assignee_id", [
      instanceId,
    ])
  ).map((row) => row["assignee_id"]);

it("asks the applicant to sign neither at first nor when somebody else begins the case anew", async () => {
  const applicant = { kind: "person", id: "u-ann", name: "ann", organisation: "nm-civil" } as const;
  const attributes = `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`;
  const id = await startPanel(bench, attributes, applicant);
  expect(await askedIn(id)).toEqual(["u-ben", "u-cem"]);
  const overseer = await bench.as("guan");
  expect((await overseer.post(`/api/instances/${id}/terminate`, { reason: "撤销" })).status).toBe(200);
  const again = await overseer.post(`/api/instances/${id}/restart`, { reason: "调解", basis: "mediation" });
  expect(again.status, again.text).toBe(200);
  expect(await askedIn(again.body.instanceId)).toEqual(["u-ben", "u-cem"]);
  const [row] = await bench.runtime.store.read("SELECT started_by FROM instance WHERE id = ?", [again.body.instanceId]);
  expect(row?.["started_by"]).toBe("u-ann");
});
