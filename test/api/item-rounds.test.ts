import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ItemDecision } from "../../engine/approval/items.ts";
import { granted, lastDigits, refused, startRound, vote } from "./item-round-case.ts";
import { appoint, taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const variablesOf = async (id: string) =>
  (await (await bench.as("guan")).get(`/api/instances/${id}`)).body.variables as Record<string, never> & {
    decision: string;
    decidedItems: { decisions: ItemDecision[] };
    delivery: { items: { code: string; mask: object | null }[] };
  };
const mediators = { signers: [{ role: "mediator" }] };

describe("items that several decide", () => {
  it("each signer decides each item; the majority counts item by item, with the strictest limits", async () => {
    const id = await startRound(bench, "vote", { ...mediators, passShare: 0.5 });
    await vote(bench, "ann", id, "partial", [granted("name"), lastDigits("idno", 6), refused("status", "ann")]);
    await vote(bench, "ben", id, "partial", [granted("name"), lastDigits("idno", 4), granted("status")]);
    const open = await taskIn(bench, "cem", id);
    expect(open.signing).toMatchObject({
      result: null,
      items: [
        { code: "name", name: { zh: "姓名", en: "Full name" }, tally: { for: 2, against: 0, open: 1 }, decided: null },
        { code: "idno", tally: { for: 2, against: 0, open: 1 }, decided: null },
        {
          code: "status",
          name: { zh: "参保状态", en: "参保状态" },
          tally: { for: 1, against: 1, open: 1 },
          decided: null,
        },
      ],
    });
    // Who votes on the whole says the same of every item.
    await vote(bench, "cem", id, "approve");
    const { decision, decidedItems, delivery } = await variablesOf(id);
    expect(decision).toBe("partial");
    expect(decidedItems.decisions).toMatchObject([granted("name"), lastDigits("idno", 4), granted("status")]);
    expect(delivery.items).toMatchObject([
      { code: "name", mask: null },
      { code: "idno", mask: { how: "keepLast", count: 4 } },
      { code: "status", mask: null },
    ]);
    const task = await (await bench.as("cem")).get(`/api/tasks/${open.id}`);
    expect(task.body.signing.items[2]).toMatchObject({ tally: { for: 2, against: 1 }, decided: granted("status") });
    const { history } = (await (await bench.as("guan")).get(`/api/instances/${id}`)).body;
    const told = history.filter(({ type }: { type: string }) => type === "items.decided");
    expect(told.map(({ actor }: { actor: { kind: string } }) => actor.kind)).toEqual([
      "person",
      "person",
      "person",
      "system",
    ]);
  });

  it("a vote on the losing side does not undo what the others decided on the items", async () => {
    const id = await startRound(bench, "vote", { ...mediators, passShare: 0.5, hearAll: true });
    await vote(bench, "ann", id, "partial", [granted("name"), granted("idno"), refused("status", "ann")]);
    await vote(bench, "ben", id, "partial", [granted("name"), granted("idno"), refused("status", "ben")]);
    await vote(bench, "cem", id, "refuse", [refused("name", "cem"), refused("idno", "cem"), refused("status", "cem")]);
    const { decision, delivery } = await variablesOf(id);
    expect([decision, delivery.items.map(({ code }) => code)]).toEqual(["partial", ["name", "idno"]]);
  });

  it("a required signer's refusal of an item binds", async () => {
    const id = await startRound(bench, "vote", {
      signers: [{ role: "mediator" }, { role: "security-reviewer", required: true }],
      passShare: 0.5,
    });
    await vote(bench, "ann", id, "approve");
    await vote(bench, "ben", id, "approve");
    await vote(bench, "cem", id, "approve");
    await vote(bench, "wu", id, "partial", [granted("name"), granted("idno"), refused("status", "wu")]);
    const { decidedItems } = await variablesOf(id);
    expect(decidedItems.decisions).toMatchObject([granted("name"), granted("idno"), refused("status", "wu")]);
  });

  it("an absent signer leaves what the others decided on the items", async () => {
    const id = await startRound(bench, "all", mediators);
    await vote(bench, "ann", id, "partial", [granted("name"), granted("idno"), refused("status", "ann")]);
    await vote(bench, "ben", id, "approve");
    const { id: work, rev } = await taskIn(bench, "cem", id);
    const answer = await (await bench.as("yang")).post(`/api/tasks/${work}/excuse`, { rev, reason: "因公外出" });
    expect(answer.status, answer.text).toBeLessThan(300);
    const { decision, delivery } = await variablesOf(id);
    expect([decision, delivery.items.map(({ code }) => code)]).toEqual(["partial", ["name", "idno"]]);
  });
});
