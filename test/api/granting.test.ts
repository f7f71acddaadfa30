import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationForm, forms } from "../../bin/demo/forms.ts";
import type { Principal } from "../../server/identity/sessions.ts";
import { mayDo, workableTasks } from "../../server/identity/policy.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** Steps of the upward process up to the provider's decision, with who takes them. */
const untilDecision: readonly (readonly [string, string, string])[] = [
  ["liu", "Task_SignOff", "approve"],
  ["chen", "Task_OwnCheck", "approve"],
  ["zhao", "Task_Relay", "forward"],
  ["sun", "Task_Dispatch", "approve"],
  ["zhang", "Task_PiAssessment", "pass"],
  ["wu", "Task_SecurityReview", "pass"],
  ["zhang", "Task_Examine", "agree"],
];

describe("a partial grant", () => {
  it("names some of the items asked for, never others and never all", async () => {
    const { id, instanceId } = await bench.apply();
    for (const [account, element, outcome] of untilDecision) await take(account, instanceId, element, outcome);
    const task = await bench.task("yang", instanceId, "Task_Decide");
    const head = await bench.as("yang");
    const send = (form: object) =>
      head.post(`/api/tasks/${task.id}/complete`, {
        outcome: "partial",
        reasonCode: "R6",
        opinion: "仅提供核验所需的最小数据项，其余与申请事项无关，不予提供。",
        citation: "《政务数据共享条例》第二十二条",
        form,
        rev: task.rev,
      });
    const form = task.form as unknown as { components: { key: string; choices?: { value: string }[] }[] };
    const field = form.components.find(({ key }) => key === "itemDecisions");
    expect(field?.choices?.map(({ value }) => value)).toEqual(applicationForm.items);
    const before = await bench.counts();
    const codes = async (itemDecisions: readonly object[] | undefined) =>
      (await send({ itemDecisions })).body.problems?.map(
        (found: { code: string; place: string }) => `${found.code} ${found.place}`,
      );
    const granted = (...items: string[]) => items.map((code) => ({ code, decision: "granted" }));
    const refused = (code: string) => ({
      code,
      decision: "refused",
      reasonCode: "R6",
      reason: "与申请事项无关，个人信息影响评估未涵盖该数据项。",
    });
    expect(await codes(undefined)).toEqual(["ITEMS_MISSING form.itemDecisions"]);
    expect(await codes(granted("name", "idno", "status"))).toEqual(["OUTCOME_NOT_OF_ITEMS outcome"]);
    expect(await codes([...granted("status", "income"), refused("name")])).toEqual([
      "ITEM_UNDECIDED form.itemDecisions.idno",
      "ITEM_NOT_ASKED form.itemDecisions.income",
    ]);
    expect(await bench.counts()).toEqual(before);
    const mask = { how: "keepLast", count: 4 };
    const answer = await send({
      itemDecisions: [...granted("status"), { code: "idno", decision: "masked", mask }, refused("name")],
    });
    expect([answer.status, answer.body.problems]).toEqual([200, undefined]);
    await bench.runtime.settle();
    const application = await (await bench.as("wang")).get(`/api/applications/${id}`);
    expect(application.body.delivery).toMatchObject({
      grantedItems: ["status", "idno"],
      specification: {
        items: [
          { code: "status", name: "参保状态", mask: null, narrowing: null },
          { code: "idno", name: "公民身份号码", mask, narrowing: null },
        ],
        regionFilter: "520102",
        mode: "verify",
        to: "2027-11-30",
      },
    });
    const deliverer = await bench.task("ma", instanceId, "Task_Deliver");
    expect(deliverer.data["delivery"]).toEqual(application.body.delivery.specification);
    const history = await (await bench.as("wang")).get(`/api/instances/${instanceId}`);
    const line = history.body.history.findLast(({ type }: { type: string }) => type === "items.decided");
    expect(line.sentence).toEqual({
      zh: "“决定”逐项决定：参保状态同意；公民身份号码脱敏（保留后 4 位）；姓名不予共享（R6）",
      en: "decided on each item in “The head of the department decides; nobody else and nothing automatic”: Enrolment status granted; Citizen identity number masked (last 4 kept); Name refused (R6)",
    });
  });
});

describe("one's own application", () => {
  const author: Principal = {
    id: "u-author",
    account: "author",
    name: "作者",
    posts: [
      { organisation: "nm-data", role: "applicant-clerk" },
      { organisation: "nm-data", role: "authority-reviewer" },
    ],
    standsInFor: [],
    csrf: "",
    lastSignInAt: null,
  };
  const task = { type: "task.work", organisation: "nm-data", assignee: null } as const;

  it("is not decided by its author, even where the applicant is the authority itself", () => {
    const may = (role: string, startedBy: string) =>
      mayDo(author, { ...task, role, startedBy, draftedBy: null }, bench.runtime.content);
    expect(may("authority-reviewer", "u-author")).toBe(false);
    expect(may("authority-reviewer", "u-somebody")).toBe(true);
    expect(may("applicant-clerk", "u-author")).toBe(true);
  });

  it("does not stand in its author's list either", () => {
    const scope = workableTasks(author, bench.runtime.content);
    expect(scope.sql).toContain("instance.started_by <> ?");
    expect(scope.parameters.slice(-3)).toEqual(["u-author", "u-author", "applicant-%"]);
  });
});

describe("the list of applications", () => {
  it("fills its pages when only some are asked for", async () => {
    const clerk = await bench.as("wang");
    for (let made = 0; made < 3; made += 1) await bench.apply();
    const all = await clerk.get("/api/applications?state=running&limit=100");
    const first = await clerk.get("/api/applications?state=running&limit=2");
    const second = await clerk.get(`/api/applications?state=running&limit=2&cursor=${first.body.nextCursor}`);
    const ids = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(({ id }) => id);
    expect([...ids(first), ...ids(second)]).toEqual(ids(all).slice(0, 4));
    expect((await clerk.get("/api/applications?state=refused&limit=1")).body).toEqual({ items: [], nextCursor: null });
  });
});

async function take(account: string, instanceId: string, element: string, outcome: string): Promise<void> {
  const task = await bench.task(account, instanceId, element);
  const answer = await (
    await bench.as(account)
  ).post(`/api/tasks/${task.id}/complete`, { outcome, opinion: "同意", form: forms[element] ?? {}, rev: task.rev });
  if (answer.status !== 200) throw new Error(answer.text);
  await bench.runtime.settle();
}
