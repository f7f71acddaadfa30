import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { announce } from "../../server/notices/announce.ts";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { noticeSettings } from "../../server/notices/settings.ts";
import { HookReceiver } from "../support/receivers.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let hook: HookReceiver;
let hookUrl: string;
beforeAll(async () => {
  hook = new HookReceiver();
  hookUrl = await hook.open();
  bench = await ApiBench.open(noticeSettings({ JIELI_WEBHOOK_ALLOW: "127.0.0.1" }));
});
afterAll(async () => {
  await bench.close();
  await hook.close();
});

const tell = (person: string, number: string) =>
  bench.runtime.store.transaction((tx) =>
    announce(tx, {
      kind: "limit.breached",
      instanceId: null,
      taskId: null,
      to: [{ person }],
      params: {
        case: number,
        subject: "低保核验",
        "limit.zh": "答复期限",
        "limit.en": "Reply limit",
        due: "2026-12-01",
      },
      at: bench.runtime.clock.now(),
      by: null,
    }),
  );
const unread = async (account: string) => {
  await bench.runtime.notices.sweep();
  return (await (await bench.as(account)).get("/api/notices/unread")).body.unread;
};

const webhook = {
  type: "webhook",
  name: "省平台",
  organisationId: null,
  url: "https://hooks.example.gov.cn/jieli?token=t0p",
  secret: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  groups: ["cases", "limits"],
  language: "zh",
  quiet: null,
  restDaysQuiet: false,
  isActive: true,
} as const;

describe("my notices", () => {
  it("are listed with the newest first, page by page, in both languages, and are mine alone", async () => {
    for (const number of ["C-1", "C-2", "C-3"]) {
      await tell("u-ma", number);
      // What is told within one millisecond has no order among itself.
      await bench.runtime.notices.sweep();
    }
    await tell("u-yang", "C-4");
    await bench.runtime.notices.sweep();
    const ma = await bench.as("ma");
    const first = (await ma.get("/api/notices?limit=2")).body;
    const second = (await ma.get(`/api/notices?limit=2&cursor=${first.nextCursor}`)).body;
    const items = [...first.items, ...second.items] as PersonalNotice[];
    expect(items.map(({ subject }) => subject.en)).toEqual([
      "Overdue: C-3 (Reply limit)",
      "Overdue: C-2 (Reply limit)",
      "Overdue: C-1 (Reply limit)",
    ]);
    expect(items[0]?.body.zh).toBe("“低保核验”的期限“答复期限”已于 2026-12-01 到期。");
    expect(second.nextCursor).toBe(null);
    expect(await unread("ma")).toBe(3);
    expect(await unread("yang")).toBe(1);
  });

  it("are marked as read one by one and all together, never by others", async () => {
    const ma = await bench.as("ma");
    const [newest] = (await ma.get("/api/notices")).body.items as PersonalNotice[];
    expect((await (await bench.as("yang")).post(`/api/notices/${newest?.id}/read`, {})).status).toBe(404);
    expect((await ma.post(`/api/notices/${newest?.id}/read`, {})).status).toBe(204);
    expect(await unread("ma")).toBe(2);
    expect((await ma.get("/api/notices?unread=true")).body.items.length).toBe(2);
    const until = bench.runtime.clock.now();
    expect((await ma.post("/api/notices/read-all", { until })).status).toBe(204);
    expect([await unread("ma"), await unread("yang")]).toEqual([0, 1]);
  });

  it("call to a task only while it is open", async () => {
    const { instanceId } = await bench.apply();
    const before = await unread("chen");
    const signOff = await bench.task("liu", instanceId, "Task_SignOff");
    await (
      await bench.as("liu")
    ).post(`/api/tasks/${signOff.id}/complete`, { outcome: "approve", form: {}, rev: signOff.rev });
    expect(await unread("chen")).toBe(before + 1);
    expect(await unread("liu")).toBe(0);
    const liu = await bench.as("liu");
    // The list of what is unread holds what is counted, and nothing else.
    expect((await liu.get("/api/notices?unread=true")).body.items).toEqual([]);
    const [told] = (await liu.get("/api/notices")).body.items as PersonalNotice[];
    expect(told).toMatchObject({
      kind: "task.arrived",
      isOvertaken: true,
      isRead: false,
      path: `/tasks/${signOff.id}`,
    });
  });
});

describe("what a person chooses", () => {
  it("begins with a quiet night, and is kept as a whole", async () => {
    const yang = await bench.as("yang");
    const preset = (await yang.get("/api/notices/preferences")).body;
    expect(preset).toMatchObject({
      mail: null,
      quiet: { from: "20:00", to: "08:00" },
      restDaysQuiet: true,
      hasMail: false,
    });
    const chosen = {
      language: "en",
      mail: "yang@example.gov.cn",
      quiet: null,
      restDaysQuiet: false,
      digestAt: "08:30",
      choices: { limits: ["mail"], talk: [] },
    };
    expect((await yang.put("/api/notices/preferences", chosen)).body).toMatchObject(chosen);
    expect((await yang.get("/api/notices/preferences")).body).toMatchObject(chosen);
    // The group is not wanted in the product: it stands in the list and is not counted.
    expect(await unread("yang")).toBe(0);
    expect((await yang.get("/api/notices")).body.items.length).toBe(1);
  });

  it.each([
    ["an address with a line end", { mail: "a@b.cn\r\nBcc: c@d.cn" }],
    ["two addresses", { mail: "a@b.cn,c@d.cn" }],
    ["a time that is none", { digestAt: "25:00" }],
    ["half a quiet time", { quiet: { from: "20:00" } }],
    ["a group that is none", { choices: { secrets: ["mail"] } }],
    ["a channel that is none", { choices: { limits: ["pigeon"] } }],
    ["more than was asked", { personId: "u-wang" }],
  ])("is refused with %s", async (_, change) => {
    const body = {
      language: "zh",
      mail: null,
      quiet: null,
      restDaysQuiet: false,
      digestAt: null,
      choices: {},
      ...change,
    };
    expect((await (await bench.as("yang")).put("/api/notices/preferences", body)).status).toBe(422);
  });
});

describe("webhooks, robots and the delivery log", () => {
  it("are for the system administrator alone", async () => {
    const chen = await bench.as("chen");
    const answers = [
      await chen.get("/api/notice-endpoints"),
      await chen.post("/api/notice-endpoints", webhook),
      await chen.get("/api/notice-deliveries"),
      await chen.post("/api/notice-deliveries/x/retry", {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it("never tell an address' key or a secret again, and keep both when they are not given anew", async () => {
    const admin = await bench.as("admin");
    const made = await admin.post("/api/notice-endpoints", webhook);
    expect(made.status, made.text).toBe(201);
    const { type, ...changes } = { ...webhook, name: "省平台二", url: null, secret: null };
    const changed = await admin.put(`/api/notice-endpoints/${made.body.id}`, changes);
    const listed = await admin.get("/api/notice-endpoints");
    for (const answer of [made, changed, listed]) expect(answer.text).not.toMatch(/t0p|whsec_/);
    expect(listed.body.items[0]).toMatchObject({
      name: "省平台二",
      type,
      address: "https://hooks.example.gov.cn/jieli",
      hasSecret: true,
    });
    expect(listed.body.mail).toEqual({ isConfigured: false, from: null });
    const [row] = await bench.runtime.store.read("SELECT url, secret FROM notice_endpoint WHERE id = ?", [
      made.body.id,
    ]);
    expect(row).toEqual({ url: webhook.url, secret: webhook.secret });
    expect((await admin.remove(`/api/notice-endpoints/${made.body.id}`)).status).toBe(204);
  });

  it.each([
    ["a weak secret", { secret: "whsec_c2hvcnQ=" }],
    ["a secret that is none", { secret: "password" }],
    ["an organisation for a webhook", { organisationId: "nm-data" }],
    ["no organisation for a robot", { type: "wecom", secret: "" }],
    ["an organisation that is none", { type: "dingtalk", secret: "", organisationId: "nobody" }],
    ["an address that is no http", { url: "file:///etc/passwd" }],
    ["no groups", { groups: [] }],
  ])("are refused with %s", async (_, change) => {
    const answer = await (await bench.as("admin")).post("/api/notice-endpoints", { ...webhook, ...change });
    expect(answer.status, answer.text).toBe(422);
  });

  it("show what failed, why, and try it again when asked", async () => {
    const admin = await bench.as("admin");
    await bench.runtime.notices.sweep();
    const made = (await admin.post("/api/notice-endpoints", { ...webhook, url: `${hookUrl}/gone` })).body;
    hook.answer = { status: 410, body: "" };
    expect((await admin.post(`/api/notice-endpoints/${made.id}/test`, {})).body).toEqual({
      isTaken: false,
      error: "HTTP_410: the answer is no success",
    });
    await tell("u-zhang", "C-9");
    await bench.runtime.notices.sweep();
    const dead = (await admin.get("/api/notice-deliveries?state=dead&channel=webhook")).body.items;
    expect(dead).toMatchObject([
      { attempts: 1, lastError: "HTTP_410: the answer is no success", endpoint: { id: made.id } },
    ]);
    hook.answer = { status: 200, body: "" };
    expect((await admin.post(`/api/notice-deliveries/${dead[0].id}/retry`, {})).status).toBe(204);
    expect((await admin.post(`/api/notice-deliveries/${dead[0].id}/retry`, {})).body.code).toBe("DELIVERY_NOT_DEAD");
    await bench.runtime.notices.sweep();
    expect((await admin.get("/api/notice-deliveries?state=sent")).body.items).toMatchObject([{ id: dead[0].id }]);
    expect((await admin.post(`/api/notice-endpoints/${made.id}/test`, {})).body.isTaken).toBe(true);
  });
});

describe("the event stream", () => {
  it("tells a person of their own notices and of nobody else's", async () => {
    const address = bench.server.address();
    if (typeof address !== "object" || address === null) throw new Error("no address");
    const listen = async (account: string) => {
      const { cookie } = await bench.as(account);
      const abort = new AbortController();
      const answer = await fetch(`http://127.0.0.1:${address.port}/api/events`, {
        headers: { cookie },
        signal: abort.signal,
      });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      return { reader, abort };
    };
    const [zhang, wu] = [await listen("zhang"), await listen("wu")];
    await zhang.reader?.read();
    await wu.reader?.read();
    await tell("u-zhang", "C-10");
    await tell("u-wu", "C-11");
    await bench.runtime.notices.sweep();
    const heard = [(await zhang.reader?.read())?.value ?? "", (await wu.reader?.read())?.value ?? ""];
    for (const told of heard) expect(told.match(/"type":"notice"/g)?.length).toBe(1);
    expect(heard.join("")).not.toMatch(/u-zhang|u-wu|C-1/);
    zhang.abort.abort();
    wu.abort.abort();
  });
});
