import type { ProcessModel } from "../../../engine/model/process-model.ts";
import type { Actor } from "../../runtime/actor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { organisationOf } from "../present.ts";
import { outcomeTerms } from "../tasks/outcomes.ts";
import type { HistoryLine } from "./instances.schema.ts";

type Payload = Readonly<Record<string, unknown>>;
type Sentence = (payload: Payload, name: { readonly zh: string; readonly en: string }) => { zh: string; en: string };

const day = (value: unknown) =>
  typeof value === "string" ? new Date(Date.parse(value) + 8 * 3_600_000).toISOString().slice(0, 10) : "—";
const outcome = (payload: Payload) => {
  const code = typeof payload["outcome"] === "string" ? payload["outcome"] : null;
  return outcomeTerms[code ?? ""]?.label ?? { zh: code ?? "完成", en: code ?? "done" };
};

/** The lines of a journal that people read, each as a sentence. The rest of the journal is the machine's own. */
const sentences: Readonly<Record<string, Sentence>> = {
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
  "delivery.accepted": () => ({ zh: "数据已提供并验收", en: "the data were delivered and accepted" }),
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
          kind: actor.kind,
          name: actor.kind === "system" ? "系统 / system" : actor.name,
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
