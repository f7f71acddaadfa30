import type { FlowNode, ProcessModel } from "../../../engine/model/process-model.ts";
import type { Actor } from "../../runtime/actor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { itemChoices } from "../../forms/choices.ts";
import { organisationOf, regionName } from "../present.ts";
import { outcomeLabel } from "../../tasks/outcomes.ts";
import type { Bilingual, ClockView } from "../shared/common.schema.ts";
import type { HistoryLine } from "./instances.schema.ts";
import { beginningSentences, type Beginning } from "./sentences/beginning.ts";
import { toldOnce } from "./told-once.ts";
import { clockSentences } from "./sentences/clocks.ts";
import { choosingSentences } from "./sentences/choosing.ts";
import { handingSentences } from "./sentences/handing.ts";
import { itemsSentences } from "./sentences/items.ts";
import { returningSentences } from "./sentences/returning.ts";
import { sharingUseSentences } from "./sentences/sharing-use.ts";
import { signingSentences } from "./sentences/signing.ts";
import { talkSentences } from "./sentences/talk.ts";
import { bilingualIn, textIn, type Payload, type Sentences } from "./sentences/sentence.ts";

const outcome = (payload: Payload) =>
  typeof payload["outcome"] === "string"
    ? outcomeLabel(payload["outcome"], textIn(payload, "stepForm"))
    : { zh: "完成", en: "done" };

/** The lines of a journal that people read, each as a sentence. The rest of the journal is the machine's own. */
const sentences: Sentences = {
  ...clockSentences,
  ...choosingSentences,
  ...handingSentences,
  ...itemsSentences,
  ...returningSentences,
  ...sharingUseSentences,
  ...signingSentences,
  ...talkSentences,
  ...beginningSentences,
  "task.created": (_payload, { zh, en }) => ({ zh: `“${zh}”到达`, en: `“${en}” opened` }),
  "task.claimed": (_payload, { zh, en }) => ({ zh: `认领“${zh}”`, en: `claimed “${en}”` }),
  "task.released": (_payload, { zh, en }) => ({ zh: `释放“${zh}”`, en: `released “${en}”` }),
  "decision.taken": (payload, { zh, en }) => ({
    zh: `办理“${zh}”：${outcome(payload).zh}`,
    en: `decided “${en}”: ${outcome(payload).en}`,
  }),
  "task.cancelled": (_payload, { zh, en }) => ({
    zh: `“${zh}”不再需要，已取消`,
    en: `“${en}” was no longer needed and was cancelled`,
  }),
  "element.skipped": (_payload, { zh, en }) => ({
    zh: `按路由规则不需办理“${zh}”`,
    en: `“${en}” was not needed by the route`,
  }),
  "card.contested": (payload) => ({
    zh: `申诉“${String(payload["rung"])}”：${String(payload["reason"])}`,
    en: `contested “${String(payload["rung"])}”: ${String(payload["reason"])}`,
  }),
  "card.decided": (payload) => ({
    zh: `${payload["decision"] === "upheld" ? "维持" : "撤销"}“${String(payload["rung"])}”：${String(payload["reason"])}`,
    en: `${payload["decision"] === "upheld" ? "upheld" : "withdrew"} “${String(payload["rung"])}”: ${String(payload["reason"])}`,
  }),
  "order.replied": (payload) => ({
    zh: `答复督办：${String(payload["reply"])}`,
    en: `answered the supervisory order: ${String(payload["reply"])}`,
  }),
  "order.verified": (payload) => ({
    zh: `${payload["accepted"] === true ? "核实办结督办" : "退回督办答复"}：${String(payload["verification"])}`,
    en: `${payload["accepted"] === true ? "closed the supervisory order" : "sent the answer back"}: ${String(payload["verification"])}`,
  }),
  "incident.raised": (payload, { zh, en }) => ({
    zh: `“${zh}”发生故障：${String(payload["message"])}`,
    en: `incident at “${en}”: ${String(payload["message"])}`,
  }),
  "incident.resolved": (payload, { zh, en }) => {
    if (payload["how"] === "byHand")
      return { zh: `“${zh}”的故障已人工处理，继续办理`, en: `the incident at “${en}” was settled by hand` };
    return payload["how"] === "cancelled"
      ? { zh: `“${zh}”的故障随环节取消`, en: `the incident at “${en}” went with the step that was cancelled` }
      : { zh: `“${zh}”的故障已重试`, en: `the incident at “${en}” was retried` };
  },
  // Why is told by the line of what moved it: a return, a jump, a step taken back, a repair.
  "tokens.moved": (payload) => ({
    zh: `办理位置移到“${bilingualIn(payload, "startedSteps")?.zh ?? ""}”`,
    en: `moved the case to “${bilingualIn(payload, "startedSteps")?.en ?? ""}”`,
  }),
  "process.migrated": (payload) => ({
    zh: `改按新版本流程办理：${String(payload["reason"])}`,
    en: `the case goes on with another version of its process: ${String(payload["reason"])}`,
  }),
  "process.suspended": (payload) => ({
    zh: `暂停办理：${String(payload["reason"])}`,
    en: `suspended the case: ${String(payload["reason"])}`,
  }),
  "process.resumed": () => ({ zh: "恢复办理", en: "resumed the case" }),
  "process.completed": () => ({ zh: "事项办结", en: "the case was closed" }),
  "process.terminated": () => ({ zh: "事项终止", en: "the case was terminated" }),
  "process.cancelled": (payload) => ({
    zh: `事项撤销：${String(payload["reason"])}`,
    en: `the case was cancelled: ${String(payload["reason"])}`,
  }),
};

/** The sentence of a line that concerns a clock and no element; `null` for one that people do not read. */
export function clockSentence(type: string, payload: Payload, limits: LimitNames): Bilingual | null {
  return sentences[type]?.({ ...payload, ...namesIn(payload, limits) }, { zh: "", en: "" }) ?? null;
}

/** Names of the time limits of a case by their codes. */
export type LimitNames = ReadonlyMap<string, Bilingual>;

export function limitNames(clocks: readonly ClockView[]): LimitNames {
  return new Map(clocks.map(({ limitCode, name }) => [limitCode, name]));
}

/** The journal keeps codes, which stay true; people read names. */
function namesIn(payload: Payload, limits: LimitNames): Payload {
  const limit = limits.get(textIn(payload, "limit"));
  return limit ? { limitName: limit } : {};
}

/** Both names belong to what a substitute did. */
export function actorName(actor: Actor): string {
  if (actor.kind === "system") return "系统 / system";
  return actor.kind === "person" && actor.onBehalfOf ? `${actor.name}（代${actor.onBehalfOf.name}）` : actor.name;
}

/** Names of what the journal keeps by code: organisations, items of the case's resource, divisions. */
function namesOfCodes(runtime: Runtime, resource: string | null, payload: Payload): Payload {
  const id = textIn(payload, "organisation");
  const entry = runtime.content.resources.find((known) => known.id === resource);
  const items = (key: string) => itemChoices(entry, codesIn(payload[key])).map(({ label }) => label);
  return {
    ...(id === "" ? {} : { organisationName: organisationOf(runtime, id).name }),
    usersNames: codesIn(payload["users"]).map((organisation) => organisationOf(runtime, organisation).name),
    itemsNames: items("items"),
    withoutNames: items("without"),
    regionNames: (code: string) => regionName(runtime, code),
  };
}

function codesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((code): code is string => typeof code === "string") : [];
}

/** Whose it is, for sentences that say so beside the names of both. */
function inSteadIn(actor: Actor): Payload {
  return actor.kind === "person" && actor.onBehalfOf ? { inSteadOf: actor.onBehalfOf.name } : {};
}

function nodeIn(models: readonly ProcessModel[], element: string): FlowNode | undefined {
  return models.flatMap((model) => [model.elements.get(element)]).find((found) => found !== undefined);
}

/** What a step is called now, in any of the processes of its case. */
export function stepName(models: readonly ProcessModel[], element: string): Bilingual {
  const node = nodeIn(models, element);
  return { zh: node?.name ?? element, en: node?.documentation ?? node?.name ?? element };
}

/** The key of the form of a step, by which its outcomes may have words of their own. */
function formAt(models: readonly ProcessModel[], element: string): Payload {
  const node = nodeIn(models, element);
  return node && "form" in node && node.form !== null ? { stepForm: node.form } : {};
}

/** The step that a line leads to, and those at which the case stands again, by name. */
function stepsIn(payload: Payload, models: readonly ProcessModel[]): Payload {
  const [to, started] = [textIn(payload, "to"), payload["started"]];
  const names = Array.isArray(started) ? started.map((id) => stepName(models, String(id))) : [];
  return {
    ...(to === "" || !nodeIn(models, to) ? {} : { toStep: stepName(models, to) }),
    startedSteps: { zh: names.map(({ zh }) => zh).join("、"), en: names.map(({ en }) => en).join(", ") },
  };
}

export interface HistoryQuestion {
  readonly rows: readonly Row[];
  readonly models: readonly ProcessModel[];
  readonly limits: LimitNames;
  /** Catalogue entry that the case is about, by its id; `null` where it is about none. */
  readonly resource: string | null;
  readonly beginning: Beginning;
}

export function historyLines(
  runtime: Runtime,
  { rows, models, limits, resource, beginning }: HistoryQuestion,
): HistoryLine[] {
  return toldOnce(rows).flatMap((row) => {
    const type = text(row, "type");
    const sentence = sentences[type];
    if (!sentence) return [];
    const element = optionalText(row, "element");
    const written = json<Payload>(row, "payload");
    const actor = json<Actor>(row, "actor");
    const payload: Payload = {
      ...written,
      ...namesIn(written, limits),
      ...namesOfCodes(runtime, resource, written),
      ...stepsIn(written, models),
      ...inSteadIn(actor),
      ...formAt(models, element ?? ""),
      beginning,
    };
    return [
      {
        seq: integer(row, "seq"),
        at: text(row, "at"),
        type,
        element,
        elementName: element === null ? null : (nodeIn(models, element)?.name ?? null),
        actor: {
          kind: actor.kind === "person" && actor.onBehalfOf ? ("substitute" as const) : actor.kind,
          name: actorName(actor),
          organisation:
            actor.kind === "person" && actor.organisation ? organisationOf(runtime, actor.organisation) : null,
        },
        sentence: sentence(payload, stepName(models, element ?? "")),
        opinion: typeof payload["opinion"] === "string" && payload["opinion"] !== "" ? payload["opinion"] : null,
        reasonCode: typeof payload["reasonCode"] === "string" ? payload["reasonCode"] : null,
      },
    ];
  });
}
