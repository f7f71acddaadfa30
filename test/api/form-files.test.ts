import type { Response } from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { sweepUnbound } from "../../server/attachments/attachments.ts";
import { bundleIn } from "../../server/forms/definition-forms.ts";
import { deploy } from "../../server/runtime/deploy.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;

const picker = (key: string) => ({
  type: "filepicker",
  key,
  label: "佐证材料",
  labelEn: "Proof",
  accept: ".pdf",
  multiple: true,
  validate: { required: false },
});
/** The sign-off takes files; the check of the own authority does not see the applicant's assessment. */
beforeAll(async () => {
  bench = await ApiBench.open();
  await republish("ds-03", "sign-off", [picker("proof")], (xml) =>
    xml.replace(
      /(<bpmn:userTask id="Task_OwnCheck"[^>]*>\s*<bpmn:documentation>[^<]*<\/bpmn:documentation>)/,
      '$1<bpmn:extensionElements><jieli:fieldRight form="application" field="assessmentFile" right="hidden" /><jieli:fieldRight form="sign-off" field="proof" right="hidden" /></bpmn:extensionElements>',
    ),
  );
  await republish("ds-06", "start-demand", [picker("proof")], (xml) => xml);
});
afterAll(() => bench.close());

async function republish(key: string, form: string, added: object[], change: (xml: string) => string): Promise<void> {
  const { runtime } = bench;
  const newest = await runtime.models.newest(key);
  const [row] = await runtime.store.read("SELECT * FROM definition WHERE id = ?", [newest?.definitionId ?? ""]);
  const forms = JSON.parse(JSON.stringify(bundleIn(row!))) as Record<string, { components: object[] }>;
  forms[form]?.components.push(...added);
  await deploy(runtime.store, {
    xml: change(String(row?.["xml"])),
    forms: forms as unknown as ReturnType<typeof bundleIn>,
    library: new Map(),
    comment: "",
    basedOn: null,
    by: "test",
    now: runtime.clock.now(),
  });
}

const upload = async (account: string, name = "a.pdf") => (await bench.as(account)).upload(name, pdf);

const apply = async (files: { id: string }[], more: object = {}): Promise<Response> =>
  (await bench.as("wang")).post("/api/applications", {
    resourceId: "res-medical",
    organisationId: "nm-civil",
    request: { ...applicationForm, assessmentFile: files, ...more },
  });
const applied = async (files: { id: string }[]): Promise<string> => {
  const answer = await apply(files);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.instanceId;
};
const signOff = async (instanceId: string, form: object): Promise<Response> => {
  const task = await bench.task("liu", instanceId, "Task_SignOff");
  return (await bench.as("liu")).post(`/api/tasks/${task.id}/complete`, { outcome: "approve", form, rev: task.rev });
};
const rowOf = async (id: string) => (await bench.runtime.store.read("SELECT * FROM attachment WHERE id = ?", [id]))[0];
const problemsOf = ({ status, body }: Response) => [
  status,
  ...(body.problems ?? []).map(({ code, place }: { code: string; place: string }) => `${code} ${place}`),
];
const sees = async (account: string, id: string) =>
  (await (await bench.as(account)).get(`/api/attachments/${id}`)).status;

describe("a file that a form names", () => {
  it("becomes part of the case with the application, and the history tells it", async () => {
    const file = await upload("wang", "评估.pdf");
    const instanceId = await applied([file]);
    expect(await rowOf(file.id)).toMatchObject({
      instance_id: instanceId,
      task_id: null,
      form_place: "application",
      form_field: "assessmentFile",
    });
    const detail = (await (await bench.as("wang")).get(`/api/instances/${instanceId}`)).body;
    expect(detail.variables.request.assessmentFile).toMatchObject([
      { id: file.id, name: "评估.pdf", size: pdf.length },
    ]);
    expect(JSON.stringify(detail.history)).toContain("添加附件“评估.pdf”");
  });

  it("becomes part of the case with a decision, with the task that it was sent from", async () => {
    const instanceId = await applied([]);
    const [first, second] = [await upload("liu"), await upload("liu")];
    const answer = await signOff(instanceId, { proof: [first, second] });
    expect(answer.status, answer.text).toBe(200);
    const bound = { instance_id: instanceId, task_id: answer.body.id, form_place: "Task_SignOff", form_field: "proof" };
    expect([await rowOf(first.id), await rowOf(second.id)]).toMatchObject([bound, bound]);
  });

  it("becomes part of the case that is begun by hand with it", async () => {
    const file = await upload("wang");
    const answer = await (
      await bench.as("wang")
    ).post("/api/processes/ds-06/cases", {
      start: "demand",
      organisationId: "nm-civil",
      form: { title: "殡葬数据", description: "核验", legalBasis: "办法", proof: [file] },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(await rowOf(file.id)).toMatchObject({ instance_id: answer.body.instanceId, form_place: "start" });
  });

  it.each([
    ["another's", async () => upload("liu"), "FILE_UNKNOWN"],
    ["missing", async () => ({ id: "no-such-file" }), "FILE_UNKNOWN"],
    [
      "sent with something else",
      async () => {
        const file = await upload("wang");
        await applied([file]);
        return file;
      },
      "FILE_USED_ELSEWHERE",
    ],
    ["not scanned yet", async () => scanned(await upload("wang"), "pending"), "FILE_BEING_SCANNED"],
    ["harmful", async () => scanned(await upload("wang"), "infected"), "FILE_INFECTED"],
  ])("is refused where it is %s, and nothing is done", async (_what, make, code) => {
    const file = await make();
    const [before, row] = [await bench.counts(), await rowOf(file.id)];
    expect(problemsOf(await apply([file]))).toEqual([422, `${code} body.request.assessmentFile`]);
    expect([await bench.counts(), await rowOf(file.id)]).toEqual([before, row]);
  });

  it("is taken where it was scanned and found clean", async () => {
    const file = await scanned(await upload("wang"), "clean");
    const instanceId = await applied([file]);
    expect(await rowOf(file.id)).toMatchObject({ instance_id: instanceId });
  });

  it("stays unbound where the decision is refused", async () => {
    const instanceId = await applied([]);
    const file = await upload("liu");
    const answer = await signOff(instanceId, { proof: [file], signOffNote: 7 });
    expect(answer.status).toBe(422);
    expect((await rowOf(file.id))?.["instance_id"]).toBeNull();
  });

  it("is bound once, also when the application is sent twice with the same key", async () => {
    const file = await upload("wang");
    const send = async () =>
      (await bench.as("wang")).post(
        "/api/applications",
        {
          resourceId: "res-medical",
          organisationId: "nm-civil",
          request: { ...applicationForm, assessmentFile: [file] },
        },
        { "idempotency-key": "form-file-twice" },
      );
    const [first, second] = [await send(), await send()];
    expect([first.status, second.body.instanceId]).toEqual([201, first.body.instanceId]);
  });
});

async function scanned(file: { id: string }, scan: string): Promise<{ id: string }> {
  await bench.runtime.store.transaction((tx) =>
    tx.execute("UPDATE attachment SET scan = ? WHERE id = ?", [scan, file.id]),
  );
  return file;
}

describe("who may read it", () => {
  it("is whoever may see its field: not those who act only where it is hidden, and not by its name", async () => {
    const file = await upload("wang", "机密评估.pdf");
    const instanceId = await applied([file]);
    const proof = await upload("liu", "签署依据.pdf");
    expect((await signOff(instanceId, { proof: [proof] })).status).toBe(200);
    for (const { id } of [file, proof]) {
      expect(await sees("wang", id)).toBe(200);
      expect(await sees("chen", id)).toBe(404);
      const facts = await (await bench.as("chen")).get(`/api/attachments/${id}/facts`);
      const preview = await (await bench.as("chen")).get(`/api/attachments/${id}/preview`);
      expect([facts.status, preview.status]).toEqual([404, 404]);
    }
    const chen = await bench.as("chen");
    const list = await chen.get(`/api/instances/${instanceId}/attachments`);
    expect(list.body).toEqual({ items: [] });
    const detail = await chen.get(`/api/instances/${instanceId}`);
    expect(detail.status).toBe(200);
    expect(detail.text).not.toMatch(/机密评估|签署依据/);
    const seen = await (await bench.as("liu")).get(`/api/instances/${instanceId}/attachments`);
    expect(seen.body.items).toHaveLength(2);
  });
});

describe("an upload that was never sent", () => {
  it("is swept after its time, but not while a draft of an application names it", async () => {
    const { runtime } = bench;
    const [kept, gone] = [await upload("wang"), await upload("wang")];
    const person = await bench.as("wang");
    const draft = { content: { request: { assessmentFile: [kept] } }, writer: "tab-1", seenRev: 0 };
    expect((await person.put("/api/drafts/application.res-medical", draft)).status).toBe(200);
    await runtime.moveClock(new Date(Date.parse(runtime.clock.now()) + 100 * 3_600_000).toISOString());
    await sweepUnbound(runtime.attachments);
    expect([await rowOf(gone.id), (await rowOf(kept.id))?.["id"]]).toEqual([undefined, kept.id]);
    expect((await apply([kept])).status).toBe(201);
    await sweepUnbound(runtime.attachments);
    expect((await rowOf(kept.id))?.["instance_id"]).not.toBeNull();
  });
});
