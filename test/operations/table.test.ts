import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operationNames, operations, type OperationRule } from "../../engine/approval/operations.ts";
import { cellOf } from "../../engine/approval/situations.ts";
import { ApiBench, type Person } from "../api/support.ts";
import { expectAccountable, expectClock, expectSoundClocks, footprint, historyOf } from "./observed.ts";
import type { Acting, Row, Table } from "./row.ts";
import { rowsOfCases } from "./rows-of-cases.ts";
import { rowsOfTasks } from "./rows-of-tasks.ts";
import { everySituation, openSituation, people } from "./situations.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

/** An operation of the matrix that has no row here does not compile. */
const table: Table = { ...rowsOfTasks, ...rowsOfCases };

function isForParticipants({ by }: OperationRule): boolean {
  return by.includes("participant");
}

async function ask(person: Person, acting: Acting, { method = "post", path, body }: Row, changed: object = {}) {
  const content = { ...(await body(acting)), ...changed };
  return method === "put" ? person.put(path(acting), content) : person.post(path(acting), content);
}

describe.each(operationNames)("%s", (operation) => {
  const rule: OperationRule = operations[operation];

  describe.each(table[operation].map((row) => ({ way: "", ...row })))("$way", (row: Row) => {
    it.each(everySituation)("%s", async (name) => {
      const opening = openSituation(bench, name, row.drawn?.(name) ?? {}, row.prepare ?? null);
      if (row.undrawable?.includes(name)) {
        const published = await opening.catch((error: unknown) => error);
        expect(published).toMatchObject({ problems: [{ code: row.refused[name] }] });
        return;
      }
      const at = await opening;
      const work = row.on ? await row.on(bench, at) : await at.task();
      const acting = { bench, at, work };
      const before = await footprint(bench, at.instanceId);
      const told = await historyOf(bench, at.instanceId);

      const stranger = await ask(await bench.as(people.stranger), acting, row);
      if (!row.refusal) expect(stranger.status, stranger.text).toBe(404);
      const bystander = isForParticipants(rule) ? null : await ask(await bench.as(people.beside), acting, row);
      const notTheirs = row.refused[name] === "TASK_CLOSED" ? "TASK_CLOSED" : "OPERATION_NOT_YOURS";
      if (bystander) expect(row.refusal?.(bystander.body as never) ?? bystander.body.code).toBe(notTheirs);
      const reasonless = rule.needsReason ? await ask(await bench.as(row.account), acting, row, { reason: "" }) : null;
      if (reasonless) expect(reasonless.status, reasonless.text).toBe(422);
      expect(await footprint(bench, at.instanceId)).toEqual(before);

      const answer = await ask(await bench.as(row.account), acting, row);
      const item = row.refusal?.(answer.body as never) ?? null;
      const refusedWith = answer.status < 300 ? item : String(answer.body.code);
      expect(refusedWith, answer.text).toBe(row.refused[name] ?? null);
      if (refusedWith !== null) {
        if (item === null) {
          expect(answer.status).toBe(409);
          expect(answer.headers["content-type"]).toContain("application/problem+json");
          expect([answer.body.detail.zh, answer.body.detail.en]).toEqual([
            expect.stringMatching(/./),
            expect.stringMatching(/./),
          ]);
        }
        expect(await footprint(bench, at.instanceId)).toEqual(before);
        return;
      }
      await expectClock(acting, before, row.clock);
      const lines = (await historyOf(bench, at.instanceId)).slice(told.length);
      if (row.tells === null) expect(lines).toEqual([]);
      else {
        const line = lines.find(({ type }) => type === row.tells);
        expect(line, `${row.tells} among ${lines.map(({ type }) => type).join(", ")}`).toBeDefined();
        expect([line?.sentence.zh, line?.sentence.en]).toEqual([
          expect.stringMatching(/\p{Script=Han}/u),
          expect.stringMatching(/[a-z]{3}/),
        ]);
        expect(line?.actor.kind).toBe("person");
      }
      await expectAccountable(bench, at.instanceId);
      await expectSoundClocks(bench, at.instanceId);
      const { found, expected } = await row.shows(acting);
      expect(found).toEqual(expected);
    });
  });

  it("is what the page says", () => {
    const [usual] = table[operation];
    const tested = everySituation.map((name) => usual?.refused[name] ?? null);
    const page = everySituation.map((name) => {
      const cell = cellOf(operation, name);
      return cell.works ? null : cell.code;
    });
    expect(tested).toEqual(page);
  });
});
