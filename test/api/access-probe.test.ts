import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ChannelError } from "../../server/notices/channels/channel-error.ts";
import { noticeSettings } from "../../server/notices/settings.ts";
import { probeDue } from "../../server/sharing/access-probe.ts";
import { HookReceiver } from "../support/receivers.ts";
import { accepted, GrantBench, type Step } from "./grants-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let grants: GrantBench;
let service: HookReceiver;
let serviceUrl: string;
beforeAll(async () => {
  service = new HookReceiver();
  serviceUrl = await service.open();
  bench = await ApiBench.open(noticeSettings({ JIELI_WEBHOOK_ALLOW: "127.0.0.1" }));
  grants = new GrantBench(bench);
});
afterAll(async () => {
  await bench.close();
  await service.close();
});
beforeEach(async () => {
  await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM access_probe"));
  service.calls.length = 0;
  service.answer = { status: 200, body: "ok" };
});

const deliver = (healthUrl: string): Step => [
  "ma",
  "Task_Deliver",
  "delivered",
  { deliveryMode: "query", callsPerDay: 100, healthUrl },
];

async function inForce(healthUrl = `${serviceUrl}/health`): Promise<string> {
  const id = await grants.granted();
  await grants.take(id, deliver(healthUrl), accepted);
  return id;
}

const later = async (minutes: number) =>
  bench.runtime.moveClock(new Date(Date.parse(bench.runtime.clock.now()) + minutes * 60_000).toISOString());

/** Probes as often, an hour apart, with the answers that a call gives. */
async function probed(times: number, call: () => Promise<number>): Promise<void> {
  const { store, dispatcher, content } = bench.runtime;
  for (let count = 0; count < times; count += 1) {
    expect(await probeDue({ store, dispatcher, content, call })).toBe(1);
    await later(60);
  }
}

const down = () => Promise.reject(new ChannelError("UNREACHABLE", "ECONNREFUSED", true));
const up = () => Promise.resolve(204);
const toldOf = async (id: string) => {
  await bench.runtime.notices.sweep();
  const rows = await bench.runtime.store.read(
    `SELECT notice_message.person_id FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id
     WHERE announcement.instance_id = ? AND announcement.kind = 'grant.unreachable' ORDER BY person_id`,
    [id],
  );
  return rows.map((row) => row["person_id"]);
};

describe("access that was delivered under a health address", () => {
  it("is called over HTTP without anything that says who asks, once an hour, and shown on the grant", async () => {
    const id = await inForce();
    expect(await grants.grant(id)).toMatchObject({ probe: { probes: 0, lastAt: null } });
    expect(await bench.runtime.probeAccess()).toBe(1);
    expect(await bench.runtime.probeAccess()).toBe(0);
    const [call] = service.calls;
    expect([call?.path, call?.body]).toEqual(["/health", ""]);
    expect(Object.keys(call?.headers ?? {}).sort()).toEqual(["connection", "host", "user-agent"]);
    expect(await grants.grant(id)).toMatchObject({
      probe: { healthUrl: `${serviceUrl}/health`, probes: 1, failed: 0, lastStatus: 200, lastError: null },
    });
    await later(60);
    expect(await bench.runtime.probeAccess()).toBe(1);
  });

  it.each([
    ["an error", { status: 503, body: "" }, 503, "HTTP_503"],
    [
      "a redirect, which is not followed",
      { status: 302, body: "", headers: { location: "/elsewhere" } },
      302,
      "HTTP_302",
    ],
  ])("fails with %s", async (_, answer, lastStatus, error) => {
    const id = await inForce();
    service.answer = answer;
    await bench.runtime.probeAccess();
    expect(service.calls).toHaveLength(1);
    expect(await grants.grant(id)).toMatchObject({
      probe: { failed: 1, lastStatus, lastError: expect.stringContaining(error), unreachableSince: null },
    });
  });

  it.each([
    ["the server's own network, which was not allowed", "http://127.0.0.2/health", "ADDRESS_REFUSED"],
    ["cloud metadata", "http://169.254.169.254/latest/meta-data", "ADDRESS_REFUSED"],
    ["a public address without https", "http://8.8.8.8/health", "HTTPS_ONLY"],
  ])("is never a way into %s", async (_, url, error) => {
    const id = await inForce(url);
    await bench.runtime.probeAccess();
    expect(await grants.grant(id)).toMatchObject({
      probe: { failed: 1, lastStatus: null, lastError: expect.stringContaining(error) },
    });
  });

  it("counts as out of reach after three failures in a row: on the board, in the history, and both sides are told once", async () => {
    const id = await inForce();
    await probed(2, down);
    await probed(1, up);
    await probed(2, down);
    expect(await grants.list("guan", "unreachable")).not.toContain(id);
    await probed(2, down);
    expect(await grants.list("guan", "unreachable")).toContain(id);
    expect((await grants.figures("guan")).attention.unreachable).toBe(1);
    expect(await grants.grant(id)).toMatchObject({
      probe: { probes: 7, failed: 6, lastError: "UNREACHABLE: ECONNREFUSED" },
    });
    expect(await toldOf(id)).toEqual(["u-wang", "u-zhou"]);
    await probed(1, up);
    expect((await grants.figures("guan")).attention.unreachable).toBe(0);
    const told = (await grants.history(id)).filter(({ type }) => /^access\.(un)?reachable$/.test(type));
    expect(told.map(({ actor, en }) => [actor, en])).toEqual([
      ["system", "The access did not answer 3 probes in a row (UNREACHABLE: ECONNREFUSED); both sides were told"],
      ["system", "The access answers again"],
    ]);
  });

  it("is probed by one of two nodes, and not while it is suspended or after its end", async () => {
    const id = await inForce();
    const { store, dispatcher, content } = bench.runtime;
    let calls = 0;
    const call = async () => ((calls += 1), 200);
    const parts = { store, dispatcher, content, call };
    expect((await Promise.all([probeDue(parts), probeDue(parts)])).reduce((sum, made) => sum + made)).toBe(1);
    expect(calls).toBe(1);
    await later(60);
    expect((await grants.act("chen", id, "suspend", { reason: "核查使用范围" })).status).toBe(200);
    expect(await probeDue(parts)).toBe(0);
    await grants.act("wang", id, "release", { reason: "不再需要使用" });
    expect(await probeDue(parts)).toBe(0);
  });

  it("leaves a result of what is there no more, and begins anew with the next delivery", async () => {
    const id = await grants.granted();
    await grants.take(id, deliver(`${serviceUrl}/first`));
    const { store, dispatcher, content } = bench.runtime;
    const call = async () => {
      await grants.take(
        id,
        ["wang", "Task_Accept", "reject", { itemsReceived: ["tenant"], sampleChecked: true, acceptNote: "缺少地址" }],
        deliver(`${serviceUrl}/second`),
      );
      return 500;
    };
    expect(await probeDue({ store, dispatcher, content, call })).toBe(1);
    expect(await grants.grant(id)).toMatchObject({
      probe: { healthUrl: `${serviceUrl}/second`, probes: 0, failed: 0 },
    });
  });

  it("is refused where the address is none", async () => {
    const id = await grants.granted();
    const answers = await Promise.all(
      ["file:///etc/passwd", "https://user:secret@service.example/health", "nowhere"].map((url) =>
        grants.answer(id, deliver(url)),
      ),
    );
    expect(answers.map(({ status, body }) => [status, body.problems?.[0]?.place])).toEqual(
      Array.from({ length: 3 }, () => [422, "form.healthUrl"]),
    );
  });
});
