import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { deploy } from "../../server/runtime/deploy.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const defects = [
  { place: "数据项", what: "超出审批所需", basis: "共享条例第十条" },
  { place: "使用目的", what: "未写明业务环节", basis: "共享条例第二十二条" },
];

async function complete(account: string, instanceId: string, element: string, body: object): Promise<void> {
  const task = await bench.task(account, instanceId, element);
  const answer = await (await bench.as(account)).post(`/api/tasks/${task.id}/complete`, { ...body, rev: task.rev });
  if (answer.status !== 200) throw new Error(answer.text);
}

/** An application that its own authority has sent back for a supplement, with the list of what is lacking. */
async function backWithApplicant(more: object = {}): Promise<{ instanceId: string; id: string; task: TaskDetail }> {
  const { id, instanceId } = await bench.apply();
  await complete("liu", instanceId, "Task_SignOff", { outcome: "approve" });
  const opinion = "材料不齐，请一次性补正";
  await complete("chen", instanceId, "Task_OwnCheck", { outcome: "supplement", opinion, defects, ...more });
  return { instanceId, id, task: await bench.task("wang", instanceId, "Task_Supplement") };
}
const upload = async () => (await bench.as("wang")).upload("basis.pdf", pdf);
const correct = async (task: { id: string; rev: number }, request_: object, account = "wang") =>
  (await bench.as(account)).post(`/api/tasks/${task.id}/corrections`, { rev: task.rev, request: request_ });
const variablesOf = async (instanceId: string) =>
  (await (await bench.as("wang")).get(`/api/instances/${instanceId}`)).body.variables;
const problemsIn = (body: { problems?: { code: string; place: string }[] }) =>
  (body.problems ?? []).map(({ code, place }) => `${code} ${place}`);

describe("the applicant corrects the application", () => {
  it("by the form that it was made with, prefilled, beside the whole list of what is lacking", async () => {
    const { task } = await backWithApplicant();
    const wang = await bench.as("wang");
    const view = (await wang.get(`/api/tasks/${task.id}/changes`)).body.correction;
    const keys = JSON.stringify(view.form);
    expect(keys).toContain('"legalBasis"');
    expect(view.values).toMatchObject({ purpose: applicationForm.purpose, items: ["name", "idno", "status"] });
    expect(view.fixed).toEqual({ commitment: true, emergency: "none", kind: "new" });
    const told = (await wang.get(`/api/tasks/${task.id}/changes`)).body;
    expect(told).toMatchObject({
      returned: { by: "陈静", reason: "材料不齐，请一次性补正", defects, state: "open" },
      changes: [],
    });
  });

  it("in its items, tables and files, and whoever reviews it next reads what changed, field by field", async () => {
    const { instanceId, id, task } = await backWithApplicant();
    const wang = await bench.as("wang");
    const file = await upload();
    const answer = await correct(task, {
      items: ["status"],
      necessaryItems: ["status"],
      staff: [{ post: "社会救助科经办人员", people: 2 }],
      basisFiles: [file],
      volume: "每日不超过50次",
    });
    expect(answer.status, answer.text).toBe(200);
    const [row] = await bench.runtime.store.read("SELECT * FROM attachment WHERE id = ?", [file.id]);
    expect(row).toMatchObject({ instance_id: instanceId, form_place: "application", form_field: "basisFiles" });
    const variables = await variablesOf(instanceId);
    expect(variables.request).toMatchObject({ items: ["status"], purpose: applicationForm.purpose, kind: "new" });
    expect(variables.askedItems).toEqual([{ code: "status", name: expect.any(String), nameEn: "Enrolment status" }]);
    expect((await wang.get(`/api/applications/${id}`)).body.request.items).toEqual(["status"]);
    await complete("wang", instanceId, "Task_Supplement", { outcome: "resubmit", form: { supplementText: "已补" } });
    const again = await bench.task("chen", instanceId, "Task_OwnCheck");
    const told = (await (await bench.as("chen")).get(`/api/tasks/${again.id}/changes`)).body;
    expect(told.returned).toMatchObject({ state: "corrected" });
    const read = told.changes.map((change: { path: string; field: { kind: string }; rows: unknown }) => [
      change.path,
      change.field.kind,
      change.rows,
    ]);
    expect(read).toEqual([
      ["request.items", "items", null],
      ["request.basisFiles", "file", null],
      ["request.staff", "table", [{ row: "社会救助科经办人员", type: "changed" }]],
      ["request.volume", "text", null],
      ["forms.Task_Supplement.supplementText", "textarea", null],
    ]);
    expect(told.changes[0]).toMatchObject({ before: ["name", "idno", "status"], after: ["status"], step: null });
    const history = (await (await bench.as("chen")).get(`/api/instances/${instanceId}`)).text;
    expect(history).toContain("更正申请内容（");
  });

  it("in part, and again; what is not sent stays", async () => {
    const { task } = await backWithApplicant();
    expect((await correct(task, { purpose: "办理最低生活保障复核，核验参保状态。" })).status).toBe(200);
    expect((await correct(task, {})).status).toBe(200);
  });

  it("and empties a field with null", async () => {
    const { instanceId, task } = await backWithApplicant();
    expect((await correct(task, { basisFiles: [await upload()] })).status).toBe(200);
    expect((await variablesOf(instanceId)).request).toHaveProperty("basisFiles");
    expect((await correct(task, { basisFiles: null })).status).toBe(200);
    expect((await variablesOf(instanceId)).request).not.toHaveProperty("basisFiles");
  });

  it("is told every fault at once, and nothing is changed", async () => {
    const { instanceId, task } = await backWithApplicant();
    const before = [await bench.counts(), await variablesOf(instanceId)];
    const answer = await correct(task, {
      purpose: null,
      items: ["nothing"],
      to: "2099-01-01",
      kind: "renewal",
      admin: true,
    });
    expect([answer.status, answer.body.code]).toEqual([422, "FORM_INVALID"]);
    const places = problemsIn(answer.body);
    expect(places).toEqual(
      expect.arrayContaining([
        "FIELD_UNKNOWN body.request.admin",
        "FIELD_MISSING body.request.purpose",
        "FIELD_READ_ONLY body.request.kind",
      ]),
    );
    expect(places.map((one) => one.split(" ")[1])).toEqual(
      expect.arrayContaining(["body.request.items", "body.request.to"]),
    );
    expect([await bench.counts(), await variablesOf(instanceId)]).toEqual(before);
  });

  it("declares personal information as when it was applied for", async () => {
    const { task } = await backWithApplicant();
    const answer = await correct(task, { personalInfo: "none", persons: null, assessmentNumber: null });
    expect(problemsIn(answer.body)).toEqual(["PERSONAL_INFO_UNDECLARED body.request.personalInfo"]);
  });

  it("only there, and only they", async () => {
    const { instanceId, task } = await backWithApplicant();
    expect((await correct(task, {}, "liu")).status).toBe(403);
    expect((await correct(task, {}, "luo")).status).toBe(404);
    await complete("wang", instanceId, "Task_Supplement", { outcome: "resubmit", form: { supplementText: "已补" } });
    expect((await correct(task, {})).status).toBe(409);
    const review = await bench.task("chen", instanceId, "Task_OwnCheck");
    const answer = await correct(review, {}, "chen");
    expect([answer.status, answer.body.code]).toEqual([409, "NOT_RETURNED_FOR_CORRECTION"]);
    for (const [account, { id }] of [
      ["chen", review],
      ["wang", task],
      ["liu", task],
    ] as const)
      expect((await (await bench.as(account)).get(`/api/tasks/${id}/changes`)).body.correction).toBeNull();
  });

  it("and what was typed is kept as a draft until it is sent", async () => {
    const { task } = await backWithApplicant();
    const wang = await bench.as("wang");
    const draft = { content: { request: { purpose: "写到一半" } }, writer: "tab-1", seenRev: 0 };
    expect((await wang.put(`/api/drafts/correction.${task.id}`, draft)).status).toBe(200);
    const listed = (await wang.get("/api/drafts")).body.items;
    expect(listed).toContainEqual(expect.objectContaining({ kind: "correction", taskId: task.id, isOpen: true }));
    await correct(task, { purpose: "办理最低生活保障复核，核验参保状态。" });
    expect((await wang.get(`/api/drafts/correction.${task.id}`)).body.draft).toBeNull();
  });
});

it("lists defects only with a request for a supplement", async () => {
  const { instanceId } = await bench.apply();
  const task = await bench.task("liu", instanceId, "Task_SignOff");
  const body = { outcome: "approve", defects, rev: task.rev };
  const answer = await (await bench.as("liu")).post(`/api/tasks/${task.id}/complete`, body);
  expect(problemsIn(answer.body)).toEqual(["DEFECTS_WITHOUT_SUPPLEMENT defects"]);
});

describe("rights of the step on the application", () => {
  it("hold for the correction: what is hidden is not offered and stays, what may be read is not taken", async () => {
    const { runtime } = bench;
    const newest = await runtime.models.newest("ds-03");
    const [row] = await runtime.store.read("SELECT xml FROM definition WHERE id = ?", [newest?.definitionId ?? ""]);
    const right = (field: string, kind: string) =>
      `<jieli:fieldRight form="application" field="${field}" right="${kind}" />`;
    const xml = String(row?.["xml"]).replace(
      /(<bpmn:userTask id="Task_Supplement"[^>]*>\s*<bpmn:documentation>[^<]*<\/bpmn:documentation>\s*<bpmn:extensionElements>)/,
      `$1${right("personalInfo", "hidden")}${right("scope", "read")}`,
    );
    expect(xml).toContain(right("scope", "read"));
    const plain = { forms: null, library: new Map(), comment: "", basedOn: null, by: "test" };
    await deploy(runtime.store, { xml, ...plain, now: runtime.clock.now() });
    const { instanceId, task } = await backWithApplicant();
    const view = (await (await bench.as("wang")).get(`/api/tasks/${task.id}/changes`)).body.correction;
    expect(JSON.stringify(view)).not.toContain('"key":"personalInfo"');
    expect([view.fixed.scope, view.values.scope]).toEqual([applicationForm.scope, undefined]);
    const answer = await correct(task, { scope: "全市", personalInfo: "none" });
    expect(problemsIn(answer.body)).toEqual([
      "FIELD_UNKNOWN body.request.personalInfo",
      "FIELD_READ_ONLY body.request.scope",
    ]);
    expect((await correct(task, { purpose: "办理最低生活保障复核，核验参保状态。" })).status).toBe(200);
    const { request: after } = await variablesOf(instanceId);
    // The assessment depends on what the step does not see: it has to stay as well.
    expect(after).toMatchObject({
      personalInfo: "sensitive",
      scope: applicationForm.scope,
      assessmentNumber: "PIA-NM-2026-07",
    });
  });
});
