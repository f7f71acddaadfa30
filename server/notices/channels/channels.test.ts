import { createHmac } from "node:crypto";
import { BlockList } from "node:net";
import { describe, expect, it } from "vitest";
import type { OutgoingNotice } from "../outgoing.ts";
import { admittedAddress, isPublic } from "./address-guard.ts";
import { dingtalkAddress, dingtalkBody } from "./dingtalk.ts";
import { composed } from "./mail.ts";
import { requireTaken } from "./robot-answer.ts";
import { newWebhookSecret, signedEvent } from "./webhook.ts";
import { wecomBody } from "./wecom.ts";

const notice: OutgoingNotice = {
  announcementId: "a1",
  kind: "task.arrived",
  group: "tasks",
  at: "2026-11-24T02:03:04.000Z",
  caseNumber: "DS03-2026-0001",
  step: { zh: "审核", en: "Examine" },
  subject: { zh: "新待办：DS03-2026-0001 审核", en: "New task: Examine, DS03-2026-0001" },
  link: "https://jieli.example/tasks/t1",
};
const mail = { id: "b1", to: "chen@example.gov.cn", publicUrl: "https://jieli.example", notices: [notice] };
const hostile = `<img src=x onerror=alert(1)> [x](http://evil) <@all> "'&`;
const withHostile = { ...notice, subject: { zh: hostile, en: hostile } };

describe("a mail", () => {
  it("is told in the reader's language, as text and HTML, with a stable id and the headers of an automatic message", () => {
    const { subject, messageId, headers, text, html } = composed({ ...mail, language: "en" }, "jieli@example.gov.cn");
    expect([subject, messageId]).toEqual(["[Jieli] New task: Examine, DS03-2026-0001", "<b1@example.gov.cn>"]);
    expect(headers).toEqual({
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "List-Id": "Jieli notices <notices.example.gov.cn>",
      "List-Unsubscribe": "<https://jieli.example/notices/settings>",
    });
    expect(text).toContain("2026-11-24 10:03  New task: Examine, DS03-2026-0001\n  https://jieli.example/tasks/t1");
    expect(html).toContain('<html lang="en">');
    expect(composed({ ...mail, language: "zh" }, "jieli@example.gov.cn").html).toContain('<html lang="zh-CN">');
  });

  it("counts what it holds when it holds several, and goes without links where no public address is set", () => {
    const { subject, text, headers } = composed(
      { ...mail, language: "zh", notices: [notice, { ...notice, link: null }], publicUrl: null },
      "jieli@example.gov.cn",
    );
    expect(subject).toBe("[Jieli] 2 条通知");
    expect(text).not.toContain("通知设置”里");
    expect(headers).not.toHaveProperty("List-Unsubscribe");
  });

  it("escapes what people wrote", () => {
    const { html } = composed({ ...mail, language: "zh", notices: [withHostile] }, "jieli@example.gov.cn");
    expect(html).not.toContain("<img");
    expect(html).toContain("&#60;img src=x onerror=alert(1)&#62;");
  });
});

describe("a webhook", () => {
  it("carries a structured CloudEvent whose signature a receiver can check as Standard Webhooks says", () => {
    const secret = newWebhookSecret();
    const { body, headers } = signedEvent(notice, {
      secret,
      source: "https://jieli.example",
      timestamp: 1_764_000_000,
    });
    expect(JSON.parse(body)).toEqual({
      specversion: "1.0",
      id: "a1",
      source: "https://jieli.example",
      type: "jieli.task.arrived",
      time: "2026-11-24T02:03:04.000Z",
      subject: "DS03-2026-0001",
      datacontenttype: "application/json",
      data: { caseNumber: "DS03-2026-0001", step: notice.step, text: notice.subject, link: notice.link },
    });
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const expected = createHmac("sha256", key).update(`a1.1764000000.${body}`).digest("base64");
    expect(headers).toMatchObject({
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": "a1",
      "webhook-timestamp": "1764000000",
      "webhook-signature": `v1,${expected}`,
    });
    expect(key.length).toBe(24);
  });

  it("signs as in the example of the Standard Webhooks text", () => {
    // Secret, id, timestamp and signature of the reference libraries' own test.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const key = Buffer.from(secret.slice(6), "base64");
    const content = `${id}.1614265330.{"test": 2432232314}`;
    expect(createHmac("sha256", key).update(content).digest("base64")).toBe(
      "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
    const { body, headers } = signedEvent(
      { ...notice, announcementId: id },
      { secret, source: "s", timestamp: 1_614_265_330 },
    );
    expect(headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", key).update(`${id}.1614265330.${body}`).digest("base64")}`,
    );
  });
});

describe("group robots", () => {
  it("are called with DingTalk's signature of time and secret", () => {
    const url = new URL(
      dingtalkAddress("https://oapi.dingtalk.com/robot/send?access_token=x", "SECabc", 1_764_000_000_000),
    );
    expect(url.searchParams.get("timestamp")).toBe("1764000000000");
    expect(url.searchParams.get("sign")).toBe(
      createHmac("sha256", "SECabc").update("1764000000000\nSECabc").digest("base64"),
    );
    // The base64 signs + / = must be escaped in the query.
    expect(url.search.split("sign=")[1]).toMatch(/^[\w%.-]+$/);
    expect(dingtalkAddress("https://oapi.dingtalk.com/robot/send?access_token=x", "", 1)).not.toContain("sign");
  });

  it.each([
    ["WeCom", wecomBody, 4_096, (body: { markdown: { content: string } }) => body.markdown.content],
    ["DingTalk", dingtalkBody, 20_000, (body: { markdown: { text: string } }) => body.markdown.text],
  ] as const)("of %s get one message within its limit, however many notices wait", (_, build, limit, contentOf) => {
    const many = Array.from({ length: 600 }, () => notice);
    const body = build(many, "zh");
    const content = contentOf(JSON.parse(body));
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(limit);
    const listed = content.split("\n").filter((line) => line.startsWith("- ")).length;
    expect(listed).toBeGreaterThan(20);
    expect(content).toContain(`另有 ${600 - listed} 条通知`);
  });

  it("are sent nothing that mentions people, links elsewhere or formats", () => {
    const { content } = JSON.parse(wecomBody([withHostile], "en")).markdown as { content: string };
    expect(content).not.toMatch(/<|\]\(http:\/\/evil|@/);
  });

  it.each([
    ['{"errcode":0,"errmsg":"ok"}', null],
    ['{"errcode":310000,"errmsg":"sign not match"}', "ROBOT_310000"],
    ["<html>", "ROBOT_ANSWER"],
  ])("have taken a message when they answer so: %s", (answer, code) => {
    let found: unknown = null;
    try {
      requireTaken(answer);
    } catch (error) {
      found = error;
    }
    expect(found === null ? null : (found as { code: string }).code).toBe(code);
  });
});

describe("the address guard", () => {
  it.each([
    ["127.0.0.1", 4, false],
    ["10.1.2.3", 4, false],
    ["172.31.255.255", 4, false],
    ["172.32.0.1", 4, true],
    ["192.168.1.1", 4, false],
    ["169.254.169.254", 4, false],
    ["100.64.0.1", 4, false],
    ["0.0.0.0", 4, false],
    ["224.0.0.1", 4, false],
    ["255.255.255.255", 4, false],
    ["8.8.8.8", 4, true],
    ["::1", 6, false],
    ["::", 6, false],
    ["fd00::1", 6, false],
    ["fe80::1", 6, false],
    ["::ffff:10.0.0.1", 6, false],
    ["64:ff9b::a00:1", 6, false],
    ["2002:a00:1::", 6, false],
    ["2001:db8::1", 6, false],
    ["2400:3200::1", 6, true],
  ] as const)("holds %s to be public: %s %s", (address, family, expected) => {
    expect(isPublic({ address, family })).toBe(expected);
  });

  it.each(["127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "localhost"])(
    "sees through ways to write one's own machine: %s",
    async (host) => {
      const { hostname } = new URL(`http://${host}/`);
      await expect(admittedAddress(hostname, new BlockList())).rejects.toMatchObject({
        code: "ADDRESS_REFUSED",
        passes: false,
      });
    },
  );

  it("lets through what the operator allowed", async () => {
    const allowed = new BlockList();
    allowed.addSubnet("127.0.0.0", 8, "ipv4");
    expect(await admittedAddress("127.0.0.1", allowed)).toEqual({ address: "127.0.0.1", family: 4 });
    await expect(admittedAddress("10.0.0.1", allowed)).rejects.toMatchObject({ code: "ADDRESS_REFUSED" });
  });
});
