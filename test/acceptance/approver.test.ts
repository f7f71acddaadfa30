import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/store/ids.ts";
import { ApiBench } from "../api/support.ts";
import { decide, openSituation, people, startCase } from "../operations/situations.ts";
import { NoticeBench } from "../runtime/notice-bench.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

/**
 * Complaint 30 of users of other systems: show the approver what changed and which rule required the approval; diff models; find
 * blocked cases; send a digest.
 */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

describe("complaint 30: show the approver what changed and which rule required the approval", () => {
  it("tells each changed field with what it was and is, and nothing that stayed", async () => {
    const at = await openSituation(bench, "single");
    const { id, rev } = await at.task();
    const defects = [{ place: "数据项", what: "超出必要范围", basis: "共享条例第十条" }];
    const back = { to: "applicant", afterwards: "walkAgain", defects, reason: "须更正", rev, confirmedSiblings: [] };
    expect((await (await bench.as(at.account)).post(`/api/tasks/${id}/return`, back)).status).toBe(200);
    const [sign] = await bench.runtime.store.read(
      "SELECT id, rev FROM task WHERE instance_id = ? AND element = 'sign' AND state = 'open'",
      [at.instanceId],
    );
    await bench.runtime.dispatch({
      instanceId: at.instanceId,
      actor: { kind: "system", name: "test" },
      commandId: null,
      decide: async ({ state }) => {
        const { request } = Object.values(state.scopes)[0]?.variables ?? {};
        return {
          type: "setVariables",
          scope: null,
          variables: { request: { ...(request as object), items: ["a"] } },
        };
      },
    });
    expect(sign).toBeDefined();
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    await decide(bench, { instanceId: at.instanceId, account: people.reviewer, element: "review", outcome: "approve" });
    const told = (await (await bench.as(at.account)).get(`/api/tasks/${(await at.task()).id}/changes`)).body;
    expect(told.returned.defects).toEqual(defects);
    expect(told.changes.map(({ path }: { path: string }) => path)).toEqual(["request.items"]);
    expect(told.changes[0]).toMatchObject({ before: ["a", "b"], after: ["a"] });
  });

  it("names the rule by which the step is done, whom it came to, and its source", async () => {
    const { instanceId } = await bench.apply();
    await decide(bench, { instanceId, account: people.signer, element: "Task_SignOff", outcome: "approve" });
    const [row] = await bench.runtime.store.read(
      "SELECT id FROM task WHERE instance_id = ? AND element = 'Task_OwnCheck'",
      [instanceId],
    );
    const { explanation } = (await (await bench.as(people.reviewer)).get(`/api/tasks/${String(row?.["id"])}`)).body;
    expect(explanation.step).toBe("own-check");
    expect(explanation.sentence.zh.length).toBeGreaterThan(0);
    expect(explanation.layersAsked).toContain("520000");
    expect(explanation.basis.length).toBeGreaterThan(0);
  });
});

describe("complaint 30: diff two versions of a model", () => {
  it("tells what came, went and reads otherwise between two published versions", async () => {
    const key = `versions-${newId().slice(-8).toLowerCase()}`;
    const task = (role: string) =>
      `<bpmn:userTask id="ask" name="审查" jieli:at="provider" jieli:role="${role}" jieli:outcomes="approve"/>`;
    const first = await publish(
      bench.runtime,
      bpmn(`<bpmn:startEvent id="start"/>${task("provider-clerk")}<bpmn:endEvent id="end"/>`, "start -> ask -> end", {
        id: key,
      }),
    );
    const file = '<bpmn:userTask id="file" name="归档" jieli:at="provider" jieli:role="provider-clerk"/>';
    const second = await publish(
      bench.runtime,
      bpmn(
        `<bpmn:startEvent id="start"/>${task("provider-head")}${file}<bpmn:endEvent id="end"/>`,
        "start -> ask -> file -> end",
        { id: key },
      ),
    );
    const lin = await bench.as("lin");
    const changes = (await lin.get(`/api/definitions/${second.definition}/changes`)).body;
    expect([changes.before.id, changes.after.version]).toEqual([first.definition, 2]);
    expect(
      changes.elements.map(({ change, element }: { change: string; element: string }) => `${change} ${element}`),
    ).toEqual(["removed ask_end", "added ask_file", "added file", "added file_end", "changed ask"]);
    expect(changes.elements.at(-1).properties).toEqual([
      { property: "role", before: "provider-clerk", after: "provider-head" },
    ]);
    const same = await lin.get(`/api/definitions/${second.definition}/changes?since=${second.definition}`);
    expect(same.body.elements).toEqual([]);
    expect((await lin.get(`/api/definitions/${first.definition}/changes`)).body).toMatchObject({
      before: null,
      elements: [],
    });
    expect((await lin.get(`/api/definitions/${second.definition}/changes?since=nothing`)).status).toBe(404);
  });
});

describe("complaint 30: find blocked cases", () => {
  it("lists cases that stand still, with the place and the reason, for those who oversee them alone", async () => {
    const key = `stuck-${newId().slice(-8).toLowerCase()}`;
    const { definition } = await publish(
      bench.runtime,
      bpmn(
        `<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="x" name="需要研判？"/><bpmn:endEvent id="a"/><bpmn:endEvent id="b"/>`,
        "start -> x; x -> a if unknownFact > 3; x -> b default",
        { id: key },
      ),
    );
    const stuck = await startCase(bench, definition, key);
    const running = await openSituation(bench, "single");
    const listed = async (account: string) =>
      (await (await bench.as(account)).get("/api/blocked-cases")).body.items as { instanceId: string }[];
    expect((await listed("guan")).find(({ instanceId }) => instanceId === stuck)).toMatchObject({
      why: "incident",
      code: "EXPRESSION_DATA_MISSING",
      element: { zh: "需要研判？" },
    });
    expect((await listed("guan")).map(({ instanceId }) => instanceId)).not.toContain(running.instanceId);
    expect(await listed(people.applicant)).toEqual([]);

    await bench.runtime.store.transaction((tx) =>
      tx.execute("DELETE FROM task WHERE instance_id = ?", [running.instanceId]),
    );
    await bench.runtime.watch();
    expect((await listed("guan")).find(({ instanceId }) => instanceId === running.instanceId)).toMatchObject({
      why: "PROJECTION_DIFFERS",
    });
  });
});

describe("complaint 30: one digest instead of many mails", () => {
  it("gathers what a day brings into one mail at the chosen moment, and sends what is urgent at once", async () => {
    const notices = await NoticeBench.open();
    try {
      await notices.choose({ digest_at: "09:00" });
      for (const number of [1, 2, 3]) await notices.tell({ params: { case: `C-${number}` } });
      await notices.moved("2026-12-01", "08:59");
      expect(notices.post.mails.length).toBe(0);
      await notices.tell({ kind: "case.incident", params: { case: "C-9" } });
      await notices.moved("2026-12-01", "08:59");
      expect(notices.post.mails.length).toBe(1);
      await notices.moved("2026-12-01", "09:00");
      expect(notices.post.mails.length).toBe(2);
      expect(notices.post.mails[1]?.raw).toMatch(/C-1[\s\S]*C-2[\s\S]*C-3/);
    } finally {
      await notices.close();
    }
  });
});
