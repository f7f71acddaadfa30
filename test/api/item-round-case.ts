import { expect } from "vitest";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { newId } from "../../server/store/ids.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { taskIn } from "./signing-support.ts";
import type { ApiBench } from "./support.ts";

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
export async function startRound({ runtime }: ApiBench, policy: string, parameters: object): Promise<string> {
  const key = `round-${newId().slice(-8)}`;
  const signed = `jieli:approval="${policy}" jieli:approvalParameters='${JSON.stringify(parameters)}'`;
  const xml = bpmn(
    `<bpmn:startEvent id="start"/>
     <bpmn:userTask id="sign" name="决定" jieli:at="provider" jieli:role="provider-head" jieli:form="decide" jieli:outcomes="approve partial refuse" jieli:resultVariable="decision" ${signed}/>
     <bpmn:userTask id="deliver" name="提供" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/><bpmn:endEvent id="end"/>`,
    "start -> sign -> deliver -> end",
    { id: key },
  );
  const { definition } = await publish(runtime, xml, forms);
  const id = newId();
  const applicant = { organisation: "nm-civil", region: "520102", level: "county" };
  const provider = { organisation: "gz-medical", region: "520000", level: "province" };
  const askedItems = [
    { code: "name", name: "姓名", nameEn: "Full name" },
    { code: "idno", name: "公民身份号码", nameEn: "Citizen ID number" },
    { code: "status", name: "参保状态" },
  ];
  const request = { items: ["name", "idno", "status"], personalInfo: "none", mode: "verify", emergency: "none" };
  const resource = { id: "res-medical", shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" };
  await runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: definition,
      processKey: key,
      startEvent: null,
      subject: { zh: "逐项会签", en: "Items" },
      applicant,
      provider,
      variables: { applicant, provider, resource, askedItems, request: { ...request, kind: "new", outsourced: false } },
    },
    system,
    null,
    async () => undefined,
  );
  return id;
}

export const granted = (code: string) => ({ code, decision: "granted" });
export const refused = (code: string, who: string) => ({
  code,
  decision: "refused",
  reasonCode: "R6",
  reason: `${who}：个人信息保护影响评估报告没有涵盖这一数据项，不能提供。`,
});
export const lastDigits = (code: string, count: number) => ({
  code,
  decision: "masked",
  mask: { how: "keepLast", count },
});

/** Somebody signs a round; without decisions on the items, the same for each of them. */
export async function vote(
  bench: ApiBench,
  account: string,
  instanceId: string,
  outcome: string,
  itemDecisions?: object[],
): Promise<void> {
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
