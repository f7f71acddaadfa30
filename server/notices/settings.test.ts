import { describe, expect, it } from "vitest";
import { kindOf, noticeKinds, outsideParameters } from "./kinds.ts";
import { noticeSettings } from "./settings.ts";
import { bodyOf, subjectOf } from "./texts.ts";

describe("settings of notices", () => {
  it("leave every way out shut when nothing is set", () => {
    const { publicUrl, mail, allowed } = noticeSettings({});
    expect([publicUrl, mail, allowed.rules]).toEqual([null, null, []]);
  });

  it("take addresses, ranges and a public address with a path", () => {
    const { publicUrl, mail, allowed } = noticeSettings({
      JIELI_PUBLIC_URL: "https://gov.example/jieli/",
      JIELI_SMTP_URL: "smtps://user:pass@mail.example:465",
      JIELI_MAIL_FROM: "jieli@gov.example",
      JIELI_WEBHOOK_ALLOW: "10.20.0.0/16, 192.168.1.7,fd00::/8",
    });
    expect([publicUrl, mail?.from]).toEqual(["https://gov.example/jieli", "jieli@gov.example"]);
    expect(["10.20.3.4", "192.168.1.7", "192.168.1.8"].map((address) => allowed.check(address, "ipv4"))).toEqual([
      true,
      true,
      false,
    ]);
    expect(allowed.check("fd12::1", "ipv6")).toBe(true);
  });

  it.each([
    [{ JIELI_PUBLIC_URL: "gov.example" }, "JIELI_PUBLIC_URL"],
    [{ JIELI_PUBLIC_URL: "javascript:alert(1)" }, "JIELI_PUBLIC_URL"],
    [{ JIELI_SMTP_URL: "http://u:secret@mail" }, "JIELI_SMTP_URL"],
    [{ JIELI_SMTP_URL: "smtp://u:secret@mail", JIELI_MAIL_FROM: "nobody" }, "JIELI_MAIL_FROM"],
    [{ JIELI_WEBHOOK_ALLOW: "intranet.example" }, "JIELI_WEBHOOK_ALLOW"],
    [{ JIELI_WEBHOOK_ALLOW: "10.0.0.0/33" }, "JIELI_WEBHOOK_ALLOW"],
  ])("name the one that cannot be used, and no password: %o", (environment, name) => {
    let message = "";
    try {
      noticeSettings(environment);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(name);
    expect(message).not.toContain("secret");
  });
});

describe("the kinds of notices", () => {
  const names = (template: string) => [...template.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "");

  it.each(Object.entries(noticeKinds))("let nothing out by the subject but case, step and limits: %s", (_, kind) => {
    for (const language of ["zh", "en"] as const)
      expect(names(kind.subject[language]).filter((name) => !outsideParameters.has(name))).toEqual([]);
    expect(new Set(names(kind.body.zh))).toEqual(new Set(names(kind.body.en)));
    expect(new Set(names(kind.subject.zh))).toEqual(new Set(names(kind.subject.en)));
  });

  it("fill templates once, so that a text that looks like one stays as it is, and take the reader's language", () => {
    const params = { case: "{{subject}}", subject: "S", "limit.zh": "甲", "limit.en": "A", due: "2026-12-01" };
    expect(subjectOf({ kind: "limit.breached", params }, "en")).toBe("Overdue: {{subject}} (A)");
    expect(bodyOf({ kind: "limit.breached", params }, "zh")).toBe("“S”的期限“甲”已于 2026-12-01 到期。");
  });

  it("survive a kind that a later version dropped, and names that every object has", () => {
    expect(subjectOf({ kind: "gone.kind", params: {} }, "en")).toBe("gone.kind");
    expect(kindOf("toString")).toBe(null);
    expect(kindOf("constructor")).toBe(null);
  });
});
