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
    const field = task.form?.["components"] as { key: string; values?: { value: string; label: string }[] }[];
    expect(field.find(({ key }) => key === "grantedItems")?.values?.map(({ value }) => value)).toEqual(
      applicationForm.items,
    );
    const before = await bench.counts();
    const codes = async (form: object) =>
      (await send(form)).body.problems?.map((found: { code: string }) => found.code);
    expect(await codes({})).toEqual(["GRANTED_ITEMS_NOT_PARTIAL"]);
    expect(await codes({ grantedItems: applicationForm.items })).toEqual(["GRANTED_ITEMS_NOT_PARTIAL"]);
    expect(await codes({ grantedItems: ["income"] })).toEqual(["FIELD_INVALID"]);
    expect(await bench.counts()).toEqual(before);
    const granted = await send({ grantedItems: ["status"] });
    expect([granted.status, granted.body.problems]).toEqual([200, undefined]);
    await bench.runtime.settle();
    const application = await (await bench.as("wang")).get(`/api/applications/${id}`);
    expect(application.body.delivery?.grantedItems).toEqual(["status"]);
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
    const may = (role: string, startedBy: string) => mayDo(author, { ...task, role, startedBy }, bench.runtime.content);
    expect(may("authority-reviewer", "u-author")).toBe(false);
    expect(may("authority-reviewer", "u-somebody")).toBe(true);
    expect(may("applicant-clerk", "u-author")).toBe(true);
  });

  it("does not stand in its author's list either", () => {
    const scope = workableTasks(author, bench.runtime.content);
    expect(scope.sql).toContain("instance.started_by <> ?");
    expect(scope.parameters.slice(-2)).toEqual(["u-author", "applicant-%"]);
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
