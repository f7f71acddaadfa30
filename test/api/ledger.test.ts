import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forms } from "../../bin/demo/forms.ts";
import type { DecisionRecord, Dossier } from "../../server/api/ledger/ledger.schema.ts";
import { verifyLedger } from "../../server/runtime/decision-record.ts";
import { verifyJournal } from "../../server/runtime/journal.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let instanceId: string;
const objection = {
  statement: "申请事由与职责清单不符，建议退回补正。",
  superior: "刘建国 局长",
  instruction: "先行报送，由上级部门判断。",
};

beforeAll(async () => {
  bench = await ApiBench.open();
  ({ instanceId } = await bench.apply());
  await decide("liu", "Task_SignOff", { outcome: "approve" });
  await decide("chen", "Task_OwnCheck", { outcome: "approve", opinion: "=符合规定", objection });
});
afterAll(() => bench.close());

async function decide(account: string, element: string, decision: object): Promise<void> {
  const task = await bench.task(account, instanceId, element);
  const person = await bench.as(account);
  const answer = await person.post(`/api/tasks/${task.id}/complete`, {
    form: forms[element] ?? {},
    rev: task.rev,
    ...decision,
  });
  expect(answer.status, answer.text).toBe(200);
}

const recordsOf = async (account: string, search = "") =>
  (await (await bench.as(account)).get(`/api/ledger${search}`)).body.items as DecisionRecord[];

describe("the responsibility ledger", () => {
  it("tells of each decision who, in which capacity, on what basis, having seen what", async () => {
    const [record] = await recordsOf("chen");
    expect(record).toMatchObject({
      instanceId,
      element: "Task_OwnCheck",
      person: { name: "陈静" },
      organisation: { level: "county", region: "520102" },
      role: "authority-reviewer",
      outcome: "approve",
      opinion: "=符合规定",
      objection,
      limit: { code: "L.REVIEW", unit: "workday", verified: false },
    });
    expect(record?.explanation?.sentence.zh).toContain("时限2个工作日");
    expect(record?.seen.map(({ part }) => part).toSorted()).toEqual(["Task_SignOff", "request", "resource"]);
    expect(record?.seen.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it("shows one's own record to oneself, that of others to those who oversee their region, and to nobody else", async () => {
    const [own] = await recordsOf("chen");
    const whose = `?person=${own?.person.id}`;
    expect(await recordsOf("guan", whose)).toHaveLength(1);
    expect(await recordsOf("huang", whose)).toHaveLength(1);
    expect((await (await bench.as("liu")).get(`/api/ledger${whose}`)).status).toBe(404);
  });

  it("gives a case's decisions to whoever may see the case", async () => {
    expect((await recordsOf("wang", `?instance=${instanceId}`)).map(({ element }) => element)).toEqual([
      "Task_OwnCheck",
      "Task_SignOff",
    ]);
    expect((await (await bench.as("luo")).get(`/api/ledger?instance=${instanceId}`)).status).toBe(404);
  });

  it("narrows to days of China Standard Time", async () => {
    const [own] = await recordsOf("chen");
    const day = new Date(Date.parse(own?.at ?? "") + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(await recordsOf("chen", `?from=${day}&to=${day}`)).toHaveLength(1);
    expect(await recordsOf("chen", `?from=2020-01-01&to=2020-12-31`)).toEqual([]);
  });

  it("goes out as JSON with the ends of the journals, and as a table that computes nothing", async () => {
    const official = await bench.as("chen");
    const file = await official.get("/api/ledger/export");
    const dossier = JSON.parse(file.text) as Dossier;
    expect(file.headers["content-disposition"]).toContain("attachment");
    expect(dossier).toMatchObject({ person: { name: "陈静" }, records: [{ element: "Task_OwnCheck" }] });
    expect(dossier.anchors.map((anchor) => anchor.instanceId)).toEqual([instanceId]);
    const table = (await official.get("/api/ledger/export?format=csv&language=en")).text;
    expect(table.startsWith("\uFEFFTime (China Standard Time),Case number")).toBe(true);
    expect(table).toContain(objection.statement);
    expect(table).toContain(",'=符合规定,");
  });

  it("refuses an objection that names no superior, and decides nothing", async () => {
    const task = await bench.task("zhao", instanceId, "Task_Relay");
    const before = await bench.counts();
    const answer = await (
      await bench.as("zhao")
    ).post(`/api/tasks/${task.id}/complete`, {
      outcome: "forward",
      form: forms["Task_Relay"] ?? {},
      rev: task.rev,
      objection: { ...objection, superior: " " },
    });
    expect([answer.status, answer.body.problems[0].place]).toEqual([422, "body.objection.superior"]);
    expect(await bench.counts()).toEqual(before);
  });

  it("is guarded by the journal: an altered, added or missing record is found", async () => {
    const { store } = bench.runtime;
    expect([await verifyJournal(store), await verifyLedger(store)]).toEqual([[], []]);
    const [own] = await recordsOf("chen");
    const change = (sql: string, parameters: readonly string[]) =>
      store.transaction((tx) => tx.execute(sql, parameters));
    await change("UPDATE decision_record SET objection = NULL WHERE id = ?", [own?.id ?? ""]);
    expect(await verifyLedger(store)).toEqual([{ instanceId, recordId: own?.id, problem: "altered" }]);
    await change("UPDATE decision_record SET objection = ? WHERE id = ?", [JSON.stringify(objection), own?.id ?? ""]);
    expect(await verifyLedger(store)).toEqual([]);
    await change("DELETE FROM decision_record WHERE id = ?", [own?.id ?? ""]);
    expect(await verifyLedger(store)).toEqual([{ instanceId, recordId: own?.hash, problem: "missing" }]);
  });
});
