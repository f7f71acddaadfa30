import { caseSituations, type CaseSituationName } from "../../engine/approval/situations.ts";
import type { TaskDetail, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { FormBundle } from "../../server/forms/bundle.ts";
import { newId } from "../../server/store/ids.ts";
import type { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn, flowXml } from "../support/bpmn.ts";

/** What a case can be in when somebody operates on it. Every operation is tried in each of them. */
export type SituationName = CaseSituationName;
export const everySituation = Object.keys(caseSituations).filter(
  (name): name is SituationName => name in caseSituations,
);
export type LiveSituation = Exclude<SituationName, "ended">;
/** Those of a case that has not ended. */
export const situations = everySituation.filter((name): name is LiveSituation => name !== "ended");

/** The steps that are open in each situation, and once more when one that was returned from there has come back. */
export const stepsAtHand: Readonly<Record<LiveSituation, readonly string[]>> = {
  single: ["work"],
  parallelBranch: ["other", "work"],
  subProcess: ["work"],
  multiInstance: ["work", "work"],
  pausedClock: ["other", "work"],
  calledProcess: ["work"],
  suspended: ["work"],
  migrated: ["examine"],
};

/** A case brought into a situation: `work` is the step at hand, `account` may decide it. */
export interface OpenSituation {
  readonly name: SituationName;
  readonly instanceId: string;
  readonly definitionId: string;
  readonly processKey: string;
  readonly work: string;
  readonly account: string;
  /** The task of the step at hand, read anew: the open one where there is one. */
  readonly task: () => Promise<TaskDetail>;
}

/** Something to be done before the case comes into its situation, such as asking somebody while it still runs. */
export type Preparation = (bench: ApiBench, at: OpenSituation) => Promise<void>;

/** Who does what in every case here: an applicant of a county asks a department of the province. */
export const people = {
  /** Began the case; corrects it. */
  applicant: "wang",
  /** Decides `sign`, the first step. */
  signer: "liu",
  /** Decides `review`, the step before `work`. */
  reviewer: "chen",
  /** Decides `work`. */
  worker: "zhang",
  /** Decides `other`, the branch beside `work`. */
  beside: "wu",
  /** Heads the worker's organisation and decides `settle`. */
  head: "yang",
  /** Oversee the regions of the case. */
  overseers: ["guan", "huang"],
  stranger: "luo",
} as const;

/**
 * Brings a new case into a situation, through the API: `sign` and `review` have been decided, `work` is open.
 *
 *     for (const name of situations) it(name, async () => {
 *       const at = await openSituation(bench, name);
 *       const answer = await (await bench.as(at.account)).post(`/api/tasks/${(await at.task()).id}/…`, {…});
 *     });
 */
export async function openSituation(
  bench: ApiBench,
  name: SituationName,
  attributes: Partial<StepAttributes> = {},
  prepare: Preparation | null = null,
): Promise<OpenSituation> {
  const key = `situation-${name}-${newId().slice(-8).toLowerCase()}`;
  if (name === "calledProcess") await publish(bench.runtime, calledXml(key, attributes));
  const { definition } = await publish(bench.runtime, situationXml(key, name, "work", attributes), situationForms);
  const instanceId = await startCase(bench, definition, key);
  await decide(bench, { instanceId, account: people.signer, element: "sign", outcome: "approve" });
  await decide(bench, { instanceId, account: people.reviewer, element: "review", outcome: "approve" });
  const at = (definitionId: string, work: string): OpenSituation => ({
    name,
    instanceId,
    definitionId,
    processKey: key,
    work,
    account: people.worker,
    task: () => taskAt(bench, instanceId, work, name === "ended"),
  });
  const before = at(definition, "work");
  await prepare?.(bench, before);
  if (name === "suspended") await suspend(bench, instanceId);
  if (name === "ended") await end(bench, instanceId);
  if (name !== "migrated") return before;
  return at(await migrate(bench, before, attributes), "examine");
}

/** Attributes of the steps, for what an operation depends on. */
export interface StepAttributes {
  /** Given, the step at hand has one behind it in the same sub-process or called process: `check`. */
  readonly check: string;
  readonly sign: string;
  readonly review: string;
  readonly work: string;
}

const step = (id: string, at: string, role: string, more = "") =>
  `<bpmn:userTask id="${id}" name="${id}" jieli:at="${at}" jieli:role="${role}" ${more}>`;
const plain = (id: string, at: string, role: string, more = "") => `${step(id, at, role, more)}</bpmn:userTask>`;
const limited = (more = "") => `jieli:outcomes="approve refuse" jieli:limit="L.REPLY.COND" ${more}`;

/** What a called process is given of its caller's data. */
const passedOn = ["applicant", "provider", "resource", "request"]
  .map((name) => `<jieli:in source="${name}" target="${name}" />`)
  .join("");

function withCheck({ check }: Partial<StepAttributes>): { readonly nodes: string; readonly flows: string } {
  if (check === undefined) return { nodes: "", flows: "" };
  return {
    nodes: plain("check", "provider", "provider-head", `jieli:outcomes="approve refuse" ${check}`),
    flows: "check -> ",
  };
}

/** The process that a case in a called process stands in. */
function calledXml(key: string, attributes: Partial<StepAttributes>): string {
  const { nodes, flows } = withCheck(attributes);
  return bpmn(
    `<bpmn:startEvent id="inside"/>${plain("work", "provider", "provider-clerk", limited(attributes.work))}${nodes}<bpmn:endEvent id="out"/>`,
    `inside -> work -> ${flows}out`,
    { id: `${key}-called` },
  );
}

/** The process of a situation. `work` is named by the caller, so that a later version may rename it. */
function situationXml(key: string, name: SituationName, work: string, attributes: Partial<StepAttributes>): string {
  const workLimit = limited(attributes.work);
  const worker = plain(work, "provider", "provider-clerk", workLimit);
  const several = `${step(work, "provider", "provider-clerk", workLimit)}<bpmn:multiInstanceLoopCharacteristics jieli:collection="signers" jieli:elementVariable="signer"/></bpmn:userTask>`;
  const beside = plain("other", "provider", "security-reviewer", `jieli:outcomes="pass fail"`);
  const asking = plain("other", "provider", "security-reviewer", `jieli:outcomes="pass" jieli:pauses="consultation"`);
  const split = (branch: string) =>
    `<bpmn:parallelGateway id="split"/>${worker}${branch}<bpmn:parallelGateway id="join"/>`;
  const more = withCheck(attributes);
  const inner = flowXml(`inside -> ${work} -> ${more.flows}out`);
  const middle: Readonly<Record<SituationName, readonly [string, string]>> = {
    single: [worker, `review -> ${work} -> settle`],
    suspended: [worker, `review -> ${work} -> settle`],
    ended: [worker, `review -> ${work} -> settle`],
    calledProcess: [
      `<bpmn:callActivity id="call" name="call" calledElement="${key}-called"><bpmn:extensionElements>${passedOn}</bpmn:extensionElements></bpmn:callActivity>`,
      "review -> call -> settle",
    ],
    migrated: [worker, `review -> ${work} -> settle`],
    multiInstance: [several, `review -> ${work} -> settle`],
    subProcess: [
      `<bpmn:subProcess id="inner"><bpmn:startEvent id="inside"/>${worker}${more.nodes}<bpmn:endEvent id="out"/>${inner.xml}</bpmn:subProcess>`,
      "review -> inner -> settle",
    ],
    parallelBranch: [split(beside), `review -> split -> ${work} -> join -> settle; split -> other -> join`],
    pausedClock: [split(asking), `review -> split -> ${work} -> join -> settle; split -> other -> join`],
  };
  const [nodes, flows] = middle[name];
  return bpmn(
    `<bpmn:startEvent id="start"/>
     ${plain("sign", "applicant", "applicant-head", `jieli:outcomes="approve reject" ${attributes.sign ?? ""}`)}
     ${plain("review", "applicantAuthority", "authority-reviewer", `jieli:outcomes="approve refuse" jieli:limit="L.REVIEW" ${attributes.review ?? ""}`)}
     ${nodes}
     ${plain("settle", "provider", "provider-head", `jieli:outcomes="approve refuse"`)}
     <bpmn:endEvent id="end"/>`,
    `start -> sign -> review; ${flows}; settle -> end`,
    { id: key },
  );
}

/** The form by which the application of a situation may be corrected. */
const situationForms = JSON.parse(
  JSON.stringify({
    application: {
      id: "application",
      name: { zh: "申请", en: "Application" },
      components: [
        { type: "jieli-items", key: "items", label: "数据项", labelEn: "Data items", validate: { required: true } },
        { type: "textarea", key: "purpose", label: "使用目的", labelEn: "Purpose", validate: { required: true } },
      ],
    },
  }),
) as FormBundle;

/** What a case of the test processes knows. */
export const situationFacts: Variables = {
  applicant: { organisation: "nm-civil", region: "520102", level: "county" },
  provider: { organisation: "gz-medical", region: "520000", level: "province" },
  resource: { shareClass: "conditional", hookup: "catalogued", grade: 1, vertical: "none" },
  request: {
    personalInfo: "none",
    mode: "verify",
    emergency: "none",
    kind: "new",
    outsourced: false,
    items: ["a", "b"],
    purpose: "核验低保对象参保情况",
  },
  signers: ["first", "second"],
  supplements: 0,
};

/** Starts a case of a process of the test's own, as the applicant's clerk. `facts` replace what it knows otherwise. */
export async function startCase(
  bench: ApiBench,
  definitionId: string,
  processKey: string,
  facts: Variables = {},
): Promise<string> {
  const id = newId();
  const created = { id, caseNumber: id.slice(-12), definitionId, processKey, startEvent: null };
  const applicant = { organisation: "nm-civil", region: "520102" };
  const provider = { organisation: "gz-medical", region: "520000" };
  const subject = { zh: "医保参保信息", en: "Medical insurance" };
  const actor = { kind: "person", id: "u-wang", name: "王敏", organisation: "nm-civil" } as const;
  const start = { ...created, subject, applicant, provider, variables: { ...situationFacts, ...facts } };
  await bench.runtime.start(start, actor, null, async () => undefined);
  return id;
}

/** The open task of a case at an element, or also one that is over, as whoever may see the case reads it. */
export async function taskAt(
  bench: ApiBench,
  instanceId: string,
  element: string,
  orOver = false,
): Promise<TaskDetail> {
  const [row] = await bench.runtime.store.read(
    `SELECT id FROM task WHERE instance_id = ? AND element = ? ${orOver ? "" : "AND state IN ('open', 'waiting')"} AND kind = 'decide' ORDER BY created_at, id`,
    [instanceId, element],
  );
  if (!row) throw new Error(`${instanceId} has no open task ${element}`);
  const answer = await (await bench.as("guan")).get(`/api/tasks/${String(row["id"])}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

/** Elements of the open tasks of a case, sorted. */
export async function openSteps(bench: ApiBench, instanceId: string): Promise<readonly string[]> {
  const rows = await bench.runtime.store.read(
    "SELECT element FROM task WHERE instance_id = ? AND state IN ('open', 'waiting') ORDER BY element, id",
    [instanceId],
  );
  return rows.map((row) => String(row["element"]));
}

interface Decided {
  readonly instanceId: string;
  readonly account: string;
  readonly element: string;
  readonly outcome: string;
}

/** Decides the open task at an element, through the API. */
export async function decide(
  bench: ApiBench,
  { instanceId, account, element, outcome }: Decided,
): Promise<Pick<TaskSummary, "id">> {
  const { id, rev } = await taskAt(bench, instanceId, element);
  const body = { outcome, rev, opinion: "依据三定规定，同意按所列范围办理。" };
  const answer = await (await bench.as(account)).post(`/api/tasks/${id}/complete`, body);
  if (answer.status !== 200) throw new Error(`${element}: ${answer.text}`);
  return { id };
}

async function suspend(bench: ApiBench, instanceId: string): Promise<void> {
  await bench.runtime.dispatch({
    instanceId,
    actor: { kind: "system", name: "test" },
    commandId: null,
    decide: async () => ({ type: "suspend", reason: "争议协调" }),
  });
}

async function end(bench: ApiBench, instanceId: string): Promise<void> {
  const answer = await (await bench.as("guan")).post(`/api/instances/${instanceId}/terminate`, { reason: "依法终止" });
  if (answer.status !== 200) throw new Error(answer.text);
}

/** Moves a case to a new version of its process, whose step at hand has another name. Gives the version. */
export async function migrate(
  bench: ApiBench,
  { processKey, definitionId }: Pick<OpenSituation, "processKey" | "definitionId">,
  attributes: Partial<StepAttributes> = {},
): Promise<string> {
  const next = await publish(bench.runtime, situationXml(processKey, "migrated", "examine", attributes));
  const body = { from: definitionId, to: next.definition, reason: "换版", apply: true, plan: migration };
  const answer = await (await bench.as("lin")).post("/api/migrations", body);
  if (answer.status !== 200 || !answer.body.cases[0]?.migrated) throw new Error(answer.text);
  return next.definition;
}

const migration = {
  elements: { work: "examine" },
  flows: { review_work: "review_examine", work_settle: "examine_settle" },
};
