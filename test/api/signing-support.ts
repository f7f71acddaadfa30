import { demoPassword } from "../../server/runtime/seed.ts";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import type { Actor } from "../../server/runtime/actor.ts";
import { newId } from "../../server/store/ids.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { quickHash } from "../support/quick-hash.ts";
import type { ApiBench } from "./support.ts";

const panel = (attributes: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/>
     <bpmn:userTask id="sign" name="签署" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve reject supplement" ${attributes}/>
     <bpmn:exclusiveGateway id="how"/><bpmn:endEvent id="yes"/><bpmn:endEvent id="no"/>`,
    `start -> sign -> how; how -> yes if outcome = "approve"; how -> no default`,
    { id: `panel-${newId().slice(-8)}` },
  );

/** A case whose only step is signed as the attributes of the task say. Gives its id. */
export async function startPanel(bench: ApiBench, attributes: string, startedBy: Actor = system): Promise<string> {
  const { definition, key } = await publish(bench.runtime, panel(attributes));
  const id = newId();
  const applicant = { organisation: "nm-civil", region: "520102", level: "county" };
  const provider = { organisation: "gz-medical", region: "520000", level: "province" };
  const resource = { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" };
  const request = { personalInfo: "none", mode: "verify", emergency: "none", kind: "new", outsourced: false };
  await bench.runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: definition,
      processKey: key,
      startEvent: null,
      subject: { zh: "会签", en: "Panel" },
      applicant,
      provider,
      variables: { applicant, provider, resource, request },
    },
    startedBy,
    null,
    async () => undefined,
  );
  return id;
}

/** Somebody's piece of work in a case, in whatever state. */
export async function taskIn(bench: ApiBench, account: string, instanceId: string): Promise<TaskDetail> {
  const person = await bench.as(account);
  for (const view of ["mine", "unclaimed", "waiting"]) {
    const page = await person.get(`/api/tasks?view=${view}&limit=100`);
    const found = (page.body.items as TaskSummary[]).find((task) => task.instanceId === instanceId);
    if (found) return (await person.get(`/api/tasks/${found.id}`)).body;
  }
  throw new Error(`${account} has no task in ${instanceId}`);
}

/** Somebody new with one post, who signs in with the demo's password. */
export async function appoint(
  { runtime }: ApiBench,
  account: string,
  organisation: string,
  role: string,
): Promise<void> {
  const password = quickHash(demoPassword);
  await runtime.store.transaction(async (tx) => {
    await tx.insert("person", {
      id: `u-${account}`,
      account,
      name: account,
      does_zh: "",
      does_en: "",
      password,
      failures: 0,
    });
    await tx.insert("post", {
      id: newId(),
      person_id: `u-${account}`,
      organisation_id: organisation,
      role,
    });
  });
}
