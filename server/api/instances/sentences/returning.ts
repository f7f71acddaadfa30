import { localDate } from "../../../../engine/calendar/dates.ts";
import { outcomeTerms } from "../../../tasks/outcomes.ts";
import { bilingualIn, type Payload, type Sentences } from "./sentence.ts";

const said = (payload: Payload, key: string) => {
  const value = payload[key];
  return typeof value === "string" ? value : "";
};
/** A step that the process no longer has is called as it was then. */
const toStep = (payload: Payload) =>
  bilingualIn(payload, "toStep") ?? { zh: said(payload, "toName"), en: said(payload, "toName") };
const outcomeOf = (payload: Payload) => {
  const code = said(payload, "outcome");
  return outcomeTerms[code]?.label ?? { zh: code, en: code };
};
const countOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);
const defectsOf = (payload: Payload, { colon, end }: { readonly colon: string; readonly end: string }) => {
  const defects: unknown = payload["defects"];
  return Array.isArray(defects)
    ? defects
        .map(
          (defect: Readonly<Record<string, unknown>>) => `${String(defect["place"])}${colon}${String(defect["what"])}`,
        )
        .join(end)
    : "";
};
const day = (value: string) => (value === "" ? "" : localDate(value));
const fallenBecause: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  returned: { zh: "因退回失效", en: "fell by the return" },
  takenBack: { zh: "已由本人撤回", en: "was taken back by who took it" },
  material: { zh: "因实质性内容变化失效", en: "fell because a material field changed" },
  items: { zh: "因新增数据项失效", en: "fell because a data item was added" },
};

const repairs: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  suspend: { zh: "挂起", en: "suspend" },
  resume: { zh: "恢复", en: "resume" },
  cancel: { zh: "终止", en: "end the case" },
  setVariables: { zh: "更正数据", en: "correct data" },
  retryIncident: { zh: "重试故障环节", en: "try the incident again" },
  resolveIncident: { zh: "人工处理故障", en: "settle the incident by hand" },
  moveTokens: { zh: "移动办理位置", en: "move the case" },
  startActivity: { zh: "启动环节", en: "start a step" },
  completeAdHoc: { zh: "结束自由办理", en: "end the ad hoc part" },
  return: { zh: "退回", en: "return" },
};
const repairOf = (payload: Payload) => {
  const operation = said(payload, "operation");
  return repairs[operation] ?? { zh: operation, en: operation };
};

/** Returns, what is taken back, and what overseers do to a case. */
export const returningSentences: Sentences = {
  "case.returned": (payload, { zh, en }) => ({
    zh: `从“${zh}”退回“${toStep(payload).zh}”（${payload["afterwards"] === "backToMe" ? "更正后直接回到本人" : "更正后重新逐步办理"}）：${said(payload, "reason")}。一次性告知：${defectsOf(payload, { colon: "：", end: "；" })}`,
    en: `returned from “${en}” to “${toStep(payload).en}” (${payload["afterwards"] === "backToMe" ? "straight back after correction" : "the way is walked again"}): ${said(payload, "reason")}. Told at once: ${defectsOf(payload, { colon: ": ", end: "; " })}`,
  }),
  "decision.fallen": (payload, { zh, en }) => {
    const why = fallenBecause[said(payload, "how")] ?? { zh: "失效", en: "fell" };
    return {
      zh: `${said(payload, "who") || "系统"} 在“${zh}”的结论“${outcomeOf(payload).zh}”${why.zh}，记录保留`,
      en: `the decision “${outcomeOf(payload).en}” of ${said(payload, "who") || "the system"} at “${en}” ${why.en}; its record is kept`,
    };
  },
  "grant.fallen": () => ({
    zh: "据以授权的决定已失效，尚未提供数据，撤回授权登记",
    en: "the decision that granted access fell before anything was delivered: the grant was taken out of the record",
  }),
  "tokens.cameBack": (payload) => ({
    zh: `更正完成，按规则直接回到退回的环节（${bilingualIn(payload, "startedSteps")?.zh ?? ""}）`,
    en: `corrected: by rule the case is straight back where it was returned from (${bilingualIn(payload, "startedSteps")?.en ?? ""})`,
  }),
  "return.material": () => ({
    zh: "实质性内容有变化，按规则重新逐步办理，不直接回到退回人",
    en: "a material field changed: by rule the way is walked again instead of coming straight back",
  }),
  "return.items": () => ({
    zh: "新增的数据项尚无人审核决定，按规则重新逐步办理，不直接回到退回人",
    en: "nobody has decided on the data items that were added: by rule the way is walked again instead of coming straight back",
  }),
  "return.wayGone": () => ({
    zh: "流程换版后原环节已不存在，按规则重新逐步办理",
    en: "the step that it was returned from is gone from the process: the way is walked again",
  }),
  "decision.carriedOver": (payload, { zh, en }) => ({
    zh: `“${zh}”所审内容没有变化，系统沿用 ${said(payload, "who")} ${day(said(payload, "at"))} 的结论“${outcomeOf(payload).zh}”，未再征求意见`,
    en: `what “${en}” looks at did not change: the system carried over the decision “${outcomeOf(payload).en}” of ${said(payload, "who")}, ${day(said(payload, "at"))}; nobody was asked again`,
  }),
  "request.corrected": (payload) => ({
    // Which fields, and how, is told by the comparison, where the rights of the reader are asked.
    zh: `更正申请内容（${countOf(payload["fields"])} 项）`,
    en: `corrected the application (${countOf(payload["fields"])} field(s))`,
  }),
  "supplement.permitted": (payload) => ({
    zh: `批准二次补正：${said(payload, "reason")}`,
    en: `permitted a second supplement: ${said(payload, "reason")}`,
  }),
  "supplement.violation": (payload) => ({
    zh: `违反一次性告知：二次退回补正（${said(payload, "by")} 批准：${said(payload, "reason")}），计入违规统计`,
    en: `told twice: a second supplement (permitted by ${said(payload, "by")}: ${said(payload, "reason")}), counted as a violation`,
  }),
  "decision.takenBack": (payload, { zh, en }) => ({
    zh: `撤回“${zh}”的办理${said(payload, "reason") === "" ? "" : `：${said(payload, "reason")}`}`,
    en: `took back the decision at “${en}”${said(payload, "reason") === "" ? "" : `: ${said(payload, "reason")}`}`,
  }),
  "application.withdrawn": (payload) => ({
    zh: `申请人撤销申请：${said(payload, "reason")}`,
    en: `the applicant withdrew the application: ${said(payload, "reason")}`,
  }),
  "case.terminated": (payload) => ({
    zh: `终止办理：${said(payload, "reason")}`,
    en: `terminated the case: ${said(payload, "reason")}`,
  }),
  "case.suspendedUntil": (payload) => ({
    zh: `暂停办理（${said(payload, "causeZh")}${said(payload, "until") === "" ? "" : `，至 ${day(said(payload, "until"))} 自动恢复`}）：${said(payload, "reason")}`,
    en: `suspended the case (${said(payload, "causeEn")}${said(payload, "until") === "" ? "" : `, until ${day(said(payload, "until"))}`}): ${said(payload, "reason")}`,
  }),
  "case.resumed": (payload) => ({
    zh: `恢复办理：${said(payload, "reason")}`,
    en: `resumed the case: ${said(payload, "reason")}`,
  }),
  "jump.asked": (payload, { zh, en }) => ({
    zh: `申请跳转到“${zh}”，待另一人确认：${said(payload, "reason")}`,
    en: `asked to jump to “${en}”, to be confirmed by a second person: ${said(payload, "reason")}`,
  }),
  "jump.done": (payload, { zh, en }) => ({
    zh: `确认并跳转到“${zh}”（申请人 ${said(payload, "askedBy")}）：${said(payload, "reason")}`,
    en: `confirmed the jump to “${en}” asked for by ${said(payload, "askedBy")}: ${said(payload, "reason")}`,
  }),
  "jump.refused": (payload, { zh, en }) => ({
    zh: `不同意跳转到“${zh}”：${said(payload, "reason")}`,
    en: `refused the jump to “${en}”: ${said(payload, "reason")}`,
  }),
  "case.restarted": (payload) => ({
    zh: `以新案 ${said(payload, "caseNumber")} 重新办理：${said(payload, "reason")}`,
    en: `begun anew as case ${said(payload, "caseNumber")}: ${said(payload, "reason")}`,
  }),
  "case.restartOf": (payload) => ({
    zh: `本案由 ${said(payload, "caseNumber")} 重启：${said(payload, "reason")}`,
    en: `this case begins ${said(payload, "caseNumber")} anew: ${said(payload, "reason")}`,
  }),
  "attachment.carried": (payload) => ({
    zh: `沿用原案 ${said(payload, "caseNumber")} 的附件“${said(payload, "name")}”`,
    en: `took over the file “${said(payload, "name")}” of the case ${said(payload, "caseNumber")}`,
  }),
  "case.operated": (payload) => ({
    zh: `修复案件（${repairOf(payload).zh}）${said(payload, "reason") === "" ? "" : `：${said(payload, "reason")}`}`,
    en: `repaired the case (${repairOf(payload).en})${said(payload, "reason") === "" ? "" : `: ${said(payload, "reason")}`}`,
  }),
};
