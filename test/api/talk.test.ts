import request from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBeenOpened } from "../../server/talk/readings.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

const get = async (account: string, path: string) => (await bench.as(account)).get(path);
const post = async (account: string, path: string, body: object) => (await bench.as(account)).post(path, body);
const later = async (minutes: number) =>
  bench.runtime.moveClock(new Date(Date.parse(bench.runtime.clock.now()) + minutes * 60_000).toISOString());
const historyOf = async (account: string, id: string) =>
  JSON.stringify((await get(account, `/api/instances/${id}`)).body.history);
const noticesOf = async (person: string) => {
  await bench.runtime.notices.sweep();
  return (
    await bench.runtime.store.read(
      "SELECT announcement.kind FROM notice_message JOIN announcement ON announcement.id = notice_message.announcement_id WHERE notice_message.person_id = ? ORDER BY notice_message.id",
      [person],
    )
  ).map((row) => row["kind"]);
};

/** A case that the applicant's head has signed, so that the authority takes part. */
async function atAuthority(): Promise<string> {
  const { instanceId } = await bench.apply();
  const task = await bench.task("liu", instanceId, "Task_SignOff");
  const signed = await post("liu", `/api/tasks/${task.id}/complete`, {
    outcome: "approve",
    opinion: "同意",
    form: {},
    rev: task.rev,
  });
  expect(signed.status, signed.text).toBe(200);
  return instanceId;
}

describe("comments", () => {
  it("are read by both sides, or by one's own side alone", async () => {
    const id = await atAuthority();
    await post("wang", `/api/instances/${id}/comments`, { body: "我们急用", audience: "internal" });
    await post("chen", `/api/instances/${id}/comments`, { body: "材料有疑点", audience: "internal" });
    await post("chen", `/api/instances/${id}/comments`, { body: "请关注进度", audience: "all" });
    const read = async (account: string) =>
      (await get(account, `/api/instances/${id}/comments`)).body.items.map(({ body }: { body: string }) => body);
    expect(await read("liu")).toEqual(["我们急用", "请关注进度"]);
    expect(await read("chen")).toEqual(["材料有疑点", "请关注进度"]);
    expect((await get("lin", `/api/instances/${id}/comments`)).status).toBe(404);
    expect((await post("luo", `/api/instances/${id}/comments`, { body: "x", audience: "all" })).status).toBe(404);
    const history = await historyOf("wang", id);
    expect(history).toContain("发表内部评论");
    expect(history).not.toContain("材料有疑点");
  });

  it("come back as they were typed, and are data wherever they are shown", async () => {
    const id = await atAuthority();
    const body = "<img src=x onerror=alert(1)> {{case}} ${1}";
    const said = await post("wang", `/api/instances/${id}/comments`, { body, audience: "all" });
    expect(said.body.items[0].body).toBe(body);
  });

  it("call people who can read them, make them watchers, and refuse to call others", async () => {
    const id = await atAuthority();
    const people = (await get("wang", `/api/instances/${id}/mentionable?audience=internal`)).body.items.map(
      ({ id: person }: { id: string }) => person,
    );
    expect(people).toContain("u-liu");
    expect(people).not.toContain("u-chen");
    const refused = await post("wang", `/api/instances/${id}/comments`, {
      body: "@陈静",
      audience: "internal",
      mentions: ["u-chen"],
    });
    expect([refused.status, refused.body.code]).toEqual([422, "MENTION_CANNOT_READ"]);
    const said = await post("wang", `/api/instances/${id}/comments`, {
      body: "@陈静 请看",
      audience: "all",
      mentions: ["u-chen", "u-chen"],
    });
    expect(said.body.items.at(-1).mentions).toEqual([{ id: "u-chen", name: "陈静" }]);
    expect(await noticesOf("u-chen")).toContain("case.mentioned");
    expect((await get("chen", `/api/instances/${id}/watchers`)).body).toMatchObject({
      watching: true,
      items: [{ id: "u-chen", because: "mention" }],
    });
    await post("wang", `/api/instances/${id}/comments`, { body: "内部一句", audience: "internal" });
    expect((await noticesOf("u-chen")).filter((kind) => kind === "case.commented")).toEqual([]);
    await post("liu", `/api/instances/${id}/comments`, { body: "补充一句", audience: "all" });
    expect((await noticesOf("u-chen")).filter((kind) => kind === "case.commented")).toHaveLength(1);
  });

  it("can be taken back for minutes, by their author, and leave a trace", async () => {
    const id = await atAuthority();
    const [said] = (await post("wang", `/api/instances/${id}/comments`, { body: "写错了", audience: "all" })).body
      .items;
    expect((await post("liu", `/api/instances/${id}/comments/${said.id}/withdraw`, {})).status).toBe(404);
    const back = await post("wang", `/api/instances/${id}/comments/${said.id}/withdraw`, {});
    expect(back.body.items).toMatchObject([{ id: said.id, body: "", withdrawnAt: expect.any(String) }]);
    expect(await historyOf("wang", id)).toContain("撤回评论");
    const kept = (await post("wang", `/api/instances/${id}/comments`, { body: "留着", audience: "all" })).body.items.at(
      -1,
    );
    await later(6);
    const late = await post("wang", `/api/instances/${id}/comments/${kept.id}/withdraw`, {});
    expect([late.status, late.body.code]).toEqual([409, "COMMENT_TOO_LATE"]);
  });
});

describe("watching", () => {
  it("begins and ends, for whoever may see the case", async () => {
    const id = await atAuthority();
    expect((await post("chen", `/api/instances/${id}/watch`, { watching: true })).body.watching).toBe(true);
    expect((await post("chen", `/api/instances/${id}/watch`, { watching: true })).body.items).toHaveLength(1);
    expect((await post("chen", `/api/instances/${id}/watch`, { watching: false })).body).toEqual({
      items: [],
      watching: false,
    });
    expect((await post("luo", `/api/instances/${id}/watch`, { watching: true })).status).toBe(404);
  });
});

describe("a carbon copy", () => {
  it("discloses to another department the ticked fields alone, once, and is receipted", async () => {
    const id = await atAuthority();
    const task = await bench.task("chen", id, "Task_OwnCheck");
    const copy = {
      task: { id: task.id, rev: task.rev },
      to: [{ person: "u-luo" }, { person: "u-liu" }],
      note: "请知悉",
      fields: ["purpose"],
    };
    const sent = await post("chen", `/api/instances/${id}/copies`, copy);
    expect(sent.body, sent.text).toEqual({ sent: 2, already: 0 });
    expect((await post("chen", `/api/instances/${id}/copies`, copy)).body).toEqual({ sent: 0, already: 2 });

    const list = (await get("luo", "/api/copies")).body;
    expect(list).toMatchObject({ unread: 1, items: [{ note: "请知悉", readAt: null }] });
    const opened = (await get("luo", `/api/copies/${list.items[0].id}`)).body;
    expect(opened.instanceId).toBeNull();
    expect(opened.fields.map(({ name }: { name: string }) => name)).toEqual(["purpose"]);
    expect(JSON.stringify(opened)).not.toContain("legalBasis");
    expect(JSON.stringify(opened.form)).toContain("使用目的与业务场景");
    const { disclosable } = (await get("chen", `/api/instances/${id}/copies`)).body;
    expect(disclosable.filter(({ name, label }: { name: string; label: { zh: string } }) => name === label.zh)).toEqual(
      [],
    );
    expect((await get("luo", `/api/instances/${id}`)).status).toBe(404);
    expect((await get("liu", `/api/copies/${list.items[0].id}`)).status).toBe(404);
    expect((await get("luo", "/api/copies")).body.unread).toBe(0);

    const known = (await get("liu", "/api/copies")).body.items[0];
    expect((await get("liu", `/api/copies/${known.id}`)).body.instanceId).toBe(id);
    const receipts = (await get("chen", `/api/instances/${id}/copies`)).body.items;
    expect(receipts.map(({ readAt }: { readAt: string | null }) => readAt !== null)).toEqual([true, true]);
    expect(await historyOf("chen", id)).toContain("抄送给");
  });

  it("goes to whoever holds a post, by those who may act and by overseers, and by nobody else", async () => {
    const id = await atAuthority();
    const to = [{ organisation: "kl-civil", role: "applicant-clerk" }];
    expect((await post("wang", `/api/instances/${id}/copies`, { to })).status).toBe(403);
    expect((await post("xu", `/api/instances/${id}/copies`, { to })).body).toMatchObject({ sent: 1 });
    expect((await post("xu", `/api/instances/${id}/copies`, { to: [{ person: "nobody" }] })).body.code).toBe(
      "COPY_TO_NOBODY",
    );
    expect((await post("xu", `/api/instances/${id}/copies`, { to, fields: ["state"] })).body.code).toBe(
      "COPY_FIELD_UNKNOWN",
    );
  });
});

describe("the receipt of a task", () => {
  it("is its first opening by one who may act, and says who and when", async () => {
    const id = await atAuthority();
    const [open] = await bench.runtime.store.read("SELECT id FROM task WHERE instance_id = ? AND state = 'open'", [id]);
    const taskId = String(open?.["id"]);
    const wasOpened = () => bench.runtime.store.transaction((tx) => hasBeenOpened(tx, taskId));
    await get("wang", `/api/tasks/${taskId}`);
    expect(await wasOpened()).toBe(false);
    await get("chen", `/api/tasks/${taskId}`);
    expect(await wasOpened()).toBe(true);
    await get("chen", `/api/tasks/${taskId}`);
    const receipts = (await get("wang", `/api/instances/${id}/receipts`)).body.items;
    expect(receipts.filter(({ by }: { by: { id: string } }) => by.id === "u-chen")).toMatchObject([{ what: "task" }]);
    expect((await historyOf("wang", id)).split("已阅").length - 1).toBe(2);
  });
});

describe("an urge", () => {
  it("by the applicant waits for half of the limit and then for the next working day, and names the day", async () => {
    const id = await atAuthority();
    const early = await post("wang", `/api/instances/${id}/urges`, {});
    expect([early.status, early.body.code]).toEqual([409, "URGE_TOO_EARLY"]);
    const from = early.body.problems[0].place;
    expect(early.body.mend.zh).toMatch(/^最早可于 \d{4}-\d\d-\d\d 09:00 催办$/);
    await bench.runtime.moveClock(from);
    const urged = await post("wang", `/api/instances/${id}/urges`, { note: "请尽快" });
    expect(urged.status, urged.text).toBe(201);
    expect(urged.body).toMatchObject({ count: 1, items: [{ capacity: "applicant", note: "请尽快" }] });
    expect(await noticesOf("u-chen")).toContain("case.urged");
    expect(await historyOf("wang", id)).toContain("催办");
    const again = await post("wang", `/api/instances/${id}/urges`, {});
    expect([again.status, again.body.code]).toEqual([409, "URGE_TOO_EARLY"]);
    expect(again.body.problems[0].place > from).toBe(true);
  });

  it("by an overseer is possible at any time, and counted for those who oversee", async () => {
    const id = await atAuthority();
    await post("xu", `/api/instances/${id}/urges`, {});
    await post("xu", `/api/instances/${id}/urges`, { note: "再催" });
    const page = (await get("xu", "/api/urges")).body.items.filter(
      ({ instanceId }: { instanceId: string }) => instanceId === id,
    );
    expect(page).toMatchObject([{ note: "再催", urgedInAll: 2, capacity: "overseer" }, { urgedInAll: 2 }]);
    expect((await get("wang", "/api/urges")).status).toBe(404);
  });

  it.each([
    ["whose clocks stand still", "UPDATE clock SET state = 'paused' WHERE instance_id = ?", "CLOCK_PAUSED_REFUSES"],
    ["that is suspended", "UPDATE instance SET status = 'suspended' WHERE id = ?", "CASE_STATE_REFUSES"],
    [
      "in which only the applicant has something to do",
      "UPDATE task SET role = 'applicant-clerk' WHERE instance_id = ?",
      "URGE_NOBODY",
    ],
  ])("about a case %s is refused with the reason", async (_what, change, code) => {
    const id = await atAuthority();
    await bench.runtime.store.transaction((tx) => tx.execute(change, [id]));
    const refused = await post("xu", `/api/instances/${id}/urges`, {});
    expect([refused.status, refused.body.code]).toEqual([409, code]);
  });

  it("is for the applicant and for overseers", async () => {
    const id = await atAuthority();
    expect((await post("chen", `/api/instances/${id}/urges`, {})).status).toBe(403);
  });
});

describe("phrases", () => {
  it("are one's own or, kept by its head, those of the organisation, by outcome and the most used first", async () => {
    await post("liu", "/api/phrases", { body: "同意，请按规定办理。", outcome: "approve", organisationId: "nm-civil" });
    await post("wang", "/api/phrases", { body: "材料齐全。" });
    await post("wang", "/api/phrases", { body: "材料齐全。" });
    expect((await post("wang", "/api/phrases", { body: "x", organisationId: "nm-civil" })).status).toBe(404);
    const bodies = async (account: string, query = "") =>
      (await get(account, `/api/phrases${query}`)).body.items.map(({ body }: { body: string }) => body);
    expect(await bodies("wang", "?outcome=approve")).toHaveLength(2);
    expect(await bodies("wang", "?outcome=refuse")).toEqual(["材料齐全。"]);
    expect(await bodies("chen")).toEqual([]);
    const ours = (await get("wang", "/api/phrases")).body.items.find(
      ({ owner }: { owner: string }) => owner === "organisation",
    );
    await post("wang", `/api/phrases/${ours.id}/use`, {});
    expect((await bodies("wang"))[0]).toBe("同意，请按规定办理。");
    const remove = async (account: string) => {
      const person = await bench.as(account);
      return request(bench.server)
        .delete(`/api/phrases/${ours.id}`)
        .set({ cookie: person.cookie, "x-csrf-token": person.csrf });
    };
    expect((await remove("wang")).status).toBe(404);
    expect((await remove("liu")).status).toBe(204);
  });
});
