import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { newId } from "../../server/store/ids.ts";
import { GrantBench } from "../api/grants-support.ts";
import { appoint } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";

let bench: ApiBench;
let grants: GrantBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  grants = new GrantBench(bench);
  // Prepares and approves at one office: the two-person rule is about people such as these.
  await appoint(bench, "ping", "nm-housing", "provider-clerk");
  await alsoHolds("ping", "nm-housing", "provider-head");
  // Applies for one department and reviews at the authority.
  await appoint(bench, "mei", "nm-civil", "applicant-clerk");
  await alsoHolds("mei", "nm-data", "authority-reviewer");
});
afterAll(() => bench.close());

async function alsoHolds(account: string, organisation: string, role: string): Promise<void> {
  const post = { id: newId(), person_id: `u-${account}`, organisation_id: organisation, role };
  await bench.runtime.store.transaction((tx) => tx.insert("post", post));
}

const opinion = "已按职责核对材料、范围与依据，意见如上，理由充分且已记录在案。";
const decision = { outcome: "approve", opinion, reasonCode: null, citation: null, form: {} };

async function act(account: string, id: string, path: string, body: object = {}) {
  const person = await bench.as(account);
  const seen = await person.get(`/api/tasks/${id}`);
  return person.post(`/api/tasks/${id}/${path}`, { rev: (seen.body as Partial<TaskDetail>).rev ?? 1, ...body });
}
async function done(account: string, id: string, path: string, body: object = {}): Promise<TaskDetail> {
  const answer = await act(account, id, path, body);
  expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  return answer.body;
}
async function listed(account: string, id: string): Promise<boolean> {
  const person = await bench.as(account);
  const pages = await Promise.all(["mine", "unclaimed"].map((view) => person.get(`/api/tasks?view=${view}&limit=100`)));
  return pages.some(({ body }) => (body.items as TaskSummary[]).some((task) => task.id === id));
}
/** Somebody goes away and names a substitute. */
async function away(account: string, organisation: string, substitute: string) {
  const now = Date.parse(bench.runtime.clock.now());
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const body = { person: `u-${account}`, organisation, substitute, from: at(-1), until: at(48), reason: "出差" };
  return (await bench.as(account)).post("/api/substitutions", body);
}
const back = async (account: string, substitution: string) =>
  (await bench.as(account)).post(`/api/substitutions/${substitution}/revoke`, {});

/** An application of civil affairs at the review of the authority. */
async function atReview(): Promise<{ instanceId: string; task: TaskDetail }> {
  const { instanceId } = await grants.applied();
  await grants.take(instanceId, ["liu", "Task_SignOff", "approve"]);
  return { instanceId, task: await bench.task("chen", instanceId, "Task_Review") };
}

describe("complaint 11: the names of those who handle a case are hidden from its applicant", () => {
  it("shows each to the other by taking part: who did what, who has it now, at every level", async () => {
    const { instanceId, task } = await atReview();
    await done("chen", task.id, "claim");
    const named = async (account: string) => {
      const { body } = await (await bench.as(account)).get(`/api/instances/${instanceId}`);
      const { steps, history } = body as InstanceDetail;
      const actors = history.filter(({ type }) => type === "decision.taken").map(({ actor }) => actor.name);
      return [steps.map(({ assignee }) => assignee), actors];
    };
    const all = [["刘建国", "陈静"], ["刘建国"]];
    for (const account of ["wang", "liu", "chen", "guan"])
      expect([account, await named(account)]).toEqual([account, all]);
    const shown = (await (await bench.as("wang")).get(`/api/tasks/${task.id}`)).body as TaskDetail;
    expect([shown.assignee?.name, shown.organisation.name.zh]).toEqual(["陈静", expect.stringContaining("数据")]);
    expect(JSON.stringify(shown.work)).not.toContain("password");
  });

  it("tells nobody outside the case that it exists, wherever they ask", async () => {
    const { instanceId, task } = await atReview();
    const about = [
      ...["", "/state", "/control", "/time", "/comments", "/attachments", "/watchers", "/receipts", "/mentionable"].map(
        (path) => `/api/instances/${instanceId}${path}`,
      ),
      ...["", "/return/targets"].map((path) => `/api/tasks/${task.id}${path}`),
      `/api/grants/${instanceId}`,
      `/api/people?organisation=nm-data&task=${task.id}`,
    ];
    const missing = (path: string) => path.replace(instanceId, newId()).replace(task.id, newId());
    for (const account of ["luo", "zhang"]) {
      const person = await bench.as(account);
      for (const path of about) {
        const [hidden, absent] = [await person.get(path), await person.get(missing(path))];
        expect([account, path, hidden.status]).toEqual([account, path, 404]);
        expect({ ...hidden.body, requestId: "" }).toEqual({ ...absent.body, requestId: "" });
      }
    }
  });
});

/** Every way in which work comes to somebody. `holder` and `head` are of the office; each door is tried for `excluded`. */
interface Doors {
  readonly task: string;
  readonly excluded: string;
  readonly organisation: string;
  readonly holder: string;
  readonly head: string;
}

/** What each door answers, by its name; the task ends up with `holder`. */
async function everyDoor({ task, excluded, organisation, holder, head }: Doors): Promise<Record<string, unknown>> {
  const to = `u-${excluded}`;
  const told = async (answer: Promise<{ status: number; body: { code?: string; problems?: { code: string }[] } }>) => {
    const { status, body } = await answer;
    return [status, body.problems?.[0]?.code ?? body.code];
  };
  const batch = async (account: string, body: object) => {
    const { rev } = (await (await bench.as(account)).get(`/api/tasks/${task}`)).body as TaskDetail;
    const answer = await (await bench.as(account)).post("/api/tasks/batch", { tasks: [{ id: task, rev }], ...body });
    return answer.body.items[0].state === "done" ? "done" : answer.body.items[0].code;
  };
  const doors: Record<string, unknown> = {
    list: await listed(excluded, task),
    claim: await told(act(excluded, task, "claim")),
    complete: await told(act(excluded, task, "complete", decision)),
    assign: await told(act(head, task, "assign", { to })),
    "transfer by the head": await told(act(head, task, "transfer", { to, reason: "分工" })),
    "batch claim": await batch(excluded, { operation: "claim" }),
    "batch decision": await batch(excluded, { operation: "decide", decision: { outcome: "approve", opinion } }),
    "batch transfer": await batch(head, { operation: "transfer", to, reason: "分工" }),
  };
  await done(holder, task, "claim");
  doors["transfer"] = await told(act(holder, task, "transfer", { to, reason: "出差" }));
  doors["delegate"] = await told(act(holder, task, "delegate", { to, question: "请代拟" }));
  doors["coHandle"] = await told(act(holder, task, "co-handle", { to, question: "请协办" }));
  doors["addSigner"] = await told(act(holder, task, "signers", { person: to, place: "beside" }));
  const standing = await away(holder, organisation, to);
  expect(standing.status, standing.text).toBe(201);
  doors["substitution, list"] = await listed(excluded, task);
  doors["substitution"] = await told(act(excluded, task, "complete", decision));
  await back(holder, standing.body.id);
  return doors;
}

const notYours = [403, "OPERATION_NOT_YOURS"];
const excludedThere = [422, "EXCLUDED"];
const shut = {
  list: false,
  claim: notYours,
  complete: notYours,
  assign: excludedThere,
  "transfer by the head": excludedThere,
  "batch claim": "OPERATION_NOT_YOURS",
  "batch decision": "OPERATION_NOT_YOURS",
  "batch transfer": "RECIPIENT_BARRED",
  transfer: excludedThere,
  delegate: excludedThere,
  coHandle: excludedThere,
  addSigner: excludedThere,
  "substitution, list": false,
  // Whoever is away has it in hand, and this is nobody who stands in for them.
  substitution: [409, "TASK_CLAIMED"],
};

describe("complaint 27: an excluded person, or one who is no candidate, gets the task through another door", () => {
  it("shuts every door to whoever applied, though they hold the reviewing role", async () => {
    const resource = { resourceId: "res-publichousing", organisationId: "nm-civil" };
    const { instanceId: known } = await grants.applied();
    const request = (await (await bench.as("wang")).get(`/api/instances/${known}`)).body.variables.request;
    const answer = await (await bench.as("mei")).post("/api/applications", { ...resource, request });
    expect(answer.status, answer.text).toBe(201);
    const id = answer.body.instanceId as string;
    await grants.take(id, ["liu", "Task_SignOff", "approve"]);
    const task = (await bench.task("chen", id, "Task_Review")).id;
    const place = { organisation: "nm-data", holder: "chen", head: "guan" };
    expect(await everyDoor({ task, excluded: "mei", ...place })).toEqual(shut);
    await done("chen", task, "complete", decision);
  });

  it("shuts every door to whoever prepared it, where two persons are needed, and a departure does not open one", async () => {
    const { instanceId, task: review } = await atReview();
    await done("chen", review.id, "complete", decision);
    await grants.take(
      instanceId,
      ["zhou", "Task_PiAssessment", "pass", { assessmentNumber: "PIA-2026-041" }],
      ["ping", "Task_Examine", "agree", { conditionMet: "yes" }],
    );
    await appoint(bench, "tong", "nm-housing", "provider-head");
    const task = (await bench.task("hu", instanceId, "Task_Decide")).id;
    const place = { organisation: "nm-housing", holder: "hu", head: "hu" };
    expect(await everyDoor({ task, excluded: "ping", ...place })).toEqual(shut);
    const leaver = "u-tong";
    await done("hu", task, "transfer", { to: leaver, reason: "分工" });
    const left = await (
      await bench.as("admin")
    ).post(`/api/people/${leaver}/leave`, {
      successor: "u-ping",
      reason: "调离",
    });
    expect(left.status, left.text).toBe(200);
    expect(left.body.items).toMatchObject([{ taskId: task, to: null }]);
    expect(await listed("ping", task)).toBe(false);
    expect((await act("ping", task, "claim")).status).toBe(403);
    await done("hu", task, "complete", decision);
  });

  it("shuts every door to the same role of another office", async () => {
    const { task } = await atReview();
    expect(await listed("zhao", task.id)).toBe(false);
    for (const path of ["claim", "complete"])
      expect([path, (await act("zhao", task.id, path, path === "complete" ? decision : {})).status]).toEqual([
        path,
        404,
      ]);
    const codeOf = async (path: string, body: object) =>
      (await act("chen", task.id, path, body)).body.problems?.[0]?.code;
    expect((await act("guan", task.id, "assign", { to: "u-zhao" })).body.problems[0].code).toBe("NOT_IN_ROLE");
    await done("chen", task.id, "claim");
    expect(await codeOf("transfer", { to: "u-zhao", reason: "x" })).toBe("ELSEWHERE");
    expect(await codeOf("delegate", { to: "u-zhao", question: "?" })).toBe("ELSEWHERE");
    expect(await codeOf("consult", { to: "u-zhao", question: "?" })).toBe("NOT_IN_CASE");
    expect(await codeOf("signers", { person: "u-zhao", place: "beside" })).toBe("ELSEWHERE");
    expect((await away("chen", "nm-data", "u-zhao")).status).toBe(422);
  });

  it("asks again at the moment of acting: a role that was lost in between decides nothing", async () => {
    await appoint(bench, "gone", "nm-data", "authority-reviewer");
    const { task } = await atReview();
    await done("gone", task.id, "claim");
    await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM post WHERE person_id = 'u-gone'", []));
    const answer = await act("gone", task.id, "complete", decision);
    expect(answer.status).not.toBe(200);
    expect((await bench.task("guan", task.instanceId, "Task_Review").catch(() => null))?.state ?? "open").toBe("open");
  });
});

describe("complaint 26: somebody is away and approvals freeze, substitutes pass the rules, and the new owner sees nothing", () => {
  it("does not freeze: what was claimed before is done by the substitute, in both names, under the same limit", async () => {
    const { instanceId, task } = await atReview();
    await done("chen", task.id, "claim");
    const standing = await away("chen", "nm-data", "u-qian");
    expect(await listed("qian", task.id)).toBe(true);
    const seen = (await (await bench.as("qian")).get(`/api/tasks/${task.id}`)).body as TaskDetail;
    expect([seen.onBehalfOf?.name, seen.dueAt]).toEqual(["陈静", task.dueAt]);
    await done("qian", task.id, "complete", decision);
    const { history } = (await (await bench.as("wang")).get(`/api/instances/${instanceId}`)).body as InstanceDetail;
    const line = history.findLast(({ type }) => type === "decision.taken");
    expect(line?.actor).toMatchObject({ kind: "substitute", name: "钱进（代陈静）" });
    await back("chen", standing.body.id);
  });

  it("does not freeze where nobody was named: the head gives it to a colleague", async () => {
    const { task } = await atReview();
    await done("chen", task.id, "claim");
    const moved = await done("guan", task.id, "transfer", { to: "u-qian", reason: "陈静病假" });
    expect(moved.assignee?.id).toBe("u-qian");
    await done("qian", task.id, "complete", decision);
  });

  it("passes no rule: the author of an application is no substitute of whoever approves it", async () => {
    const { instanceId } = await grants.applied();
    const task = (await bench.task("liu", instanceId, "Task_SignOff")).id;
    const standing = await away("liu", "nm-civil", "u-wang");
    expect(standing.status, standing.text).toBe(201);
    expect(await listed("wang", task)).toBe(false);
    expect((await act("wang", task, "complete", decision)).body.code).toBe("OPERATION_NOT_YOURS");
    await back("liu", standing.body.id);
  });

  it("passes no rule: who prepared a step is no substitute of whoever decides it, where two persons are needed", async () => {
    const { instanceId, task: review } = await atReview();
    await done("chen", review.id, "complete", decision);
    await grants.take(
      instanceId,
      ["zhou", "Task_PiAssessment", "pass", { assessmentNumber: "PIA-2026-043" }],
      ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }],
    );
    const task = (await bench.task("hu", instanceId, "Task_Decide")).id;
    const standing = await away("hu", "nm-housing", "u-zhou");
    expect(standing.status, standing.text).toBe(201);
    expect(await listed("zhou", task)).toBe(false);
    for (const [path, body] of [
      ["claim", {}],
      ["complete", decision],
    ] as const)
      expect([path, (await act("zhou", task, path, body)).body.code]).toEqual([path, "OPERATION_NOT_YOURS"]);
    await back("hu", standing.body.id);
    await done("hu", task, "complete", decision);
  });

  it.each([
    ["assigned", async (task: string) => done("guan", task, "assign", { to: "u-qian" })],
    ["transferred", async (task: string) => take(task, "transfer", { to: "u-qian", reason: "出差" })],
    ["delegated", async (task: string) => take(task, "delegate", { to: "u-qian", question: "请代拟意见" })],
  ] as const)(
    "shows everything to whom work was %s: in their list, the task, the case and what was filled in",
    async (_how, give) => {
      const { instanceId, task } = await atReview();
      const given = await give(task.id);
      const id = given.work.find(({ kind }) => kind === "delegated")?.id ?? task.id;
      expect(await listed("qian", id)).toBe(true);
      const qian = await bench.as("qian");
      expect((await qian.get(`/api/tasks/${id}`)).status).toBe(200);
      const theirs = (await qian.get(`/api/instances/${instanceId}`)).body as InstanceDetail;
      const before = (await (await bench.as("chen")).get(`/api/instances/${instanceId}`)).body as InstanceDetail;
      expect(theirs.filled).toEqual(before.filled);
      expect(theirs.filled.length).toBeGreaterThan(0);
    },
  );

  async function take(task: string, path: string, body: object): Promise<TaskDetail> {
    await done("chen", task, "claim");
    return done("chen", task, path, body);
  }
});
