import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ItemDecision } from "../../engine/approval/items.ts";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { newId } from "../../server/store/ids.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { appoint, taskIn } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of ["ann", "ben", "cem"]) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const forms = JSON.parse(
  JSON.stringify({
    decide: {
      id: "decide",
      name: { zh: "决定", en: "Decision" },
      components: [
        { type: "jieli-decisions", key: "itemDecisions", label: "逐项决定", labelEn: "Each item", rank: "decision" },
      ],
    },
  }),
) as FormBundle;

/** A case whose data are decided by three mediators, as the policy says; afterwards somebody still has to deliver. */
async function startRound(policy: string, parameters: object): Promise<string> {
  const key = `round-${newId().slice(-8)}`;
  const signed = `jieli:approval="${policy}" jieli:approvalParameters='${JSON.stringify(parameters)}'`;
  const xml = bpmn(
    `<bpmn:startEvent id="start"/>
     <bpmn:userTask id="sign" name="决定" jieli:at="provider" jieli:role="provider-head" jieli:form="decide" jieli:outcomes="approve partial refuse" jieli:resultVariable="decision" ${signed}/>
     <bpmn:userTask id="deliver" name="提供" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`,
    "start -> sign -> deliver -> end",
    { id: key },
  );
  const { definition } = await publish(bench.runtime, xml, forms);
  const id = newId();
  const applicant = { organisation: "nm-civil", region: "520102", level: "county" };
  const provider = { organisation: "gz-medical", region: "520000", level: "province" };
  const request = { items: ["name", "idno", "status"], personalInfo: "none", mode: "verify", emergency: "none" };
  const resource = { id: "res-medical", shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" };
  await bench.runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: definition,
      processKey: key,
      startEvent: null,
      subject: { zh: "逐项会签", en: "Items" },
      applicant,
      provider,
      variables: { applicant, provider, resource, request: { ...request, kind: "new", outsourced: false } },
    },
    system,
    null,
    async () => undefined,
  );
  return id;
}

const granted = (code: string) => ({ code, decision: "granted" });
const refused = (code: string, who: string) => ({
  code,
  decision: "refused",
  reasonCode: "R6",
  reason: `${who}：个人信息保护影响评估报告没有涵盖这一数据项，不能提供。`,
});
const lastDigits = (code: string, count: number) => ({ code, decision: "masked", mask: { how: "keepLast", count } });

async function vote(account: string, instanceId: string, outcome: string, itemDecisions?: object[]): Promise<void> {
  const { id, rev } = await taskIn(bench, account, instanceId);
  const answer = await (
    await bench.as(account)
  ).post(`/api/tasks/${id}/complete`, {
    outcome,
    opinion: "依据目录与影响评估逐项决定，理由见各数据项。",
    reasonCode: { partial: "R11", refuse: "R6" }[outcome] ?? null,
    form: itemDecisions ? { itemDecisions } : {},
    rev,
  });
  expect(answer.status, answer.text).toBe(200);
}
const variablesOf = async (id: string) =>
  (await (await bench.as("guan")).get(`/api/instances/${id}`)).body.variables as Record<string, never> & {
    decision: string;
    decidedItems: { decisions: ItemDecision[] };
    delivery: { items: { code: string; mask: object | null }[] };
  };
const mediators = { signers: [{ role: "mediator" }] };

describe("items that several decide", () => {
  it("each signer decides each item; the majority counts item by item, with the strictest limits", async () => {
    const id = await startRound("vote", { ...mediators, passShare: 0.5 });
    await vote("ann", id, "partial", [granted("name"), lastDigits("idno", 6), refused("status", "ann")]);
    await vote("ben", id, "partial", [granted("name"), lastDigits("idno", 4), granted("status")]);
    const open = await taskIn(bench, "cem", id);
    expect(open.signing).toMatchObject({
      result: null,
      items: [
        { code: "name", tally: { for: 2, against: 0, open: 1 }, decided: null },
        { code: "idno", tally: { for: 2, against: 0, open: 1 }, decided: null },
        { code: "status", tally: { for: 1, against: 1, open: 1 }, decided: null },
      ],
    });
    // Who votes on the whole says the same of every item.
    await vote("cem", id, "approve");
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
    const id = await startRound("vote", { ...mediators, passShare: 0.5, hearAll: true });
    await vote("ann", id, "partial", [granted("name"), granted("idno"), refused("status", "ann")]);
    await vote("ben", id, "partial", [granted("name"), granted("idno"), refused("status", "ben")]);
    await vote("cem", id, "refuse", [refused("name", "cem"), refused("idno", "cem"), refused("status", "cem")]);
    const { decision, delivery } = await variablesOf(id);
    expect([decision, delivery.items.map(({ code }) => code)]).toEqual(["partial", ["name", "idno"]]);
  });

  it("a required signer's refusal of an item binds", async () => {
    const id = await startRound("vote", {
      signers: [{ role: "mediator" }, { role: "security-reviewer", required: true }],
      passShare: 0.5,
    });
    await vote("ann", id, "approve");
    await vote("ben", id, "approve");
    await vote("cem", id, "approve");
    await vote("wu", id, "partial", [granted("name"), granted("idno"), refused("status", "wu")]);
    const { decidedItems } = await variablesOf(id);
    expect(decidedItems.decisions).toMatchObject([granted("name"), granted("idno"), refused("status", "wu")]);
  });

  it("an absent signer leaves what the others decided on the items", async () => {
    const id = await startRound("all", mediators);
    await vote("ann", id, "partial", [granted("name"), granted("idno"), refused("status", "ann")]);
    await vote("ben", id, "approve");
    const { id: work, rev } = await taskIn(bench, "cem", id);
    const answer = await (await bench.as("yang")).post(`/api/tasks/${work}/excuse`, { rev, reason: "因公外出" });
    expect(answer.status, answer.text).toBeLessThan(300);
    const { decision, delivery } = await variablesOf(id);
    expect([decision, delivery.items.map(({ code }) => code)]).toEqual(["partial", ["name", "idno"]]);
  });
});
