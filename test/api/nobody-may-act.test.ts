import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../runtime/timed-process.ts";
import { startCase } from "../operations/situations.ts";
import { newId } from "../../server/store/ids.ts";
import { bpmn } from "../support/bpmn.ts";
import { appoint, startPanel, taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben"]) await appoint(bench, name, "gz-medical", "mediator");
  for (const role of ["provider-clerk", "provider-head"])
    await bench.runtime.store.transaction((tx) =>
      tx.insert("post", { id: newId(), person_id: "u-ann", organisation_id: "gz-medical", role }),
    );
});
afterAll(() => bench.close());

const approve = { outcome: "approve", opinion: "同意" };
async function send(account: string, task: { id: string; rev: number }, path: string, body: object = {}) {
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/${path}`, { rev: task.rev, ...body });
  expect(answer.status, answer.text).toBe(200);
}

/** Elements that the watch finds to be nobody's in a case, and who was told. */
async function found(instanceId: string) {
  const findings = (await bench.runtime.watch()).filter((finding) => finding.instanceId === instanceId);
  await bench.runtime.notices.sweep();
  const told = await bench.runtime.store.read(
    "SELECT DISTINCT person_id FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id WHERE kind = 'task.stranded' AND instance_id = ? ORDER BY person_id",
    [instanceId],
  );
  return [findings.map(({ problem }) => problem), told.map((row) => row["person_id"])];
}

const stranded = [["NOBODY_CAN_ACT"], ["u-ann", "u-feng", "u-yang"]];

describe("a task that nobody may do, though somebody holds its role", () => {
  it("is found and told once, where the one who is left has a part of the round already", async () => {
    const id = await startPanel(
      bench,
      `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"mediator"}]}'`,
    );
    expect(await found(id)).toEqual([[], []]);
    await send("ben", await taskIn(bench, "ben", id), "release");
    // Ben may still take it up again.
    expect(await found(id)).toEqual([[], []]);
    const leaving = await (await bench.as("yang")).post("/api/people/u-ben/leave", { successor: null, reason: "调离" });
    expect(leaving.status, leaving.text).toBe(200);
    expect(await found(id)).toEqual(stranded);
    expect(await found(id)).toEqual(stranded);
    const [row] = await bench.runtime.store.read(
      "SELECT COUNT(*) AS n FROM announcement WHERE kind = 'task.stranded' AND instance_id = ?",
      [id],
    );
    expect(Number(row?.["n"])).toBe(1);
  });

  it("is found where everybody left did the other step of a two-person rule", async () => {
    const step = (element: string, role: string) =>
      `<bpmn:userTask id="${element}" name="${element}" jieli:step="${element}" jieli:at="provider" jieli:role="${role}" jieli:outcomes="approve refuse"/>`;
    const key = `two-persons-${newId().slice(-6)}`;
    const { definition } = await publish(
      bench.runtime,
      bpmn(
        `<bpmn:startEvent id="start"/><bpmn:parallelGateway id="split"/>${step("examine", "provider-clerk")}${step("decide", "provider-head")}<bpmn:parallelGateway id="join"/><bpmn:endEvent id="end"/>`,
        "start -> split -> examine -> join -> end; split -> decide -> join",
        { id: key },
      ),
    );
    const id = await startCase(bench, definition, key);
    const rows = await bench.runtime.store.read("SELECT id, rev, element FROM task WHERE instance_id = ?", [id]);
    const task = (element: string) => {
      const row = rows.find((each) => each["element"] === element);
      return { id: String(row?.["id"]), rev: Number(row?.["rev"]) };
    };
    await bench.runtime.store.transaction((tx) =>
      tx.execute(
        "DELETE FROM post WHERE role = 'provider-clerk' AND organisation_id = 'gz-medical' AND person_id <> 'u-ann'",
      ),
    );
    expect(await found(id)).toEqual([[], []]);
    await send("ann", task("decide"), "complete", approve);
    expect(await found(id)).toEqual(stranded);
  });
});
