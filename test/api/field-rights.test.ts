import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forms as filledIn } from "../../bin/demo/forms.ts";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { bundleIn } from "../../server/forms/definition-forms.ts";
import { deploy } from "../../server/runtime/deploy.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let instanceId: string;
let applicationId: string;
const secret = "内部研判：该部门上季度曾超范围使用。";

/** Up to the delivery; the examination's note is hidden from the applicant's steps of the process. */
const steps: readonly (readonly [string, string, string])[] = [
  ["liu", "Task_SignOff", "approve"],
  ["chen", "Task_OwnCheck", "approve"],
  ["zhao", "Task_Relay", "forward"],
  ["sun", "Task_Dispatch", "approve"],
  ["zhang", "Task_PiAssessment", "pass"],
  ["wu", "Task_SecurityReview", "pass"],
  ["zhang", "Task_Examine", "agree"],
  ["yang", "Task_Decide", "approve"],
  ["ma", "Task_Deliver", "delivered"],
];

beforeAll(async () => {
  bench = await ApiBench.open();
  ({ id: applicationId, instanceId } = await bench.apply());
  for (const [account, element, outcome] of steps) {
    const task = await bench.task(account, instanceId, element);
    const form = element === "Task_Examine" ? { conditionMet: "yes", examineNote: secret } : (filledIn[element] ?? {});
    const person = await bench.as(account);
    const answer = await person.post(`/api/tasks/${task.id}/complete`, {
      outcome,
      opinion: "同意",
      form,
      rev: task.rev,
    });
    if (answer.status !== 200) throw new Error(answer.text);
    await bench.runtime.settle();
  }
});
afterAll(() => bench.close());

/** Every answer that carries data of the case, as this person gets it. */
async function answersTo(account: string): Promise<readonly string[]> {
  const person = await bench.as(account);
  const paths = [
    `/api/instances/${instanceId}`,
    `/api/instances/${instanceId}/state`,
    `/api/applications/${applicationId}`,
  ];
  const tasks = await bench.runtime.store.read("SELECT id FROM task WHERE instance_id = ?", [instanceId]);
  const answers = [...paths, ...tasks.map(({ id }) => `/api/tasks/${String(id)}`)].map(
    async (path) => (await person.get(path)).text,
  );
  return Promise.all(answers);
}

/** Which of these the answers hold. */
function found(text: string): readonly string[] {
  return ["办理最低生活保障申请", secret, "examineNote", "itemProposals"].filter((part) => text.includes(part));
}

describe("a field that a step hides", () => {
  it("is in no answer to those who act at such steps alone: not its value, not its name", async () => {
    const text = (await answersTo("wang")).join("\n");
    expect(found(text)).toEqual(["办理最低生活保障申请"]);
  });

  it.each([
    ["another process", ["ds-01"], []],
    ["every process", null, [secret]],
  ])(
    "reaches the substitute of whoever acts where it is shown within the scope alone: %s",
    async (_, processes, shown) => {
      const now = Date.parse(bench.runtime.clock.now());
      const arranged = await (
        await bench.as("yang")
      ).post("/api/substitutions", {
        person: "u-yang",
        substitute: "u-shao",
        organisation: "gz-medical",
        from: new Date(now - 3_600_000).toISOString(),
        until: new Date(now + 3_600_000).toISOString(),
        processes,
        reason: "外出培训",
      });
      expect(arranged.status, arranged.text).toBe(201);
      const text = (await answersTo("shao")).join("\n");
      expect(found(text).filter((part) => part === secret)).toEqual(shown);
      await (await bench.as("yang")).post(`/api/substitutions/${arranged.body.id}/revoke`, {});
    },
  );

  it("reaches whoever acts where it is shown", async () => {
    const answers = await answersTo("yang");
    expect(answers.filter((answer) => answer.includes(secret)).length).toBeGreaterThan(1);
  });

  it("is closed to those who oversee and act at no step of the case", async () => {
    const text = (await answersTo("gao")).join("\n");
    expect(found(text)).toEqual(["办理最低生活保障申请"]);
  });
});

describe("a field that a step may only read", () => {
  it("is shown there and refused when it is sent", async () => {
    const { runtime } = bench;
    const newest = await runtime.models.newest("ds-03");
    const [{ xml }] = (await runtime.store.read("SELECT xml FROM definition WHERE id = ?", [newest!.definitionId])) as [
      { xml: string },
    ];
    const bound = xml.replace(
      'right="hidden" /></bpmn:extensionElements>',
      'right="hidden" /><jieli:fieldRight form="sign-off" field="signOffNote" right="read" /></bpmn:extensionElements>',
    );
    await deploy(runtime.store, {
      xml: bound,
      forms: null,
      library: new Map(),
      comment: "",
      basedOn: null,
      by: "test",
      now: runtime.clock.now(),
    });
    const { instanceId: another } = await bench.apply();
    const task = await bench.task("liu", another, "Task_SignOff");
    const form = task.form as unknown as { components: { key: string; access: string }[] };
    expect(form.components.map(({ key, access }) => `${key} ${access}`)).toEqual(["signOffNote read"]);
    const answer = await (
      await bench.as("liu")
    ).post(`/api/tasks/${task.id}/complete`, {
      outcome: "approve",
      form: { signOffNote: "x" },
      rev: task.rev,
    });
    expect([answer.status, answer.body.problems?.[0]]).toMatchObject([
      422,
      { code: "FIELD_READ_ONLY", place: "form.signOffNote" },
    ]);
  });
});

describe("forms belong to the version that they were published with", () => {
  const changed = (forms: FormBundle): FormBundle =>
    JSON.parse(JSON.stringify(forms).replace('"审签说明"', '"审签意见"')) as FormBundle;

  it("a change of a form alone makes a new version, the same forms again none, and running cases keep theirs", async () => {
    const { runtime } = bench;
    const before = await bench.apply();
    const [row] = await runtime.store.read(
      "SELECT * FROM definition WHERE process_key = 'ds-03' AND state = 'published'",
    );
    const publish = async (forms: FormBundle) =>
      deploy(runtime.store, {
        xml: String(row?.["xml"]),
        forms,
        library: new Map(),
        comment: "",
        basedOn: null,
        by: "test",
        now: runtime.clock.now(),
      });
    const same = await publish(bundleIn(row!));
    expect(same.definition["version"]).toBe(row?.["version"]);
    const next = await publish(changed(bundleIn(row!)));
    expect(next.definition["version"]).toBe(Number(row?.["version"]) + 1);
    const after = await bench.apply();
    const label = async (instance: string) =>
      (await bench.task("liu", instance, "Task_SignOff")).form as unknown as {
        components: { label: { zh: string } }[];
      };
    expect((await label(before.instanceId)).components[0]?.label.zh).toBe("审签说明");
    expect((await label(after.instanceId)).components[0]?.label.zh).toBe("审签意见");
  });

  it("a form with a fault refuses the whole version, with its place", async () => {
    const { runtime } = bench;
    const [row] = await runtime.store.read(
      "SELECT * FROM definition WHERE process_key = 'ds-03' AND state = 'published'",
    );
    const forms = JSON.parse(JSON.stringify(bundleIn(row!)).replace('"labelEn":"Note"', '"labelEn":""')) as FormBundle;
    const refusal = deploy(runtime.store, {
      xml: String(row?.["xml"]),
      forms,
      library: new Map(),
      comment: "",
      basedOn: null,
      by: "test",
      now: runtime.clock.now(),
    });
    await expect(refusal).rejects.toMatchObject({ code: "DEFINITION_REFUSED", problems: [{ code: "LABEL_MISSING" }] });
  });
});
