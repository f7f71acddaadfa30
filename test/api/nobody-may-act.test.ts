import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../runtime/timed-process.ts";
import { startCase } from "../operations/situations.ts";
import { repairersOf } from "../../server/notices/repairers.ts";
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

/** The heads of the organisation, and whoever repairs cases at the authority of its region. */
const stranded = [["NOBODY_CAN_ACT"], ["u-ann", "u-feng", "u-huang", "u-yang"]];

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

describe("who is told of a task that nobody may do", () => {
  const look = async (path: string) => (await bench.as("fan")).get(path);
  const arrange = async (scope: object) => {
    const now = Date.parse(bench.runtime.clock.now());
    const arranged = await (
      await bench.as("huang")
    ).post("/api/substitutions", {
      person: "u-huang",
      substitute: "u-fan",
      organisation: "gz-data",
      from: new Date(now - 3_600_000).toISOString(),
      until: new Date(now + 48 * 3_600_000).toISOString(),
      processes: null,
      reason: "外出培训",
      ...scope,
    });
    expect(arranged.status, arranged.text).toBe(201);
    return arranged.body.id as string;
  };
  const revoke = async (id: string) => (await bench.as("huang")).post(`/api/substitutions/${id}/revoke`, {});
  const move = async (person: string, from: string, to: string) =>
    bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE post SET role = ? WHERE person_id = ? AND role = ?", [to, person, from]),
    );

  /** A case at a step of a role that nobody holds any more. */
  async function nobodys(): Promise<string> {
    const gone = `eve-${newId().slice(-6).toLowerCase()}`;
    await appoint(bench, gone, "gz-medical", "gov-decider");
    const id = await startPanel(
      bench,
      `jieli:approval="all" jieli:approvalParameters='{"signers":[{"role":"gov-decider"}]}'`,
    );
    await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM post WHERE person_id = ?", [`u-${gone}`]));
    return id;
  }

  it("is whoever repairs cases at the nearest authority above where nobody does at the region's own", async () => {
    const { store, content } = bench.runtime;
    const posts = async (region: string) => repairersOf(store.read, content, [region]);
    expect(await posts("520102")).toEqual([{ organisation: "nm-data", role: "manager" }]);
    await move("u-guan", "manager", "away");
    expect(await posts("520102")).toEqual([{ organisation: "gy-data", role: "manager" }]);
    await move("u-xu", "manager", "away");
    expect(await posts("520102")).toEqual([{ organisation: "gz-data", role: "manager" }]);
    await move("u-huang", "manager", "away");
    expect(await posts("520102")).toEqual([]);
    for (const person of ["u-guan", "u-xu", "u-huang"]) await move(person, "away", "manager");
  });

  it("is the substitute of whoever repairs, who sees the case and acts on it, as far as the substitution goes", async () => {
    const other = await arrange({ processes: ["ds-01"] });
    const first = await nobodys();
    expect((await found(first))[1]).not.toContain("u-fan");
    expect((await look(`/api/instances/${first}`)).status).toBe(404);
    await revoke(other);

    const standing = await arrange({});
    const id = await nobodys();
    expect((await found(id))[1]).toContain("u-fan");
    expect((await look(`/api/instances/${id}`)).status).toBe(200);
    const listed = (await look("/api/instances?limit=100")).body.items as { id: string }[];
    expect(listed.map((one) => one.id)).toContain(id);
    const ended = await (
      await bench.as("fan")
    ).post(`/api/instances/${id}/terminate`, { reason: "无人可办，终止后重新受理" });
    expect(ended.status, ended.text).toBe(200);
    await revoke(standing);
    expect((await look(`/api/instances/${id}`)).status).toBe(404);
    const { history } = (await (await bench.as("huang")).get(`/api/instances/${id}`)).body;
    expect(history.map(({ actor }: { actor: { name: string } }) => actor.name)).toContain("范宁（代黄涛）");
  });
});
