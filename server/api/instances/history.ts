import { localDate } from "../../../engine/calendar/dates.ts";
import type { ProcessModel } from "../../../engine/model/process-model.ts";
import type { Actor } from "../../runtime/actor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { organisationOf } from "../present.ts";
import { outcomeTerms } from "../../tasks/outcomes.ts";
import type { HistoryLine } from "./instances.schema.ts";
import { handingSentences } from "./sentences/handing.ts";
import { itemsSentences } from "./sentences/items.ts";
import { returningSentences } from "./sentences/returning.ts";
import { sharingUseSentences } from "./sentences/sharing-use.ts";
import { signingSentences } from "./sentences/signing.ts";
import { talkSentences } from "./sentences/talk.ts";
import type { Payload, Sentences } from "./sentences/sentence.ts";

const day = (value: unknown) => (typeof value === "string" ? localDate(value) : "—");
const outcome = (payload: Payload) => {
  const code = typeof payload["outcome"] === "string" ? payload["outcome"] : null;
  return outcomeTerms[code ?? ""]?.label ?? { zh: code ?? "完成", en: code ?? "done" };
};

const told = (value: unknown): { zh: string; en: string } =>
  typeof value === "object" && value !== null && "zh" in value && "en" in value
    ? { zh: String(value.zh), en: String(value.en) }
    : { zh: "工作日历变化", en: "the calendar changed" };
const ladder = (payload: Payload, zh: string, en: string) => ({
  zh: `${String(payload["limit"])} ${zh}：${told(payload["name"]).zh}`,
  en: `${String(payload["limit"])} ${en}: ${told(payload["name"]).en}`,
});

/** The lines of a journal that people read, each as a sentence. The rest of the journal is the machine's own. */
const sentences: Sentences = {
  ...handingSentences,
  ...itemsSentences,
  ...returningSentences,
  ...sharingUseSentences,
  ...signingSentences,
  ...talkSentences,
  "process.started": () => ({ zh: "提交申请", en: "submitted the application" }),
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
  "clock.started": (payload) => ({
    zh: `${String(payload["limit"])} 开始计时，截止 ${day(payload["dueAt"])}`,
    en: `${String(payload["limit"])} started, due ${day(payload["dueAt"])}`,
  }),
  "clock.paused": (payload) => ({
    zh: `${String(payload["limit"])} 暂停计时（${String(payload["reason"])}）`,
    en: `${String(payload["limit"])} paused (${String(payload["reason"])})`,
  }),
  "clock.resumed": (payload) => ({
    zh: `${String(payload["limit"])} 恢复计时，截止 ${day(payload["dueAt"])}`,
    en: `${String(payload["limit"])} resumed, due ${day(payload["dueAt"])}`,
  }),
  "clock.restarted": (payload) => ({
    zh: `${String(payload["limit"])} 重新计时（第 ${String(payload["round"])} 轮），截止 ${day(payload["dueAt"])}`,
    en: `${String(payload["limit"])} restarted (round ${String(payload["round"])}), due ${day(payload["dueAt"])}`,
  }),
  "clock.extended": (payload) => ({
    zh: `${String(payload["limit"])} 延长 ${String(payload["days"])} 个工作日，截止 ${day(payload["dueAt"])}：${String(payload["reason"])}`,
    en: `${String(payload["limit"])} extended by ${String(payload["days"])} working day(s), due ${day(payload["dueAt"])}: ${String(payload["reason"])}`,
  }),
  "clock.reopened": (payload) => ({
    zh: `退回后 ${String(payload["limit"])} 按已用天数继续计时，截止 ${day(payload["dueAt"])}`,
    en: `${String(payload["limit"])} goes on after a return with what was used, due ${day(payload["dueAt"])}`,
  }),
  "clock.recalculated": (payload) => ({
    zh: `${String(payload["limit"])} 因${told(payload["reason"]).zh}重算：${day(payload["dueBefore"])} → ${day(payload["dueAt"])}${payload["kept"] === true ? "（已告知的日期不提前）" : ""}`,
    en: `${String(payload["limit"])} was reckoned anew (${told(payload["reason"]).en}): ${day(payload["dueBefore"])} → ${day(payload["dueAt"])}${payload["kept"] === true ? " (the date that was told is kept)" : ""}`,
  }),
  "ladder.remind": (payload) => ladder(payload, "提醒", "reminder"),
  "ladder.notify": (payload) => ladder(payload, "通知负责人", "notice to the head"),
  "ladder.order": (payload) => ladder(payload, "督办", "supervisory order"),
  "order.opened": (payload) => ({
    zh: `${String(payload["limit"])} 发出督办单，须于 ${day(payload["answerBy"])} 前答复`,
    en: `${String(payload["limit"])}: a supervisory order was sent, to be answered by ${day(payload["answerBy"])}`,
  }),
  "ladder.criticise": (payload) => ladder(payload, "通报批评", "notified criticism"),
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
  "notice.received": (payload) => ({
    zh: `签收通知（${String(payload["limit"])}）`,
    en: `signed for a notice (${String(payload["limit"])})`,
  }),
  "deemed.taken": (payload) => ({
    zh: `${String(payload["limit"])} 到期，按规则${payload["outcome"] === "deemedGrant" ? "视为同意" : "视为不同意"}（系统）`,
    en: `${String(payload["limit"])} ran out: deemed ${payload["outcome"] === "deemedGrant" ? "granted" : "refused"} by rule (system)`,
  }),
  "deemed.forbidden": (payload) => ({
    zh: `${String(payload["limit"])} 到期；涉及个人信息或三级以上数据，不得视为同意（${String(payload["reason"])}）`,
    en: `${String(payload["limit"])} ran out; silence never releases such data (${String(payload["reason"])})`,
  }),
  "deemed.impossible": (payload) => ({
    zh: `${String(payload["limit"])} 到期；流程没有“视为”出口，按超时处理`,
    en: `${String(payload["limit"])} ran out; the process has no way for a deemed outcome`,
  }),
  "clock.breached": (payload) => ({
    zh: `${String(payload["limit"])} 超时`,
    en: `${String(payload["limit"])} was breached`,
  }),
  "clock.stopped": (payload) => ({
    zh: `${String(payload["limit"])} 停止计时（${payload["state"] === "met" ? "按时" : payload["state"] === "breached" ? "已超时" : "不再需要"}）`,
    en: `${String(payload["limit"])} stopped (${String(payload["state"])})`,
  }),
  "breach.recorded": (payload) => ({
    zh: `记录超时责任：${String(payload["organisation"])}（${String(payload["limit"])}）`,
    en: `breach charged to ${String(payload["organisation"])} (${String(payload["limit"])})`,
  }),
  "extension.notified": (payload) => ({
    zh: `已告知申请人延期 ${String(payload["days"])} 个工作日`,
    en: `the applicant was told of the extension by ${String(payload["days"])} working day(s)`,
  }),
  "extension.refused": (payload) => ({
    zh: `延期未生效：${String(payload["reason"])}`,
    en: `the extension was not possible: ${String(payload["reason"])}`,
  }),
  "reminder.sent": () => ({
    zh: "时限已用 80%，已提醒承办人",
    en: "80 % of the limit has passed; the holders were reminded",
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
  "tokens.moved": (payload) => ({
    zh: `移动办理位置到 ${String(payload["started"])}：${String(payload["reason"])}`,
    en: `moved the case to ${String(payload["started"])}: ${String(payload["reason"])}`,
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
export function clockSentence(type: string, payload: Payload): { zh: string; en: string } | null {
  return sentences[type]?.(payload, { zh: "", en: "" }) ?? null;
}

/** Both names belong to what a substitute did. */
export function actorName(actor: Actor): string {
  if (actor.kind === "system") return "系统 / system";
  return actor.kind === "person" && actor.onBehalfOf ? `${actor.name}（代${actor.onBehalfOf.name}）` : actor.name;
}

export function historyLines(runtime: Runtime, rows: readonly Row[], models: readonly ProcessModel[]): HistoryLine[] {
  return rows.flatMap((row) => {
    const type = text(row, "type");
    const sentence = sentences[type];
    if (!sentence) return [];
    const element = optionalText(row, "element");
    const node = models.flatMap((model) => [model.elements.get(element ?? "")]).find((found) => found !== undefined);
    const payload = json<Payload>(row, "payload");
    const actor = json<Actor>(row, "actor");
    return [
      {
        seq: integer(row, "seq"),
        at: text(row, "at"),
        type,
        element,
        elementName: node?.name ?? null,
        actor: {
          kind: actor.kind === "person" && actor.onBehalfOf ? ("substitute" as const) : actor.kind,
          name: actorName(actor),
          organisation:
            actor.kind === "person" && actor.organisation ? organisationOf(runtime, actor.organisation) : null,
        },
        sentence: sentence(payload, {
          zh: node?.name ?? element ?? "",
          en: node?.documentation ?? node?.name ?? element ?? "",
        }),
        opinion: typeof payload["opinion"] === "string" && payload["opinion"] !== "" ? payload["opinion"] : null,
        reasonCode: typeof payload["reasonCode"] === "string" ? payload["reasonCode"] : null,
      },
    ];
  });
}
