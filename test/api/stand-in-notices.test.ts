import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { forms } from "../../bin/demo/forms.ts";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { noticeSettings } from "../../server/notices/settings.ts";
import { startTimed } from "../runtime/timed-process.ts";
import { bpmn, endEvent, gateway, startEvent } from "../support/bpmn.ts";
import { MailReceiver } from "../support/receivers.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
const post = new MailReceiver();
beforeAll(async () => {
  bench = await ApiBench.open(
    noticeSettings({ JIELI_SMTP_URL: await post.open(), JIELI_MAIL_FROM: "jieli@example.gov.cn" }),
  );
});
afterAll(async () => {
  await bench.close();
  await post.close();
});

/** 邓明 stands in for 陈静, who reviews at Nanming's authority. */
const forChen = { person: "u-chen", substitute: "u-deng", organisation: "nm-data" };
const hours = (count: number) => new Date(Date.parse(bench.runtime.clock.now()) + count * 3_600_000).toISOString();

async function arrange(by: string, more: object = {}): Promise<string> {
  const body = { ...forChen, from: hours(0), until: hours(48), processes: null, roles: null, highestGrade: null };
  const answer = await (await bench.as(by)).post("/api/substitutions", { ...body, reason: "外出培训", ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

/** A case that Nanming's authority has to review. */
async function toReview(): Promise<string> {
  const { instanceId } = await bench.apply();
  const task = await bench.task("liu", instanceId, "Task_SignOff");
  const signed = await (
    await bench.as("liu")
  ).post(`/api/tasks/${task.id}/complete`, { outcome: "approve", form: {}, rev: task.rev });
  expect(signed.status, signed.text).toBe(200);
  return instanceId;
}

/** Kind and whose stead of everything that an account was told, the newest first. */
async function told(account: string): Promise<readonly string[]> {
  await bench.runtime.notices.sweep();
  const { items } = (await (await bench.as(account)).get("/api/notices?limit=100")).body as { items: PersonalNotice[] };
  return items.map(({ kind, inSteadOf }) => `${kind} ${inSteadOf?.name ?? "-"}`);
}

const unread = async (account: string) => (await (await bench.as(account)).get("/api/notices/unread")).body.unread;

async function prefer(account: string, more: object): Promise<void> {
  const answer = await (
    await bench.as(account)
  ).put("/api/notices/preferences", {
    language: "en",
    mail: `${account}@example.gov.cn`,
    quiet: null,
    restDaysQuiet: false,
    digestAt: null,
    choices: {},
    ...more,
  });
  expect(answer.status, answer.text).toBe(200);
}

let standing: string | null = null;
beforeEach(async () => {
  for (const table of ["notice_message", "announcement", "notice_delivery", "notice_preference"])
    await bench.runtime.store.transaction((tx) => tx.execute(`DELETE FROM ${table}`));
  post.mails.length = 0;
});
afterEach(async () => {
  if (standing) await (await bench.as("guan")).post(`/api/substitutions/${standing}/revoke`, {});
  standing = null;
});

describe("whoever stands in for somebody", () => {
  it("is told of tasks that arrive, and in whose stead; the person who is away is told, too", async () => {
    standing = await arrange("guan");
    await toReview();
    expect(await told("deng")).toContain("task.arrived 陈静");
    expect(await told("chen")).toContain("task.arrived -");
    const [calls, before] = [await unread("deng"), standing];
    await (await bench.as("chen")).post(`/api/substitutions/${before}/revoke`, {});
    standing = null;
    // What the substitute was called to calls no longer, and nothing more comes.
    expect(await unread("deng")).toBe(calls - 1);
    const heard = (await told("deng")).length;
    await toReview();
    expect((await told("deng")).length).toBe(heard);
  });

  it("is told once how much is open when the absence begins, and not where nothing is", async () => {
    const instanceId = await toReview();
    await bench.runtime.notices.sweep();
    standing = await arrange("guan", { from: hours(1) });
    expect(await told("deng")).not.toContain("substitution.begun -");
    await bench.runtime.moveClock(hours(2));
    await told("deng");
    expect((await told("deng")).filter((one) => one === "substitution.begun -")).toHaveLength(1);
    const { items } = (await (await bench.as("deng")).get("/api/notices")).body as { items: PersonalNotice[] };
    expect(items.find(({ kind }) => kind === "substitution.begun")).toMatchObject({
      body: { en: expect.stringMatching(/You stand in for 陈静 until .+; \d+ open task/) },
      path: "/inbox",
    });
    expect((await bench.task("deng", instanceId, "Task_OwnCheck")).onBehalfOf).toMatchObject({ name: "陈静" });
  });

  it("is told of urging and of a breach of what they stand in for", async () => {
    standing = await arrange("guan", { until: hours(24 * 60) });
    const instanceId = await toReview();
    const overseer = await bench.as("guan");
    expect((await overseer.post(`/api/instances/${instanceId}/urges`, { note: "请尽快" })).status).toBeLessThan(300);
    expect(await told("deng")).toContain("case.urged 陈静");
    await bench.runtime.moveClock(hours(24 * 30));
    expect(await told("deng")).toEqual(expect.arrayContaining(["limit.breached 陈静", "limit.supervised 陈静"]));
  });

  it("is told of what is late where they oversee in somebody's stead, and sees the case that it is about", async () => {
    const forXu = { person: "u-xu", substitute: "u-cao", organisation: "gy-data", until: hours(24 * 60) };
    await arrange("xu", forXu);
    const instanceId = await toReview();
    await bench.runtime.moveClock(hours(24 * 30));
    expect(await told("xu")).toContain("limit.supervised -");
    expect(await told("cao")).toContain("limit.supervised 徐洁");
    expect((await (await bench.as("cao")).get(`/api/instances/${instanceId}`)).status).toBe(200);
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE substitution SET ends_at = ? WHERE person_id = 'u-xu'", [hours(0)]),
    );
  });

  it("is told of a case that stopped at an error where they repair in somebody's stead, and may repair it", async () => {
    standing = await arrange("guan", { person: "u-guan" });
    const split = `${startEvent()}${gateway("exclusive", "which")}${endEvent()}${endEvent("other")}`;
    const flows = "start -> which; which -> end if toWhere > 3; which -> other default";
    const id = await startTimed(bench.runtime, bpmn(split, flows, { id: "stops-at-an-error" }));
    expect(await told("guan")).toContain("case.incident -");
    expect(await told("deng")).toContain("case.incident 管宁");
    const incidents = await bench.runtime.store.read("SELECT token FROM incident WHERE instance_id = ?", [id]);
    const deng = await bench.as("deng");
    const repairs = [
      { type: "setVariables", scope: null, variables: { toWhere: 5 }, reason: "补录去向" },
      { type: "retryIncident", token: incidents[0]?.["token"] },
    ];
    for (const repair of repairs) {
      const answer = await deng.post(`/api/instances/${id}/operations`, repair);
      expect(answer.status, answer.text).toBe(200);
    }
    expect((await deng.get(`/api/instances/${id}`)).body.status).toBe("completed");
  });

  it.each([
    ["another process", { processes: ["ds-01"] }],
    ["another role", { roles: ["authority-head"], person: "u-guan" }],
    ["lower grades of data", { highestGrade: 1 }],
  ])("hears nothing beyond the scope of the substitution: %s", async (_, scope) => {
    standing = await arrange("guan", scope);
    await toReview();
    expect(await told("chen")).toContain("task.arrived -");
    expect(await told("deng")).not.toContain("task.arrived 陈静");
  });

  it("is not told of a case that they began themselves", async () => {
    standing = await arrange("guan");
    const { instanceId } = await bench.apply();
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE instance SET started_by = 'u-deng' WHERE id = ?", [instanceId]),
    );
    const task = await bench.task("liu", instanceId, "Task_SignOff");
    await (
      await bench.as("liu")
    ).post(`/api/tasks/${task.id}/complete`, {
      outcome: "approve",
      form: forms["Task_SignOff"] ?? {},
      rev: task.rev,
    });
    expect(await told("chen")).toContain("task.arrived -");
    expect(await told("deng")).not.toContain("task.arrived 陈静");
  });

  it("gets the mail as well, or alone where the person who is away wants it so; it names nobody", async () => {
    await prefer("chen", {});
    await prefer("deng", {});
    standing = await arrange("guan");
    await bench.runtime.notices.sweep();
    post.mails.length = 0;
    await toReview();
    await bench.runtime.notices.sweep();
    expect(post.mails.flatMap(({ to }) => to).sort()).toEqual(["chen@example.gov.cn", "deng@example.gov.cn"]);
    const [mail] = post.mails.filter(({ to }) => to[0] === "deng@example.gov.cn");
    expect(MailReceiver.header(mail!, "Subject")).toMatch(/^\[Jieli\] \(as substitute\) New task: /);
    expect(mail!.raw).not.toContain("陈静");
    await prefer("chen", { whileAway: "substitute" });
    post.mails.length = 0;
    await toReview();
    expect((await told("chen"))[0]).toBe("task.arrived -");
    expect(post.mails.flatMap(({ to }) => to)).toEqual(["deng@example.gov.cn"]);
  });

  it("gets no mail that waited for a digest once the absence is over", async () => {
    await prefer("deng", { digestAt: "08:30" });
    standing = await arrange("guan", { until: hours(2) });
    await toReview();
    await bench.runtime.notices.sweep();
    post.mails.length = 0;
    await bench.runtime.moveClock(hours(24 * 4));
    await bench.runtime.notices.sweep();
    const raw = post.mails.map((mail) => mail.raw).join("\n");
    expect(raw).not.toContain("(as substitute)");
    standing = null;
  });
});
