import { bpmn, flowXml } from "../../support/bpmn.ts";

const parameters = (value: object) => `jieli:approvalParameters='${JSON.stringify(value)}'`;
const clerks = { role: "provider-clerk" };
const panel = [{ role: "mediator" }, clerks];
const headed = [{ role: "mediator" }, clerks, { role: "provider-head", weight: 2, required: true, veto: true }];

/** How several sign `work`, by the shape that is named after it. */
const signed: Readonly<Record<string, string>> = {
  any: `jieli:approval="any" ${parameters({ signers: panel })}`,
  all: `jieli:approval="all" ${parameters({ signers: panel })}`,
  inTurn: `jieli:approval="inTurn" ${parameters({ signers: panel })}`,
  vote: `jieli:approval="vote" ${parameters({ signers: panel, passShare: 0.5, abstain: true, quorum: 2 })}`,
  weighted: `jieli:approval="vote" ${parameters({ signers: headed, passShare: 0.6, abstain: true })}`,
  counted: `jieli:approval="vote" ${parameters({ signers: headed, passCount: 3, refuseCount: 2, hearAll: true })}`,
};

/** Processes whose `work` is done in one way each; the rest is alike. */
export const shapes = [
  "single",
  "parallelBranch",
  "subProcess",
  "multiInstance",
  "pausedClock",
  "any",
  "all",
  "inTurn",
  "vote",
  "weighted",
  "counted",
] as const;
export type Shape = (typeof shapes)[number];

export const keyOf = (shape: Shape) => `random-${shape.toLowerCase()}`;

/** Whoever examines does not decide: the rule packs' two-person rule is about steps of these names. */
const workAttributes = `jieli:step="examine" jieli:outcomes="approve refuse supplement" jieli:limit="L.REPLY.COND"`;

/**
 * Sign-off at the applicant, work at the provider, decision by its head; what needs a supplement goes to the applicant and comes
 * back. Processes in which several sign begin with them, so that many operations fall into their rounds.
 */
export function shapeXml(shape: Shape): string {
  const step = (id: string, at: string, role: string, attributes: string, inner = "") =>
    `<bpmn:userTask id="${id}" name="办理${id}" jieli:at="${at}" jieli:role="${role}" ${attributes}><bpmn:documentation>Doing ${id}</bpmn:documentation>${inner}</bpmn:userTask>`;
  const work = (more = "", inner = "") =>
    step("work", "provider", "provider-clerk", `${workAttributes} ${more}`, inner);
  const several = `<bpmn:multiInstanceLoopCharacteristics jieli:collection="signers" jieli:elementVariable="signer"/>`;
  const other = (attributes: string) => step("other", "provider", "security-reviewer", attributes);
  const split = (beside: string) =>
    [
      `<bpmn:parallelGateway id="split"/>${work()}${beside}<bpmn:parallelGateway id="join"/>`,
      "again -> split -> work -> join -> how; split -> other -> join",
    ] as const;
  const inside = `<bpmn:startEvent id="inside"/>${work()}<bpmn:endEvent id="out"/>${flowXml("inside -> work -> out").xml}`;
  const plain = "again -> work -> how";
  const [nodes, flows] = {
    single: [work(), plain] as const,
    multiInstance: [work("", several), plain] as const,
    subProcess: [`<bpmn:subProcess id="inner">${inside}</bpmn:subProcess>`, "again -> inner -> how"] as const,
    parallelBranch: split(other(`jieli:outcomes="pass fail" jieli:limit="L.REVIEW"`)),
    pausedClock: split(other(`jieli:outcomes="pass" jieli:pauses="consultation"`)),
  }[shape as string] ?? [work(signed[shape]), plain];
  const first = signed[shape] ? "start -> again" : "start -> sign -> again";
  const signOff = signed[shape]
    ? ""
    : step("sign", "applicant", "applicant-head", `jieli:outcomes="approve reject" jieli:limit="L.SIGNOFF"`);
  return bpmn(
    `<bpmn:startEvent id="start"/>${signOff}<bpmn:exclusiveGateway id="again"/>${nodes}<bpmn:exclusiveGateway id="how"/>
     ${step("supply", "applicant", "applicant-clerk", `jieli:outcomes="resubmit withdraw" jieli:pauses="supplement" jieli:limit="L.SUPPLEMENT"`)}
     ${step("settle", "provider", "provider-head", `jieli:step="decide" jieli:outcomes="approve refuse"`)}
     <bpmn:endEvent id="end"/>`,
    `${first}; ${flows}; how -> supply if outcome = "supplement"; supply -> again; how -> settle default; settle -> end`,
    { id: keyOf(shape), attributes: `jieli:limit="L.E2E"` },
  );
}

/** Elements that people do, of whatever shape. */
export const steps = ["sign", "work", "other", "supply", "settle"] as const;
