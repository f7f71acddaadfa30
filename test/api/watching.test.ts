import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonalNotice } from "../../server/api/notices/notices.schema.ts";
import { openSituation, people, type OpenSituation } from "../operations/situations.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const post = async (account: string, path: string, body: object = {}) => (await bench.as(account)).post(path, body);

/** Oversees the provider's region and has no task in the case. */
const [, watcher] = people.overseers;

async function watched(): Promise<OpenSituation> {
  const at = await openSituation(bench, "single");
  expect((await watch(at, true)).status).toBeLessThan(300);
  return at;
}

const watch = (at: OpenSituation, on: boolean) =>
  post(watcher, `/api/instances/${at.instanceId}/watch`, { watching: on });

async function complete({ account, ...at }: OpenSituation, outcome = "approve") {
  const { id, rev } = await at.task();
  const answer = await post(account, `/api/tasks/${id}/complete`, {
    outcome,
    form: {},
    rev,
    opinion: "同意，依据充分。",
  });
  expect(answer.status, answer.text).toBe(200);
}

/** Subjects in English of the milestones of this case, the oldest first. */
async function heard({ instanceId }: OpenSituation, account: string = watcher): Promise<readonly string[]> {
  await bench.runtime.notices.sweep();
  const { items } = (await (await bench.as(account)).get("/api/notices?limit=100")).body as { items: PersonalNotice[] };
  return items
    .filter(({ kind, path }) => kind === "case.milestone" && path === `/cases/${instanceId}`)
    .map(({ subject }) => subject.en.replace(/^Watched case \S+: /, ""))
    .reverse();
}

describe("whoever watches a case", () => {
  it("hears of the steps that are decided and of the end, in both languages, and of nothing that was filled in", async () => {
    const at = await watched();
    await complete(at);
    expect(await heard(at)).toEqual(["step decided work"]);
    const settle = await bench.task(people.head, at.instanceId, "settle");
    await post(people.head, `/api/tasks/${settle.id}/complete`, {
      outcome: "approve",
      form: {},
      rev: settle.rev,
      opinion: "意见机密甲",
    });
    expect(await heard(at)).toEqual(["step decided work", "step decided settle", "closed"]);
    const { text } = await (await bench.as(watcher)).get("/api/notices?limit=100");
    expect(text).toContain("关注的事项");
    expect(text).not.toContain("意见机密甲");
  });

  it("hears of a suspension and of its end", async () => {
    const at = await watched();
    const overseer = people.overseers[0];
    const suspended = await post(overseer, `/api/instances/${at.instanceId}/suspend`, {
      reason: "等待上级答复",
      cause: "consultation",
    });
    expect(suspended.status, suspended.text).toBeLessThan(300);
    expect(
      (await post(overseer, `/api/instances/${at.instanceId}/resume`, { reason: "已答复，恢复办理" })).status,
    ).toBeLessThan(300);
    expect(await heard(at)).toEqual(["suspended", "resumed"]);
  });

  it("hears of a return and of a limit that is breached", async () => {
    const at = await watched();
    const { id, rev } = await at.task();
    const returned = await post(at.account, `/api/tasks/${id}/return`, {
      rev,
      to: "previous",
      afterwards: "walkAgain",
      reason: "请补充审查意见",
      defects: [{ place: "意见", what: "缺少审查意见", basis: "办事指南第三条" }],
    });
    expect(returned.status, returned.text).toBe(200);
    expect(await heard(at)).toEqual(["returned review"]);
    await bench.runtime.moveClock("2027-01-04T02:00:00.000Z");
    expect((await heard(at)).some((subject) => subject.startsWith("overdue"))).toBe(true);
  });

  it("hears nothing of what they did themselves, after they stopped watching, or when they may no longer see the case", async () => {
    const own = await watched();
    expect((await post(own.account, `/api/instances/${own.instanceId}/watch`, { watching: true })).status).toBeLessThan(
      300,
    );
    await complete(own);
    expect(await heard(own, own.account)).toEqual([]);
    const left = await watched();
    expect((await watch(left, false)).status).toBeLessThan(300);
    await complete(left);
    expect(await heard(left)).toEqual([]);
    const barred = await watched();
    const posts = await bench.runtime.store.read("SELECT * FROM post WHERE person_id = ?", [`u-${watcher}`]);
    await bench.runtime.store.transaction((tx) => tx.execute("DELETE FROM post WHERE person_id = ?", [`u-${watcher}`]));
    await complete(barred);
    expect(await heard(barred)).toEqual([]);
    await bench.runtime.store.transaction((tx) => tx.insertAll("post", posts as Record<string, string>[]));
  });

  it("chooses each kind by itself, before its group", async () => {
    const at = await watched();
    const mine = await bench.as(watcher);
    const unread = async () => {
      await bench.runtime.notices.sweep();
      return (await mine.get("/api/notices/unread")).body.unread as number;
    };
    const choose = async (choices: object) => {
      const body = { language: "zh", mail: null, quiet: null, restDaysQuiet: false, digestAt: null, choices };
      const answer = await mine.put("/api/notices/preferences", body);
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    };
    await complete(at);
    const before = await unread();
    const { groups } = await choose({ "case.milestone": [] });
    expect(await unread()).toBeLessThan(before);
    await choose({ watching: [], "case.milestone": ["product"] });
    expect(await unread()).toBe(before);
    const kinds = groups.flatMap((group: { kinds: string[] }) => group.kinds);
    for (const kind of kinds) expect((await choose({ [kind]: ["mail"] })).choices).toEqual({ [kind]: ["mail"] });
  });
});
