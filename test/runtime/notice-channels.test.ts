import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noticeSettings } from "../../server/notices/settings.ts";
import { MailReceiver } from "../support/receivers.ts";
import { allow, NoticeBench } from "./notice-bench.ts";
import { openRuntime, text } from "./support.ts";

let bench: NoticeBench;
beforeEach(async () => {
  bench = await NoticeBench.open();
});
afterEach(() => bench.close());

describe("mail", () => {
  it("goes out in the person's language with a stable id, and once", async () => {
    await bench.choose();
    await bench.tell();
    expect(await bench.runtime.notices.sweep()).toBe(1);
    expect(await bench.runtime.notices.sweep()).toBe(0);
    const [mail] = bench.post.mails;
    expect(mail?.to).toEqual(["chen@example.gov.cn"]);
    expect(MailReceiver.header(mail!, "Subject")).toBe("[Jieli] Overdue: DS03-1 (Reply limit)");
    expect(MailReceiver.header(mail!, "Auto-Submitted")).toBe("auto-generated");
    const [row] = await bench.runtime.store.read("SELECT batch_id FROM notice_delivery");
    expect(MailReceiver.header(mail!, "Message-ID")).toBe(`<${text(row, "batch_id")}@example.gov.cn>`);
  });

  it("never begins a header of its own, whatever the parameters hold", async () => {
    await bench.choose();
    await bench.tell({ params: { case: "C-1\r\nBcc: all@example.gov.cn", "limit.en": "x\u2028y" } });
    await bench.runtime.notices.sweep();
    expect(MailReceiver.header(bench.post.mails[0]!, "Bcc")).toBe("");
    expect(bench.post.mails[0]?.to).toEqual(["chen@example.gov.cn"]);
    expect(MailReceiver.header(bench.post.mails[0]!, "Subject")).toBe(
      "[Jieli] Overdue: C-1 Bcc: all@example.gov.cn (x y)",
    );
  });

  it("is not planned without a mail server, an address, or the person's choice", async () => {
    await bench.tell();
    await bench.choose({ choices: '{"limits":["product"]}' });
    await bench.tell({ params: { case: "C-2" } });
    await bench.runtime.notices.sweep();
    const without = await openRuntime(bench.database, noticeSettings(allow));
    await bench.runtime.store.transaction((tx) => tx.execute("UPDATE notice_preference SET choices = '{}'"));
    await bench.tell({ params: { case: "C-3" } });
    await without.notices.sweep();
    await without.close();
    expect(await bench.deliveries()).toEqual([]);
    expect((await bench.messages()).length).toBe(3);
  });

  it("waits for the end of the night and of rest days, and then comes as one; what is urgent does not wait", async () => {
    await bench.choose();
    // Friday evening; Monday is a working day.
    await bench.moved("2026-12-04", "21:00");
    await bench.tell({ params: { case: "C-1" } });
    await bench.moved("2026-12-05", "10:00");
    await bench.tell({ params: { case: "C-2" } });
    await bench.tell({ kind: "case.incident", params: { case: "C-3" } });
    await bench.moved("2026-12-07", "07:59");
    expect(bench.post.mails.map((mail) => MailReceiver.header(mail, "Subject"))).toEqual([
      "[Jieli] A case stopped at an error: C-3",
    ]);
    await bench.moved("2026-12-07", "08:00");
    expect(MailReceiver.header(bench.post.mails[1]!, "Subject")).toBe("[Jieli] 2 notices");
    expect(bench.post.mails.length).toBe(2);
  });

  it("comes once a day with everything for whoever wants it so", async () => {
    await bench.choose({ digest_at: "09:00" });
    for (const number of [1, 2, 3]) await bench.tell({ params: { case: `C-${number}` } });
    await bench.moved("2026-12-01", "08:59");
    expect(bench.post.mails.length).toBe(0);
    await bench.moved("2026-12-01", "09:00");
    expect(bench.post.mails.length).toBe(1);
    expect(bench.post.mails[0]?.raw).toMatch(/C-1[\s\S]*C-2[\s\S]*C-3/);
  });

  it("tells what happened within one millisecond in the order in which it happened", async () => {
    await bench.choose({ digest_at: "09:00" });
    const { time } = bench.runtime.store;
    const still = vi.spyOn(time, "ms").mockReturnValue(time.ms());
    for (let number = 1; number <= 6; number += 1) await bench.tell({ params: { case: `C-${number}` } });
    still.mockRestore();
    await bench.moved("2026-12-01", "09:00");
    expect(bench.post.mails[0]?.raw).toMatch(/C-1[\s\S]*C-2[\s\S]*C-3[\s\S]*C-4[\s\S]*C-5[\s\S]*C-6/);
  });

  it("is tried again with growing waits, is the very same mail then, and is dead after nine attempts", async () => {
    await bench.choose({ quiet_from: null, quiet_to: null, rest_days_quiet: 0 });
    await bench.tell();
    bench.post.answer = () => 451;
    await bench.runtime.notices.sweep();
    expect(await bench.deliveries()).toEqual([["mail", "waiting", 1, "SMTP_451: the mail was not taken"]]);
    await bench.runtime.notices.sweep();
    expect((await bench.deliveries())[0]?.[2]).toBe(1);
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
      await bench.moved(date, time);
    expect(await bench.deliveries()).toEqual([["mail", "dead", 9, "SMTP_451: the mail was not taken"]]);
    await bench.moved("2026-12-09", "00:00");
    expect((await bench.deliveries())[0]?.[2]).toBe(9);
  });

  it("is dead at once where the server refuses it for good", async () => {
    await bench.choose();
    await bench.tell();
    bench.post.answer = () => 550;
    await bench.runtime.notices.sweep();
    expect(await bench.deliveries()).toEqual([["mail", "dead", 1, "SMTP_550: the mail was not taken"]]);
  });

  it("that was sent when the node died before it could mark it goes out again with the same id", async () => {
    await bench.choose({ digest_at: "09:00" });
    await bench.tell({ params: { case: "C-1" } });
    await bench.tell({ params: { case: "C-2" } });
    await bench.moved("2026-12-01", "09:00");
    const first = MailReceiver.header(bench.post.mails[0]!, "Message-ID");
    // As the database stands when the process was killed after the server took the mail; a third notice came meanwhile.
    const past = new Date(Date.now() - 1_000).toISOString();
    await bench.runtime.store.transaction((tx) =>
      tx.execute(
        "UPDATE notice_delivery SET state = 'waiting', sent_at = NULL, lease_owner = 'dead node', lease_until = ?",
        [past],
      ),
    );
    await bench.tell({ params: { case: "C-3" } });
    await bench.runtime.close();
    bench.runtime = await openRuntime(bench.database, bench.settings);
    await bench.moved("2026-12-01", "09:10");
    expect(bench.post.mails.length).toBe(2);
    expect(MailReceiver.header(bench.post.mails[1]!, "Message-ID")).toBe(first);
    expect(bench.post.mails[1]?.raw).not.toContain("C-3");
  });

  it("in flight at another node is left to it until its lease ends", async () => {
    await bench.choose();
    await bench.tell();
    await bench.runtime.notices.sweep();
    const later = new Date(Date.now() + 60_000).toISOString();
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE notice_delivery SET state = 'waiting', lease_owner = 'other', lease_until = ?", [later]),
    );
    expect(await bench.runtime.notices.sweep()).toBe(0);
    expect(bench.post.mails.length).toBe(1);
  });
});

describe("a webhook", () => {
  it("gets the signed event, and again with the same id after a failure, and follows no redirect", async () => {
    await bench.register("webhook");
    await bench.tell();
    bench.hook.answer = { status: 302, body: "", headers: { location: `${bench.hookUrl}/elsewhere` } };
    await bench.runtime.notices.sweep();
    expect(await bench.deliveries()).toEqual([["webhook", "waiting", 1, "HTTP_302: the answer is no success"]]);
    bench.hook.answer = { status: 204, body: "" };
    await bench.moved("2026-11-30", "10:05");
    expect(await bench.deliveries()).toEqual([["webhook", "sent", 2, null]]);
    expect(bench.hook.calls.map(({ path }) => path)).toEqual(["/webhook?key=secret", "/webhook?key=secret"]);
    const [first, second] = bench.hook.calls;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    const signed = [first?.headers["webhook-id"], first?.headers["webhook-timestamp"], first?.body].join(".");
    expect(first?.headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", "SECabc").update(signed).digest("base64")}`,
    );
  });

  it("fails alone: mail goes out while it is down, and it is told nothing of groups that were not chosen", async () => {
    await bench.choose();
    await bench.register("webhook");
    bench.hook.answer = { status: 500, body: "x".repeat(100_000) };
    await bench.tell();
    await bench.tell({ kind: "case.decided", params: { case: "C-9" } });
    await bench.runtime.notices.sweep();
    expect(bench.post.mails.length).toBe(2);
    expect((await bench.deliveries()).filter(([channel]) => channel === "webhook")).toEqual([
      ["webhook", "waiting", 1, "HTTP_500: the answer is no success"],
    ]);
  });

  it("that leads into the own network is refused for good unless it was allowed", async () => {
    await bench.register("webhook");
    await bench.runtime.close();
    bench.runtime = await openRuntime(bench.database, noticeSettings({ JIELI_WEBHOOK_ALLOW: "10.0.0.0/8" }));
    await bench.tell();
    await bench.runtime.notices.sweep();
    expect(bench.hook.calls).toEqual([]);
    expect(await bench.deliveries()).toEqual([
      ["webhook", "dead", 1, "ADDRESS_REFUSED: 127.0.0.1 leads to an address that is not public"],
    ]);
  });

  it("carries case number, step and link alone, whatever else the announcement knows", async () => {
    await bench.register("webhook");
    await bench.tell({
      kind: "limit.extended",
      params: { case: "C-1", due: "2026-12-01", subject: "张三的申请", days: "5", opinion: "保密意见" },
    });
    await bench.runtime.notices.sweep();
    expect(bench.hook.calls[0]?.body).not.toMatch(/张三|保密/);
    expect(bench.hook.calls[0]?.body).toContain("C-1");
  });
});

describe("group robots", () => {
  it.each(["wecom", "dingtalk"] as const)(
    "%s: tell an organisation what goes to its roles, several in one message",
    async (type) => {
      await bench.register(type);
      const to = [{ organisation: "nm-data", role: "authority-reviewer" }];
      await bench.tell({ to, params: { case: "C-1" } });
      await bench.tell({ to, params: { case: "C-2" } });
      await bench.tell({ to: [{ organisation: "gz-data", role: "authority-reviewer" }], params: { case: "C-3" } });
      await bench.tell({ params: { case: "C-4" } });
      await bench.runtime.notices.sweep();
      expect(bench.hook.calls.length).toBe(1);
      // Told at one moment, they have no order among themselves.
      for (const told of ["C-1", "C-2"]) expect(bench.hook.calls[0]?.body).toContain(told);
      expect(bench.hook.calls[0]?.body).not.toMatch(/C-3|C-4/);
      expect(bench.hook.calls[0]?.path.includes("sign=")).toBe(type === "dingtalk");
    },
  );

  it("count as failed when they answer with an error code", async () => {
    await bench.register("dingtalk");
    bench.hook.answer = { status: 200, body: '{"errcode":310000,"errmsg":"sign not match, and more"}' };
    await bench.tell({ to: [{ organisation: "nm-data", role: "authority-reviewer" }] });
    await bench.runtime.notices.sweep();
    expect(await bench.deliveries()).toEqual([
      ["dingtalk", "waiting", 1, "ROBOT_310000: the robot did not take the message"],
    ]);
  });
});
