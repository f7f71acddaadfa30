import { outcomeTerms } from "../../../tasks/outcomes.ts";
import type { Payload, Sentences } from "./sentence.ts";

const outcomeOf = (payload: Payload) => {
  const code = String(payload["outcome"] ?? "");
  return outcomeTerms[code]?.label ?? { zh: code, en: code };
};
const places: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  before: { zh: "前", en: "before" },
  beside: { zh: "并", en: "beside" },
  after: { zh: "后", en: "after" },
};
const why: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  firstDecision: { zh: "首个意见即生效", en: "the first decision counts" },
  veto: { zh: "一票否决", en: "a veto" },
  passed: { zh: "已达通过条件", en: "enough are in favour" },
  failed: { zh: "已不可能通过", en: "it can no longer pass" },
  refuseCount: { zh: "反对票已达上限", en: "enough are against" },
  quorumMissed: { zh: "不足法定人数", en: "the quorum was missed" },
  interrupted: { zh: "尚不能表决", en: "it cannot be voted on yet" },
};
const tallyIn = (payload: Payload) => {
  const tally = payload["tally"];
  const at = (side: string) =>
    typeof tally === "object" && tally !== null ? String((tally as Record<string, unknown>)[side] ?? 0) : "0";
  return {
    zh: `赞成 ${at("for")}、反对 ${at("against")}、弃权 ${at("abstain")}、未签 ${at("open")}`,
    en: `${at("for")} for, ${at("against")} against, ${at("abstain")} abstained, ${at("open")} not asked`,
  };
};

/** Several signers, and what the system does where people are missing or repeat themselves. */
export const signingSentences: Sentences = {
  "signer.added": (payload, { zh, en }) => {
    const place = places[String(payload["place"])] ?? { zh: "", en: "" };
    const advisory = payload["counts"] === false;
    return {
      zh: `为“${zh}”${place.zh}加签：${String(payload["person"])}${advisory ? "（仅供参考）" : ""}`,
      en: `added ${String(payload["person"])} as a signer ${place.en} them at “${en}”${advisory ? " (advisory)" : ""}`,
    };
  },
  "signer.removed": (payload, { zh, en }) => ({
    zh: `为“${zh}”减签：${String(payload["person"])}（${String(payload["reason"])}）`,
    en: `took ${String(payload["person"])} out of the signers of “${en}”: ${String(payload["reason"])}`,
  }),
  "signer.excused": (payload, { zh, en }) => ({
    zh: `“${zh}”的签署人 ${String(payload["person"])} 缺席（${String(payload["reason"])}）`,
    en: `marked ${String(payload["person"])} absent at “${en}”: ${String(payload["reason"])}`,
  }),
  "signing.settled": (payload, { zh, en }) => ({
    zh: `“${zh}”签署结果：${outcomeOf(payload).zh}（${why[String(payload["reason"])]?.zh ?? ""}；${tallyIn(payload).zh}）`,
    en: `“${en}” is signed: ${outcomeOf(payload).en} (${why[String(payload["reason"])]?.en ?? ""}; ${tallyIn(payload).en})`,
  }),
  "task.lifted": (_payload, { zh, en }) => ({
    zh: `“${zh}”的承办人须回避，由上一级办理（系统）`,
    en: `whoever would act on “${en}” is excluded, so the next superior acts (system)`,
  }),
  "task.carriedOver": (payload, { zh, en }) => ({
    zh: `“${zh}”沿用 ${String(payload["person"])} 在“${String(payload["stepZh"])}”的意见：${outcomeOf(payload).zh}（系统，不是新的决定）`,
    en: `“${en}” carries over what ${String(payload["person"])} decided at “${String(payload["stepEn"])}”: ${outcomeOf(payload).en} (system, no new decision)`,
  }),
};
