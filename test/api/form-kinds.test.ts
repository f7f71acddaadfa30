import { afterAll, beforeAll, expect, it } from "vitest";
import { addMs, localDate } from "../../engine/calendar/dates.ts";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { taskAt } from "../operations/situations.ts";
import { publish, startTimed } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { pdf } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const named = (key: string) => ({ key, label: `字段${key}`, labelEn: `Field ${key}`, validate: { required: true } });
const components = [
  { ...named("file"), type: "filepicker", accept: ".pdf" },
  {
    ...named("rows"),
    type: "dynamiclist",
    path: "rows",
    minRows: 1,
    maxRows: 2,
    rowKey: "post",
    components: [
      { ...named("post"), type: "textfield" },
      { ...named("people"), type: "number" },
    ],
  },
  { ...named("org"), type: "jieli-organisation", within: "520000" },
  { ...named("who"), type: "jieli-person", of: "org" },
  { ...named("items"), type: "jieli-items" },
  {
    ...named("day"),
    type: "datetime",
    subtype: "date",
    earliest: { type: "workingDays", days: 1 },
    latest: { type: "workingDays", days: 5 },
  },
];

/** A case whose one step fills in a field of each kind. */
async function openTask() {
  const forms = JSON.parse(
    JSON.stringify({ kinds: { id: "kinds", name: { zh: "各类", en: "Kinds" }, components } }),
  ) as FormBundle;
  const step = `<bpmn:startEvent id="start"/><bpmn:userTask id="fill" name="fill" jieli:at="provider" jieli:role="provider-clerk" jieli:form="kinds" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`;
  const xml = bpmn(step, "start -> fill -> end", { id: "kinds-case" });
  await publish(bench.runtime, xml, forms);
  const resource = { id: "res-medical", shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" };
  const instanceId = await startTimed(bench.runtime, xml, { resource });
  return taskAt(bench, instanceId, "fill");
}

it("a field of every kind is handed out with its choices, refused with each fault in both languages, and kept", async () => {
  const { id } = await openTask();
  const zhang = await bench.as("zhang");
  const task = (await zhang.get(`/api/tasks/${id}`)).body;
  const field = (key: string) => task.form.components.find((one: { key: string }) => one.key === key);
  expect(field("org").choices.map(({ value }: { value: string }) => value)).toContain("nm-civil");
  expect(field("who").choices).toContainEqual(expect.objectContaining({ value: "u-wang", organisation: "nm-civil" }));
  // Working days on the calendar of the region stand there as days.
  expect([field("day").earliest.type, field("day").latest.type]).toEqual(["date", "date"]);

  const send = (form: object) =>
    zhang.post(`/api/tasks/${id}/complete`, { outcome: "approve", opinion: "同意", form, rev: task.rev });
  const wrong = await send({
    file: [{ id: "no-such" }],
    rows: [
      { post: "科员", people: "many" },
      { post: "科员", people: 1 },
    ],
    org: "nobody",
    who: "u-wang",
    items: ["nothing"],
    day: localDate(addMs(bench.runtime.clock.now(), 90 * 86_400_000)),
  });
  expect(wrong.status).toBe(422);
  const places = wrong.body.problems.map(({ place }: { place: string }) => place);
  for (const place of ["form.file", "form.rows.1.people", "form.org", "form.items", "form.day"])
    expect(places).toContain(place);
  for (const { message } of wrong.body.problems) {
    expect(message.zh).toMatch(/\p{Script=Han}/u);
    expect(message.en).toMatch(/^[^\p{Script=Han}]+$/u);
  }
  const missing = await send({});
  expect(missing.body.problems.map(({ code, place }: { code: string; place: string }) => `${code} ${place}`)).toEqual(
    components.map(({ key }) => `FIELD_MISSING form.${key}`),
  );

  const filled = {
    rows: [{ post: "科员", people: 2 }],
    org: "nm-civil",
    who: "u-wang",
    day: field("day").earliest.date,
  };
  const file = await zhang.upload("a.pdf", pdf);
  const kept = await send({
    ...filled,
    file: [file],
    items: field("items")
      .choices.slice(0, 1)
      .map(({ value }: { value: string }) => value),
  });
  expect(kept.status, kept.text).toBe(200);
  const { forms } = (await (await bench.as("guan")).get(`/api/instances/${kept.body.instanceId}`)).body.variables;
  expect(forms.fill).toMatchObject({ ...filled, file: [{ ...file, name: "a.pdf", type: "application/pdf" }] });
});
