import { localDate } from "../../../../engine/calendar/dates.ts";
import { pauseReasonName } from "../../../../engine/routing/pause-reasons.ts";
import type { Bilingual } from "../../shared/common.schema.ts";
import { bilingualIn, textIn, type Payload, type Sentences } from "./sentence.ts";

const day = (value: unknown) => (typeof value === "string" ? localDate(value) : "—");

/** People know a time limit by its name; the code stands in where the case no longer has such a clock. */
function limit(payload: Payload): Bilingual {
  const code = textIn(payload, "limit");
  return bilingualIn(payload, "limitName") ?? { zh: code, en: code };
}

function charged(payload: Payload): Bilingual {
  const id = textIn(payload, "organisation");
  return bilingualIn(payload, "organisationName") ?? { zh: id, en: id };
}

const told = (value: Bilingual | null): Bilingual => value ?? { zh: "工作日历变化", en: "the calendar changed" };
const ladder = (payload: Payload, zh: string, en: string) => {
  const rung = told(bilingualIn(payload, "name"));
  return { zh: `${limit(payload).zh} ${zh}：${rung.zh}`, en: `${limit(payload).en} ${en}: ${rung.en}` };
};

/** What happens to the clocks of a case. */
export const clockSentences: Sentences = {
  "clock.started": (payload) => ({
    zh: `${limit(payload).zh} 开始计时，截止 ${day(payload["dueAt"])}`,
    en: `${limit(payload).en} started, due ${day(payload["dueAt"])}`,
  }),
  "clock.paused": (payload) => ({
    zh: `${limit(payload).zh} 暂停计时（${pauseReasonName(textIn(payload, "reason")).zh}）`,
    en: `${limit(payload).en} paused (${pauseReasonName(textIn(payload, "reason")).en})`,
  }),
  "clock.resumed": (payload) => ({
    zh: `${limit(payload).zh} 恢复计时，截止 ${day(payload["dueAt"])}`,
    en: `${limit(payload).en} resumed, due ${day(payload["dueAt"])}`,
  }),
  "clock.restarted": (payload) => ({
    zh: `${limit(payload).zh} 重新计时（第 ${String(payload["round"])} 轮），截止 ${day(payload["dueAt"])}`,
    en: `${limit(payload).en} restarted (round ${String(payload["round"])}), due ${day(payload["dueAt"])}`,
  }),
  "clock.extended": (payload) => ({
    zh: `${limit(payload).zh} 延长 ${String(payload["days"])} 个工作日，截止 ${day(payload["dueAt"])}：${String(payload["reason"])}`,
    en: `${limit(payload).en} extended by ${String(payload["days"])} working day(s), due ${day(payload["dueAt"])}: ${String(payload["reason"])}`,
  }),
  "clock.reopened": (payload) => ({
    zh: `退回后 ${limit(payload).zh} 按已用天数继续计时，截止 ${day(payload["dueAt"])}`,
    en: `${limit(payload).en} goes on after a return with what was used, due ${day(payload["dueAt"])}`,
  }),
  "clock.recalculated": (payload) => ({
    zh: `${limit(payload).zh} 因${told(bilingualIn(payload, "reason")).zh}重算：${day(payload["dueBefore"])} → ${day(payload["dueAt"])}${payload["kept"] === true ? "（已告知的日期不提前）" : ""}`,
    en: `${limit(payload).en} was reckoned anew (${told(bilingualIn(payload, "reason")).en}): ${day(payload["dueBefore"])} → ${day(payload["dueAt"])}${payload["kept"] === true ? " (the date that was told is kept)" : ""}`,
  }),
  "ladder.remind": (payload) => ladder(payload, "提醒", "reminder"),
  "ladder.notify": (payload) => ladder(payload, "通知负责人", "notice to the head"),
  "ladder.order": (payload) => ladder(payload, "督办", "supervisory order"),
  "order.opened": (payload) => ({
    zh: `${limit(payload).zh} 发出督办单，须于 ${day(payload["answerBy"])} 前答复`,
    en: `${limit(payload).en}: a supervisory order was sent, to be answered by ${day(payload["answerBy"])}`,
  }),
  "ladder.criticise": (payload) => ladder(payload, "通报批评", "notified criticism"),
  "notice.received": (payload) => ({
    zh: `签收通知（${limit(payload).zh}）`,
    en: `signed for a notice (${limit(payload).en})`,
  }),
  "deemed.taken": (payload) => ({
    zh: `${limit(payload).zh} 到期，按规则${payload["outcome"] === "deemedGrant" ? "视为同意" : "视为不同意"}（系统）`,
    en: `${limit(payload).en} ran out: deemed ${payload["outcome"] === "deemedGrant" ? "granted" : "refused"} by rule (system)`,
  }),
  "deemed.forbidden": (payload) => ({
    zh: `${limit(payload).zh} 到期；涉及个人信息或三级以上数据，不得视为同意（${String(payload["reason"])}）`,
    en: `${limit(payload).en} ran out; silence never releases such data (${String(payload["reason"])})`,
  }),
  "deemed.impossible": (payload) => ({
    zh: `${limit(payload).zh} 到期；流程没有“视为”出口，按超时处理`,
    en: `${limit(payload).en} ran out; the process has no way for a deemed outcome`,
  }),
  "clock.breached": (payload) => ({
    zh: `${limit(payload).zh} 超时`,
    en: `${limit(payload).en} was breached`,
  }),
  "clock.stopped": (payload) => ({
    zh: `${limit(payload).zh} 停止计时（${payload["state"] === "met" ? "按时" : payload["state"] === "breached" ? "已超时" : "不再需要"}）`,
    en: `${limit(payload).en} stopped (${payload["state"] === "met" ? "in time" : payload["state"] === "breached" ? "overdue" : "no longer needed"})`,
  }),
  "breach.recorded": (payload) => ({
    zh: `记录超时责任：${charged(payload).zh}（${limit(payload).zh}）`,
    en: `breach charged to ${charged(payload).en} (${limit(payload).en})`,
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
};
