import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { nobodysDecisions } from "../../server/handing/nobodys.ts";
import { ApiBench } from "./support.ts";
import { GrantBench } from "./grants-support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** 邓明 works at Nanming's civil affairs bureau, without a post by which anybody could apply, and in the second place reviews. */
beforeEach(async () => {
  await bench.runtime.store.transaction(async (tx) => {
    await tx.execute("DELETE FROM substitution");
    await tx.execute("UPDATE post SET role = 'authority-reviewer' WHERE organisation_id = 'nm-data' AND role = 'away'");
    await tx.execute("DELETE FROM post WHERE person_id = 'u-deng'");
    await tx.execute("DELETE FROM post WHERE id IN ('p-wang-review', 'p-deng')");
    await tx.insert("post", { id: "p-deng", person_id: "u-deng", organisation_id: "nm-civil", role: "duty-officer" });
  });
});

const hours = (count: number) => new Date(Date.parse(bench.runtime.clock.now()) + count * 3_600_000).toISOString();

/** Arranges that 邓明 stands in for 王敏, the clerk. */
async function arrange(scope: object = {}): Promise<void> {
  const answer = await (
    await bench.as("liu")
  ).post("/api/substitutions", {
    person: "u-wang",
    substitute: "u-deng",
    organisation: "nm-civil",
    from: hours(-1),
    until: hours(48),
    processes: null,
    roles: null,
    highestGrade: null,
    reason: "外出培训",
    ...scope,
  });
  expect(answer.status, answer.text).toBe(201);
}

const isOver = async () =>
  bench.runtime.store.transaction((tx) => tx.execute("UPDATE substitution SET ends_at = ?", [hours(0)]));

async function post(person: string, role: string, organisation = "nm-data"): Promise<void> {
  const id = `p-${person}-review`;
  await bench.runtime.store.transaction(async (tx) => {
    await tx.execute("DELETE FROM post WHERE id = ?", [id]);
    await tx.insert("post", { id, person_id: `u-${person}`, organisation_id: organisation, role });
  });
}

const reviewersAre = async (role: string) =>
  bench.runtime.store.transaction((tx) =>
    tx.execute("UPDATE post SET role = ? WHERE organisation_id = 'nm-data' AND role = 'authority-reviewer'", [role]),
  );

const request = { resourceId: "res-medical", organisationId: "nm-civil", request: applicationForm };
const apply = async (account: string) => (await bench.as(account)).post("/api/applications", request);

async function applied(): Promise<{ id: string; instanceId: string }> {
  const answer = await apply("deng");
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

async function signedOff(instanceId: string): Promise<void> {
  const task = await bench.task("liu", instanceId, "Task_SignOff");
  const answer = await (
    await bench.as("liu")
  ).post(`/api/tasks/${task.id}/complete`, { outcome: "approve", form: {}, rev: task.rev });
  expect(answer.status, answer.text).toBe(200);
}

const instanceOf = async (id: string) =>
  (await bench.runtime.store.read("SELECT * FROM instance WHERE id = ?", [id]))[0] ?? {};

const ids = async (account: string, path: string) =>
  ((await (await bench.as(account)).get(path)).body.items as { id: string; instanceId?: string }[]).map(
    ({ id, instanceId }) => instanceId ?? id,
  );

describe("a case that is begun in somebody's stead", () => {
  it("is the application of whoever is away; both names stand in it, and both find it", async () => {
    expect((await apply("deng")).status).toBe(404);
    await arrange();
    const { instanceId } = await applied();
    expect(await instanceOf(instanceId)).toMatchObject({ started_by: "u-wang", drafted_by: "u-deng" });
    const [application] = await bench.runtime.store.read("SELECT person_id FROM application WHERE instance_id = ?", [
      instanceId,
    ]);
    expect(application?.["person_id"]).toBe("u-wang");
    for (const account of ["wang", "deng"]) {
      expect(await ids(account, "/api/instances?limit=100")).toContain(instanceId);
      expect(await ids(account, "/api/applications?limit=100")).toContain(instanceId);
    }
    const lines = await new GrantBench(bench).history(instanceId);
    expect(lines.find(({ type }) => type === "process.started")).toMatchObject({
      actor: "substitute",
      by: "邓明（代王敏）",
      zh: "代王敏提交申请",
      en: "submitted the application for 王敏",
    });
    await isOver();
    expect(await ids("deng", "/api/applications?limit=100")).toContain(instanceId);
    expect((await apply("deng")).status).toBe(404);
  });

  it("may be of any process that the substitution covers, and is offered with whose it will be", async () => {
    await arrange({ processes: ["ds-06"] });
    const author = { id: "u-wang", name: "王敏" };
    const deng = await bench.as("deng");
    const session = await deng.get("/api/session");
    expect(session.body).toMatchObject({ appliesFor: [{ id: "nm-civil", inSteadOf: author }], may: { start: true } });
    const options = (await deng.get("/api/starts")).body.items as { process: { key: string }; key: string }[];
    expect(options.map(({ process, key }) => `${process.key} ${key}`)).toEqual(["ds-06 demand", "ds-06 change"]);
    expect(options[0]).toMatchObject({ organisations: [{ id: "nm-civil", inSteadOf: author }] });
    const start = async (process: string, key: string) =>
      deng.post(`/api/processes/${process}/cases`, {
        start: key,
        organisationId: "nm-civil",
        form: { title: "殡葬数据", description: "核验", legalBasis: "办法" },
      });
    const begun = await start("ds-06", "demand");
    expect(begun.status, begun.text).toBe(201);
    expect(await instanceOf(begun.body.instanceId)).toMatchObject({ started_by: "u-wang", drafted_by: "u-deng" });
    expect((await start("ds-07", "correction")).body).toMatchObject({ code: "BEYOND_SUBSTITUTION" });
    await isOver();
    expect((await deng.get("/api/session")).body).toMatchObject({ appliesFor: [], may: { start: false } });
  });

  it("is begun in one's own name by whoever may", async () => {
    await arrange();
    await post("deng", "applicant-clerk", "nm-civil");
    const { instanceId } = await applied();
    expect(await instanceOf(instanceId)).toMatchObject({ started_by: "u-deng", drafted_by: null });
    const lines = await new GrantBench(bench).history(instanceId);
    expect(lines.find(({ type }) => type === "process.started")).toMatchObject({ actor: "person", zh: "提交申请" });
  });

  it.each([
    ["another process", { processes: ["ds-01"] }, 403],
    ["lower grades of data", { highestGrade: 1 }, 403],
    ["another role", { roles: ["provider-clerk"] }, 404],
  ])("is within the scope of the substitution: not %s", async (_, scope, status) => {
    await arrange(scope);
    const before = await bench.counts();
    const answer = await apply("deng");
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: "BEYOND_SUBSTITUTION" });
    const form = await (
      await bench.as("deng")
    ).get("/api/applications/form?resource=res-medical&organisation=nm-civil");
    expect(form.status).toBe(status);
    expect(await bench.counts()).toEqual(before);
  });

  it("is decided by neither of them, in no list and by no hand", async () => {
    await arrange();
    const { instanceId } = await applied();
    await signedOff(instanceId);
    const seen = await bench.task("chen", instanceId, "Task_OwnCheck");
    for (const account of ["deng", "wang"]) {
      await post(account, "authority-reviewer");
      expect(await ids(account, "/api/tasks?view=unclaimed&limit=100")).not.toContain(instanceId);
      const claim = await (await bench.as(account)).post(`/api/tasks/${seen.id}/claim`, { rev: seen.rev });
      expect(claim.status, account).toBe(403);
      expect(claim.body.code).toBe("OPERATION_NOT_YOURS");
    }
    const mine = await (await bench.as("chen")).post(`/api/tasks/${seen.id}/claim`, { rev: seen.rev });
    expect(mine.status).toBe(200);
    const handed = await (
      await bench.as("chen")
    ).post(`/api/tasks/${seen.id}/transfer`, { to: "u-deng", reason: "请代为办理", rev: mine.body.rev });
    expect(handed.status).toBe(422);
    expect(handed.text).toContain("本人");
    await bench.runtime.notices.sweep();
    const { items } = (await (await bench.as("deng")).get("/api/notices?limit=100")).body as {
      items: PersonalNotice[];
    };
    expect(items.filter(({ path, kind }) => path?.includes(seen.id) && kind === "task.arrived")).toEqual([]);
  });

  it("is decided by the next superior where the two of them alone could", async () => {
    await arrange();
    const { instanceId } = await applied();
    await reviewersAre("away");
    await post("deng", "authority-reviewer");
    await post("wang", "authority-reviewer");
    await signedOff(instanceId);
    const [open] = await bench.runtime.store.read(
      "SELECT role FROM task WHERE instance_id = ? AND element = 'Task_OwnCheck' AND state = 'open'",
      [instanceId],
    );
    expect(open?.["role"]).toBe("authority-head");
  });

  it("leaves a task with nobody where they alone hold its role, which is seen", async () => {
    await arrange();
    const { instanceId } = await applied();
    await signedOff(instanceId);
    await reviewersAre("away");
    await post("deng", "authority-reviewer");
    const nobodys = await nobodysDecisions(bench.runtime.store.read);
    expect(nobodys.map((row) => row["instance_id"])).toContain(instanceId);
  });

  it("is withdrawn by the substitute only while they stand in, and by the author at any time", async () => {
    await arrange();
    const { instanceId } = await applied();
    const withdraw = async (account: string) =>
      (await bench.as(account)).post(`/api/instances/${instanceId}/withdraw`, { reason: "材料有误，重新申请" });
    const [substitution] = await bench.runtime.store.read("SELECT * FROM substitution");
    await isOver();
    expect((await withdraw("deng")).status).toBe(403);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE substitution SET ends_at = ?", [String(substitution?.["ends_at"])]),
    );
    const done = await withdraw("deng");
    expect(done.status, done.text).toBe(200);
    const lines = await new GrantBench(bench).history(instanceId);
    expect(lines.filter(({ by }) => by === "邓明（代王敏）").length).toBeGreaterThan(1);
    const other = await applied();
    const own = await (
      await bench.as("wang")
    ).post(`/api/instances/${other.instanceId}/withdraw`, { reason: "材料有误，重新申请" });
    expect(own.status, own.text).toBe(200);
  });

  it("stays the application of both when it is begun anew", async () => {
    await arrange();
    const { instanceId } = await applied();
    const ended = await (
      await bench.as("guan")
    ).post(`/api/instances/${instanceId}/terminate`, { reason: "依据已经失效，终止办理" });
    expect(ended.status, ended.text).toBe(200);
    const again = await (
      await bench.as("guan")
    ).post(`/api/instances/${instanceId}/restart`, { reason: "依据已经恢复，重新办理", basis: "overseer" });
    expect(again.status, again.text).toBeLessThan(300);
    expect(await instanceOf(again.body.instanceId)).toMatchObject({ started_by: "u-wang", drafted_by: "u-deng" });
  });
});
