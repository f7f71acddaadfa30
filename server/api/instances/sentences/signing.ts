import { policyKinds, policyNames } from "../../../../engine/approval/policy.ts";
import { outcomeTerms } from "../../../tasks/outcomes.ts";
import { textIn, type Payload, type Sentences } from "./sentence.ts";

const outcomeOf = (payload: Payload) => {
  const code = textIn(payload, "outcome");
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
  const tally = new Map<string, unknown>(Object.entries(payload["tally"] ?? {}));
  const at = (side: string) => Number(tally.get(side) ?? 0);
  return {
    zh: `赞成 ${at("for")}、反对 ${at("against")}、弃权 ${at("abstain")}、未签 ${at("open")}`,
    en: `${at("for")} for, ${at("against")} against, ${at("abstain")} abstained, ${at("open")} not asked`,
  };
};

const policyNamed = (kind: string) =>
  policyKinds.flatMap((known) => (known === kind ? policyNames[known] : []))[0] ?? { zh: kind, en: kind };

/** Several signers, and what the system does where people are missing or repeat themselves. */
export const signingSentences: Sentences = {
  "signer.added": (payload, { zh, en }) => {
    const place = places[textIn(payload, "place")] ?? { zh: "", en: "" };
    const advisory = payload["counts"] === false;
    return {
      zh: `为“${zh}”${place.zh}加签：${textIn(payload, "person")}${advisory ? "（仅供参考）" : ""}`,
      en: `added ${textIn(payload, "person")} as a signer ${place.en} them at “${en}”${advisory ? " (advisory)" : ""}`,
    };
  },
  "signer.removed": (payload, { zh, en }) => ({
    zh: `为“${zh}”减签：${textIn(payload, "person")}（${textIn(payload, "reason")}）`,
    en: `took ${textIn(payload, "person")} out of the signers of “${en}”: ${textIn(payload, "reason")}`,
  }),
  "signer.excused": (payload, { zh, en }) => ({
    zh: `“${zh}”的签署人 ${textIn(payload, "person")} 缺席（${textIn(payload, "reason")}）`,
    en: `marked ${textIn(payload, "person")} absent at “${en}”: ${textIn(payload, "reason")}`,
  }),
  "signing.settled": (payload, { zh, en }) => ({
    zh: `“${zh}”签署结果：${outcomeOf(payload).zh}（${why[textIn(payload, "reason")]?.zh ?? ""}；${tallyIn(payload).zh}）`,
    en: `“${en}” is signed: ${outcomeOf(payload).en} (${why[textIn(payload, "reason")]?.en ?? ""}; ${tallyIn(payload).en})`,
  }),
  "round.kept": (payload, { zh, en }) => {
    const policy = policyNamed(textIn(payload, "policy"));
    const votes = Number(payload["votes"]);
    return {
      zh: `流程换版后“${zh}”的签署继续，已签的 ${votes} 票保留，仍按开始时的方式（${policy.zh}）计票`,
      en: `the signing of “${en}” goes on in the new version: ${votes} vote(s) are kept, and counted by the policy that it began with (${policy.en})`,
    };
  },
  "task.lifted": (_payload, { zh, en }) => ({
    zh: `“${zh}”的承办人须回避，由上一级办理（系统）`,
    en: `whoever would act on “${en}” is excluded, so the next superior acts (system)`,
  }),
  "task.carriedOver": (payload, { zh, en }) => ({
    zh: `“${zh}”沿用 ${textIn(payload, "person")} 在“${textIn(payload, "stepZh")}”的意见：${outcomeOf(payload).zh}（系统，不是新的决定）`,
    en: `“${en}” carries over what ${textIn(payload, "person")} decided at “${textIn(payload, "stepEn")}”: ${outcomeOf(payload).en} (system, no new decision)`,
  }),
};
