import { newId } from "../../server/store/ids.ts";
import type { ApiBench } from "../api/support.ts";
import { decide, people, startCase } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";

export const reason = "材料齐全，直接办理";
/** A step of the provider. */
export const step = (id: string, role: string, more = "") =>
  `<bpmn:userTask id="${id}" name="${id}" jieli:at="provider" jieli:role="${role}" ${more}/>`;

export interface Drawn {
  readonly review: string;
  readonly examine?: string;
  /** What stands between the choice and the step for which people are chosen. */
  readonly before?: string;
}

/** Signed, then reviewed; the rule sends data of low grade past the examination, whoever reviews may choose otherwise. */
function drawn({ review, examine = "", before = "" }: Drawn): string {
  const way = before === "" ? "way -> examine" : "way -> rest";
  return bpmn(
    `<bpmn:startEvent id="start"/>
     <bpmn:userTask id="sign" name="sign" jieli:at="applicant" jieli:role="applicant-head" jieli:outcomes="approve reject"/>
     <bpmn:userTask id="review" name="review" jieli:at="applicantAuthority" jieli:role="authority-reviewer" jieli:outcomes="approve reject" ${review}/>
     <bpmn:exclusiveGateway id="how"/><bpmn:exclusiveGateway id="way"/>${before}
     ${step("examine", "provider-clerk", `jieli:outcomes="approve refuse" jieli:limit="L.REPLY.COND" ${examine}`)}
     ${step("settle", "provider-head", `jieli:outcomes="approve refuse"`)}
     <bpmn:endEvent id="end"/><bpmn:endEvent id="refused"/>`,
    `start -> sign -> review -> how; how -> way if outcome = "approve"; how -> refused default
     ${way} if resource.grade > 2; way -> settle default
     ${before === "" ? "" : "rest -> examine"}; examine -> settle -> end`,
    { id: `choosing-${newId().slice(-8).toLowerCase()}` },
  );
}

/** A case of that process, signed, with its review open. */
export async function openChoosing(bench: ApiBench, process: Drawn): Promise<string> {
  const { definition, key } = await publish(bench.runtime, drawn(process));
  const id = await startCase(bench, definition, key);
  await decide(bench, { instanceId: id, account: people.signer, element: "sign", outcome: "approve" });
  return id;
}
