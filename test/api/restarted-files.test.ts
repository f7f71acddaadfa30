import { afterAll, beforeAll, expect, it } from "vitest";
import { applicationForm } from "../../bin/demo/forms.ts";
import { deleteCase } from "../../server/runtime/retention.ts";
import { taskAt } from "../operations/situations.ts";
import { historyOf } from "../operations/observed.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** An ended application with a file in a form field, begun anew by the overseer. */
async function restarted() {
  const wang = await bench.as("wang");
  const file = await wang.upload("评估.pdf", pdf);
  const request = { ...applicationForm, assessmentFile: [file] };
  const applied = await wang.post("/api/applications", {
    resourceId: "res-medical",
    organisationId: "nm-civil",
    request,
  });
  const old: string = applied.body.instanceId;
  const guan = await bench.as("guan");
  await guan.post(`/api/instances/${old}/terminate`, { reason: "依法终止" });
  const answer = await guan.post(`/api/instances/${old}/restart`, { reason: "政府裁定", basis: "governmentDecision" });
  expect(answer.status, answer.text).toBe(200);
  const anew: string = answer.body.instanceId;
  const detail = (await wang.get(`/api/instances/${anew}`)).body;
  return { file, old, anew, taken: detail.variables.request.assessmentFile[0] as { id: string; name: string } };
}
const statusFor = async (account: string, id: string) =>
  (await (await bench.as(account)).get(`/api/attachments/${id}`)).status;

it("a case that is begun anew has the files of its application as its own, and the history tells where they come from", async () => {
  const { file, anew, taken } = await restarted();
  expect([taken.name, taken.id === file.id]).toEqual(["评估.pdf", false]);
  const [row] = await bench.runtime.store.read("SELECT * FROM attachment WHERE id = ?", [taken.id]);
  expect(row).toMatchObject({ instance_id: anew, origin_id: file.id, person_id: "u-wang", form_place: "application" });
  const [application] = await bench.runtime.store.read("SELECT request FROM application WHERE instance_id = ?", [anew]);
  expect(JSON.parse(String(application?.["request"])).assessmentFile).toMatchObject([{ id: taken.id }]);
  const told = (await historyOf(bench, anew)).find(({ type }) => type === "attachment.carried");
  expect([told?.actor.kind, told?.sentence.zh, told?.sentence.en]).toEqual([
    "system",
    expect.stringMatching(/^沿用原案 \S+ 的附件“评估.pdf”$/),
    expect.stringMatching(/^took over the file “评估.pdf” of the case \S+$/),
  ]);
});

it("whoever comes to see the new case opens them, also when the data of the old one have been deleted", async () => {
  const { file, old, anew, taken } = await restarted();
  const { id, rev } = await taskAt(bench, anew, "Task_SignOff");
  const signed = await (await bench.as("liu")).post(`/api/tasks/${id}/complete`, { outcome: "approve", form: {}, rev });
  expect(signed.status, signed.text).toBe(200);
  expect([await statusFor("chen", taken.id), await statusFor("luo", taken.id)]).toEqual([200, 404]);
  const { store, clock, content, attachments } = bench.runtime;
  const rooms = { store, clock, retention: content.retention, files: attachments.files };
  await deleteCase(rooms, old, "到期", { kind: "system", name: "test" });
  expect([await statusFor("chen", taken.id), await statusFor("wang", file.id)]).toEqual([200, 404]);
});
