import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instantAt } from "../../engine/calendar/dates.ts";
import { announce, type Announcement } from "../../server/notices/announce.ts";
import { purgeNotices } from "../../server/notices/purge.ts";
import { noticeSettings } from "../../server/notices/settings.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import type { Parameter } from "../../server/store/store.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { HookReceiver, MailReceiver } from "../support/receivers.ts";
import { bpmn } from "../support/bpmn.ts";
import { openRuntime, text } from "./support.ts";
import { startTimed } from "./timed-process.ts";

const allow = { JIELI_WEBHOOK_ALLOW: "127.0.0.1" };
let database: TestDatabase;
let runtime: Runtime;
let post: MailReceiver;
let hook: HookReceiver;
let hookUrl: string;
let settings: ReturnType<typeof noticeSettings>;

beforeEach(async () => {
  database = await createTestDatabase();
  post = new MailReceiver();
  hook = new HookReceiver();
  hookUrl = await hook.open();
  settings = noticeSettings({
    ...allow,
    JIELI_PUBLIC_URL: "https://jieli.example/",
    JIELI_SMTP_URL: await post.open(),
    JIELI_MAIL_FROM: "jieli@example.gov.cn",
  });
  runtime = await openRuntime(database, settings);
  // A Monday.
  await runtime.movable?.moveTo(at("2026-11-30", "10:00"));
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
  await post.close();
  await hook.close();
});

const at = instantAt;
const chen = "u-chen";

async function tell(changes: Partial<Announcement> = {}): Promise<void> {
  const announcement: Announcement = {
    kind: "limit.breached",
    instanceId: null,
    taskId: null,
    to: [{ person: chen }],
    params: { case: "DS03-1", "limit.zh": "答复期限", "limit.en": "Reply limit", due: "2026-11-27" },
    at: runtime.clock.now(),
    by: null,
    ...changes,
  };
  await runtime.store.transaction((tx) => announce(tx, announcement));
}

async function choose(changes: Record<string, Parameter> = {}): Promise<void> {
  await runtime.store.transaction((tx) =>
    tx.insert("notice_preference", {
      person_id: chen,
      language: "en",
      mail: "chen@example.gov.cn",
      quiet_from: "20:00",
      quiet_to: "08:00",
      rest_days_quiet: 1,
      digest_at: null,
      choices: "{}",
      updated_at: runtime.clock.now(),
      ...changes,
    }),
  );
}

async function register(type: string, changes: Record<string, Parameter> = {}): Promise<string> {
  await runtime.store.transaction((tx) =>
    tx.insert("notice_endpoint", {
      id: `${type}-1`,
      type,
      name: type,
      organisation_id: type === "webhook" ? null : "nm-data",
      url: `${hookUrl}/${type}?key=secret`,
      secret: type === "wecom" ? "" : "SECabc",
      groups_told: '["limits","tasks","faults"]',
      language: "zh",
      quiet_from: null,
      quiet_to: null,
      rest_days_quiet: 0,
      active: 1,
      created_by: "test",
      created_at: runtime.clock.now(),
      updated_at: runtime.clock.now(),
      ...changes,
    }),
  );
  return `${type}-1`;
}

const messages = async () =>
  (await runtime.store.read("SELECT person_id, read_at FROM notice_message ORDER BY person_id")).map(
    (row) => row["person_id"],
  );
const deliveries = async () =>
  (
    await runtime.store.read("SELECT channel, state, attempts, last_error FROM notice_delivery ORDER BY created_at, id")
  ).map((row) => [row["channel"], row["state"], Number(row["attempts"]), row["last_error"]]);
const moved = async (date: string, time: string) => {
  await runtime.movable?.moveTo(at(date, time));
  return runtime.notices.sweep();
};

describe("an announcement", () => {
  it("tells each person once: by name, by post, in two capacities, and told again in the same words", async () => {
    const holders = (
      await runtime.store.read(
        "SELECT DISTINCT person_id FROM post WHERE organisation_id = 'nm-data' AND role IN ('authority-reviewer', 'authority-head') ORDER BY person_id",
      )
    ).map((row) => row["person_id"]);
    expect(holders.length).toBeGreaterThan(1);
    const to = [
      { organisation: "nm-data", role: "authority-reviewer" },
      { organisation: "nm-data", role: "authority-head" },
      ...holders.map((person) => ({ person: String(person) })),
    ];
    const now = runtime.clock.now();
    await tell({ to, at: now });
    await tell({ to, at: now });
    expect(await messages()).toEqual(holders);
  });

  it("leaves out whoever did it, and whoever may not work on the task of a case that they began", async () => {
    const [holder] = await runtime.store.read(
      "SELECT person_id FROM post WHERE organisation_id = 'nm-data' AND role = 'authority-reviewer'",
    );
    const person = text(holder, "person_id");
    const reviewer = { organisation: "nm-data", role: "authority-reviewer" };
    await tell({ to: [reviewer], by: person });
    await tell({ to: [{ ...reviewer, startedBy: person }] });
    expect(await messages()).not.toContain(person);
    await tell({ to: [{ ...reviewer, startedBy: "somebody else" }], kind: "task.arrived" });
    expect(await messages()).toContain(person);
  });

  it("is gone with the transaction that is rolled back", async () => {
    const failed = runtime.store.transaction(async (tx) => {
      await announce(tx, {
        kind: "task.arrived",
        instanceId: null,
        taskId: null,
        to: [{ person: chen }],
        params: {},
        at: runtime.clock.now(),
        by: null,
      });
      throw new Error("the step failed");
    });
    await expect(failed).rejects.toThrow("the step failed");
    expect(await messages()).toEqual([]);
    expect(await runtime.notices.sweep()).toBe(0);
  });

  it("is planned once by two nodes that sweep at the same moment", async () => {
    await choose();
    await register("webhook");
    const other = await openRuntime(database, settings);
    await Promise.all(Array.from({ length: 20 }, (_, index) => tell({ params: { case: `C-${index}` } })));
    await Promise.all([runtime.notices.sweep(), other.notices.sweep(), runtime.notices.sweep()]);
    await other.close();
    expect(post.mails.length).toBe(20);
    expect(new Set(hook.calls.map(({ headers }) => headers["webhook-id"])).size).toBe(20);
    expect(hook.calls.length).toBe(20);
  });
});

describe("mail", () => {
  it("goes out in the person's language with a stable id, and once", async () => {
    await choose();
    await tell();
    expect(await runtime.notices.sweep()).toBe(1);
    expect(await runtime.notices.sweep()).toBe(0);
    const [mail] = post.mails;
    expect(mail?.to).toEqual(["chen@example.gov.cn"]);
    expect(MailReceiver.header(mail!, "Subject")).toBe("[Jieli] Overdue: DS03-1 (Reply limit)");
    expect(MailReceiver.header(mail!, "Auto-Submitted")).toBe("auto-generated");
    const [row] = await runtime.store.read("SELECT batch_id FROM notice_delivery");
    expect(MailReceiver.header(mail!, "Message-ID")).toBe(`<${text(row, "batch_id")}@example.gov.cn>`);
  });

  it("never begins a header of its own, whatever the parameters hold", async () => {
    await choose();
    await tell({ params: { case: "C-1\r\nBcc: all@example.gov.cn", "limit.en": "x\u2028y" } });
    await runtime.notices.sweep();
    expect(MailReceiver.header(post.mails[0]!, "Bcc")).toBe("");
    expect(post.mails[0]?.to).toEqual(["chen@example.gov.cn"]);
    expect(MailReceiver.header(post.mails[0]!, "Subject")).toBe("[Jieli] Overdue: C-1 Bcc: all@example.gov.cn (x y)");
  });

  it("is not planned without a mail server, an address, or the person's choice", async () => {
    await tell();
    await choose({ choices: '{"limits":["product"]}' });
    await tell({ params: { case: "C-2" } });
    await runtime.notices.sweep();
    const without = await openRuntime(database, noticeSettings(allow));
    await runtime.store.transaction((tx) => tx.execute("UPDATE notice_preference SET choices = '{}'"));
    await tell({ params: { case: "C-3" } });
    await without.notices.sweep();
    await without.close();
    expect(await deliveries()).toEqual([]);
    expect((await messages()).length).toBe(3);
  });

  it("waits for the end of the night and of rest days, and then comes as one; what is urgent does not wait", async () => {
    await choose();
    // Friday evening; Monday is a working day.
    await moved("2026-12-04", "21:00");
    await tell({ params: { case: "C-1" } });
    await moved("2026-12-05", "10:00");
    await tell({ params: { case: "C-2" } });
    await tell({ kind: "case.incident", params: { case: "C-3" } });
    await moved("2026-12-07", "07:59");
    expect(post.mails.map((mail) => MailReceiver.header(mail, "Subject"))).toEqual([
      "[Jieli] A case stopped at an error: C-3",
    ]);
    await moved("2026-12-07", "08:00");
    expect(MailReceiver.header(post.mails[1]!, "Subject")).toBe("[Jieli] 2 notices");
    expect(post.mails.length).toBe(2);
  });

  it("comes once a day with everything for whoever wants it so", async () => {
    await choose({ digest_at: "09:00" });
    for (const number of [1, 2, 3]) await tell({ params: { case: `C-${number}` } });
    await moved("2026-12-01", "08:59");
    expect(post.mails.length).toBe(0);
    await moved("2026-12-01", "09:00");
    expect(post.mails.length).toBe(1);
    expect(post.mails[0]?.raw).toMatch(/C-1[\s\S]*C-2[\s\S]*C-3/);
  });

  it("is tried again with growing waits, is the very same mail then, and is dead after nine attempts", async () => {
    await choose({ quiet_from: null, quiet_to: null, rest_days_quiet: 0 });
    await tell();
    post.answer = () => 451;
    await runtime.notices.sweep();
    expect(await deliveries()).toEqual([["mail", "waiting", 1, "SMTP_451: the mail was not taken"]]);
    await runtime.notices.sweep();
    expect((await deliveries())[0]?.[2]).toBe(1);
    for (const [date, time] of [
      ["2026-11-30", "10:05"],
      ["2026-11-30", "10:30"],
      ["2026-11-30", "11:00"],
      ["2026-11-30", "13:00"],
      ["2026-11-30", "17:00"],
      ["2026-12-01", "00:00"],
      ["2026-12-01", "13:00"],
      ["2026-12-03", "00:00"],
    ] as const)
      await moved(date, time);
    expect(await deliveries()).toEqual([["mail", "dead", 9, "SMTP_451: the mail was not taken"]]);
    await moved("2026-12-09", "00:00");
    expect((await deliveries())[0]?.[2]).toBe(9);
  });

  it("is dead at once where the server refuses it for good", async () => {
    await choose();
    await tell();
    post.answer = () => 550;
    await runtime.notices.sweep();
    expect(await deliveries()).toEqual([["mail", "dead", 1, "SMTP_550: the mail was not taken"]]);
  });

  it("that was sent when the node died before it could mark it goes out again with the same id", async () => {
    await choose({ digest_at: "09:00" });
    await tell({ params: { case: "C-1" } });
    await tell({ params: { case: "C-2" } });
    await moved("2026-12-01", "09:00");
    const first = MailReceiver.header(post.mails[0]!, "Message-ID");
    // As the database stands when the process was killed after the server took the mail; a third notice came meanwhile.
    const past = new Date(Date.now() - 1_000).toISOString();
    await runtime.store.transaction((tx) =>
      tx.execute(
        "UPDATE notice_delivery SET state = 'waiting', sent_at = NULL, lease_owner = 'dead node', lease_until = ?",
        [past],
      ),
    );
    await tell({ params: { case: "C-3" } });
    await runtime.close();
    runtime = await openRuntime(database, settings);
    await moved("2026-12-01", "09:10");
    expect(post.mails.length).toBe(2);
    expect(MailReceiver.header(post.mails[1]!, "Message-ID")).toBe(first);
    expect(post.mails[1]?.raw).not.toContain("C-3");
  });

  it("in flight at another node is left to it until its lease ends", async () => {
    await choose();
    await tell();
    await runtime.notices.sweep();
    const later = new Date(Date.now() + 60_000).toISOString();
    await runtime.store.transaction((tx) =>
      tx.execute("UPDATE notice_delivery SET state = 'waiting', lease_owner = 'other', lease_until = ?", [later]),
    );
    expect(await runtime.notices.sweep()).toBe(0);
    expect(post.mails.length).toBe(1);
  });
});

describe("a webhook", () => {
  it("gets the signed event, and again with the same id after a failure, and follows no redirect", async () => {
    await register("webhook");
    await tell();
    hook.answer = { status: 302, body: "", headers: { location: `${hookUrl}/elsewhere` } };
    await runtime.notices.sweep();
    expect(await deliveries()).toEqual([["webhook", "waiting", 1, "HTTP_302: the answer is no success"]]);
    hook.answer = { status: 204, body: "" };
    await moved("2026-11-30", "10:05");
    expect(await deliveries()).toEqual([["webhook", "sent", 2, null]]);
    expect(hook.calls.map(({ path }) => path)).toEqual(["/webhook?key=secret", "/webhook?key=secret"]);
    const [first, second] = hook.calls;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    const signed = [first?.headers["webhook-id"], first?.headers["webhook-timestamp"], first?.body].join(".");
    expect(first?.headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", "SECabc").update(signed).digest("base64")}`,
    );
  });

  it("fails alone: mail goes out while it is down, and it is told nothing of groups that were not chosen", async () => {
    await choose();
    await register("webhook");
    hook.answer = { status: 500, body: "x".repeat(100_000) };
    await tell();
    await tell({ kind: "case.decided", params: { case: "C-9" } });
    await runtime.notices.sweep();
    expect(post.mails.length).toBe(2);
    expect((await deliveries()).filter(([channel]) => channel === "webhook")).toEqual([
      ["webhook", "waiting", 1, "HTTP_500: the answer is no success"],
    ]);
  });

  it("that leads into the own network is refused for good unless it was allowed", async () => {
    await register("webhook");
    await runtime.close();
    runtime = await openRuntime(database, noticeSettings({ JIELI_WEBHOOK_ALLOW: "10.0.0.0/8" }));
    await tell();
    await runtime.notices.sweep();
    expect(hook.calls).toEqual([]);
    expect(await deliveries()).toEqual([
      ["webhook", "dead", 1, "ADDRESS_REFUSED: 127.0.0.1 leads to an address that is not public"],
    ]);
  });

  it("carries case number, step and link alone, whatever else the announcement knows", async () => {
    await register("webhook");
    await tell({
      kind: "limit.extended",
      params: { case: "C-1", due: "2026-12-01", subject: "张三的申请", days: "5", opinion: "保密意见" },
    });
    await runtime.notices.sweep();
    expect(hook.calls[0]?.body).not.toMatch(/张三|保密/);
    expect(hook.calls[0]?.body).toContain("C-1");
  });
});

describe("group robots", () => {
  it.each(["wecom", "dingtalk"] as const)(
    "%s: tell an organisation what goes to its roles, several in one message",
    async (type) => {
      await register(type);
      const to = [{ organisation: "nm-data", role: "authority-reviewer" }];
      await tell({ to, params: { case: "C-1" } });
      await tell({ to, params: { case: "C-2" } });
      await tell({ to: [{ organisation: "gz-data", role: "authority-reviewer" }], params: { case: "C-3" } });
      await tell({ params: { case: "C-4" } });
      await runtime.notices.sweep();
      expect(hook.calls.length).toBe(1);
      expect(hook.calls[0]?.body).toMatch(/C-1.*C-2/);
      expect(hook.calls[0]?.body).not.toMatch(/C-3|C-4/);
      expect(hook.calls[0]?.path.includes("sign=")).toBe(type === "dingtalk");
    },
  );

  it("count as failed when they answer with an error code", async () => {
    await register("dingtalk");
    hook.answer = { status: 200, body: '{"errcode":310000,"errmsg":"sign not match, and more"}' };
    await tell({ to: [{ organisation: "nm-data", role: "authority-reviewer" }] });
    await runtime.notices.sweep();
    expect(await deliveries()).toEqual([
      ["dingtalk", "waiting", 1, "ROBOT_310000: the robot did not take the message"],
    ]);
  });
});

describe("the live feed", () => {
  it("tells each person of new messages once, whichever node wrote them", async () => {
    const told: string[] = [];
    runtime.live.listen((change) => {
      if (change.type === "notice") told.push(...change.persons);
    });
    const other = await openRuntime(database, settings);
    await other.store.transaction((tx) =>
      announce(tx, {
        kind: "task.arrived",
        instanceId: null,
        taskId: null,
        to: [{ person: chen }],
        params: {},
        at: other.clock.now(),
        by: null,
      }),
    );
    await runtime.notices.sweep();
    await runtime.notices.sweep();
    await other.close();
    expect(told).toEqual([chen]);
  });
});

describe("old notices", () => {
  it("are deleted with their deliveries after a year, and no sooner", async () => {
    await choose();
    await tell();
    await runtime.notices.sweep();
    expect(await purgeNotices(runtime.store, at("2027-11-30", "10:00"))).toBe(0);
    expect(await purgeNotices(runtime.store, at("2027-12-02", "10:00"))).toBe(1);
    expect([await messages(), await deliveries()]).toEqual([[], []]);
  });
});

describe("an incident", () => {
  it("is told at once to whoever repairs cases at the authorities of both sides, and to nobody else", async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="which"/><bpmn:endEvent id="end"/><bpmn:endEvent id="other"/>`,
      "start -> which; which -> end if nosuch > 3; which -> other default",
      { id: "failing" },
    );
    const id = await startTimed(runtime, xml);
    const rows = await runtime.store.read(
      `SELECT announcement.kind, notice_message.person_id FROM notice_message
       JOIN announcement ON announcement.id = notice_message.announcement_id WHERE announcement.instance_id = ?`,
      [id],
    );
    expect(new Set(rows.map((row) => row["kind"]))).toEqual(new Set(["case.incident"]));
    const managers = await runtime.store.read(
      "SELECT DISTINCT person_id FROM post WHERE role = 'manager' AND organisation_id IN ('nm-data', 'gz-data')",
    );
    expect(new Set(rows.map((row) => row["person_id"]))).toEqual(new Set(managers.map((row) => row["person_id"])));
    expect(managers.length).toBeGreaterThan(0);
  });
});
