import type { Variables } from "../../engine/expressions/json.ts";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { deploy } from "../../server/runtime/deploy.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { bpmn, flowXml } from "../support/bpmn.ts";
import { text } from "./support.ts";

/** A task of the provider under a limit. */
export const task = (id: string, limit: string, more = "") =>
  `<bpmn:userTask id="${id}" name="${id}" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve supplement" jieli:limit="${limit}" ${more}/>`;
const watcher = (id: string, on: string, limit: string, when: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="false"><bpmn:timerEventDefinition id="${id}_t" jieli:clock="${limit}" jieli:when="${when}"/></bpmn:boundaryEvent><bpmn:serviceTask id="${id}_tell" jieli:topic="notify"/><bpmn:endEvent id="${id}_end"/>`;

/** Review, then a reply in a sub-process with a reminder at 80 % and a timer at the due moment, then delivery. */
export function timedProcess(extra = ""): string {
  const inner = flowXml("s -> examine -> e");
  return bpmn(
    `<bpmn:startEvent id="start"/>${task("review", "L.REVIEW")}
     <bpmn:subProcess id="reply" jieli:at="provider" jieli:role="provider-head" jieli:limit="L.REPLY.COND"><bpmn:startEvent id="s"/>
       <bpmn:userTask id="examine" name="examine" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve"/><bpmn:endEvent id="e"/>${inner.xml}</bpmn:subProcess>
     ${watcher("near", "reply", "L.REPLY.COND", "80%")}${watcher("due", "reply", "L.REPLY.COND", "due")}
     ${task("deliver", "L.DELIVER")}<bpmn:endEvent id="end"/>${extra}`,
    "start -> review -> reply -> deliver -> end; near -> near_tell -> near_end; due -> due_tell -> due_end",
    { id: "surviving" },
  );
}

export const system = { kind: "system", name: "test" } as const;

/** Publishes a file and gives the version that is now the newest. */
export async function publish(
  runtime: Runtime,
  xml: string,
  forms: FormBundle | null = null,
): Promise<{ definition: string; key: string }> {
  await deploy(runtime.store, {
    xml,
    forms,
    library: new Map(),
    comment: "test",
    basedOn: null,
    by: "test",
    now: runtime.clock.now(),
  });
  const key = /process id="([^"]+)"/.exec(xml)?.[1] ?? "";
  const [row] = await runtime.store.read("SELECT id FROM definition WHERE process_key = ? ORDER BY version DESC", [
    key,
  ]);
  return { definition: text(row, "id"), key };
}

/** Starts a case of a county's department against a department of the province; `facts` replace variables. */
export async function startTimed(runtime: Runtime, xml: string, facts: Variables = {}): Promise<string> {
  const { definition, key } = await publish(runtime, xml);
  const id = newId();
  const variables: Variables = {
    applicant: { organisation: "nm-civil", region: "520102", level: "county" },
    provider: { organisation: "gz-medical", region: "520000", level: "province" },
    resource: { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" },
    request: { personalInfo: "none", mode: "verify", emergency: "none", kind: "new", outsourced: false },
    ...facts,
  };
  const created = { id, caseNumber: id.slice(-12), definitionId: definition, processKey: key, startEvent: null };
  const applicant = { organisation: "nm-civil", region: "520102" };
  const provider = { organisation: "gz-medical", region: "520000" };
  const subject = { zh: "计时", en: "Timed" };
  await runtime.start({ ...created, subject, applicant, provider, variables }, system, null, async () => undefined);
  return id;
}

export async function completeTimed(runtime: Runtime, id: string, element: string, outcome = "approve"): Promise<void> {
  await runtime.dispatch({
    instanceId: id,
    actor: system,
    commandId: null,
    decide: async ({ state }) => {
      const wait = Object.values(state.waits).find((found) => found.element === element && found.type === "task");
      return { type: "completeTask", wait: wait?.id ?? element, outcome, variables: {} };
    },
  });
}
