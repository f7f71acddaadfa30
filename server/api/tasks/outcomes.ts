import type { Bilingual } from "../shared/common.schema.ts";

type Tone = "positive" | "negative" | "neutral";

/** What officials may conclude, in their words. A code that is not here is shown as it is. */
export const outcomeTerms: Readonly<
  Record<
    string,
    {
      readonly label: Bilingual;
      readonly tone: Tone;
      readonly needsReasonCode?: boolean;
      readonly needsOpinion?: boolean;
    }
  >
> = {
  approve: { label: { zh: "同意", en: "Approve" }, tone: "positive" },
  agree: { label: { zh: "建议同意", en: "Recommend approval" }, tone: "positive" },
  partial: {
    label: { zh: "部分同意", en: "Approve in part" },
    tone: "positive",
    needsReasonCode: true,
    needsOpinion: true,
  },
  refuse: {
    label: { zh: "不予共享", en: "Refuse to share" },
    tone: "negative",
    needsReasonCode: true,
    needsOpinion: true,
  },
  reject: { label: { zh: "不同意", en: "Do not approve" }, tone: "negative", needsOpinion: true },
  supplement: { label: { zh: "退回补正", en: "Return for supplement" }, tone: "neutral", needsOpinion: true },
  resubmit: { label: { zh: "重新提交", en: "Resubmit" }, tone: "positive" },
  withdraw: { label: { zh: "撤回申请", en: "Withdraw" }, tone: "negative" },
  notOurs: {
    label: { zh: "非本部门持有", en: "Not the holder" },
    tone: "neutral",
    needsReasonCode: true,
    needsOpinion: true,
  },
  askExtension: { label: { zh: "申请延期", en: "Ask for extension" }, tone: "neutral", needsOpinion: true },
  forward: { label: { zh: "转报上级", en: "Forward upward" }, tone: "positive" },
  return: { label: { zh: "退回下级", en: "Return to the level below" }, tone: "negative", needsOpinion: true },
  pass: { label: { zh: "通过", en: "Pass" }, tone: "positive" },
  fail: { label: { zh: "不通过", en: "Fail" }, tone: "negative", needsOpinion: true },
  delivered: { label: { zh: "已提供", en: "Delivered" }, tone: "positive" },
  obstacle: { label: { zh: "存在技术障碍", en: "Technical obstacle" }, tone: "negative", needsOpinion: true },
  fixed: { label: { zh: "已排除", en: "Removed" }, tone: "positive" },
  accept: { label: { zh: "验收通过", en: "Accept" }, tone: "positive" },
  acknowledge: { label: { zh: "知悉", en: "Acknowledge" }, tone: "positive" },
  dispute: { label: { zh: "提出异议", en: "Open a dispute" }, tone: "negative", needsOpinion: true },
  chased: { label: { zh: "已督办", en: "Chased" }, tone: "positive", needsOpinion: true },
};

/** Who works at a step, in words. */
export const roleTerms: Readonly<Record<string, Bilingual>> = {
  "applicant-clerk": { zh: "申请部门数据专员", en: "Applicant's data commissioner" },
  "applicant-head": { zh: "申请部门负责人", en: "Head of the applicant department" },
  "authority-reviewer": { zh: "主管部门审查人", en: "Reviewer of the data-sharing authority" },
  "authority-head": { zh: "主管部门负责人", en: "Head of the data-sharing authority" },
  "provider-clerk": { zh: "提供部门数据专员", en: "Provider's data commissioner" },
  "provider-head": { zh: "提供部门负责人", en: "Head of the provider department" },
  "security-reviewer": { zh: "数据安全审查人", en: "Data security reviewer" },
  operator: { zh: "平台运营人员", en: "Platform operator" },
  supervisor: { zh: "督办人", en: "Supervisor" },
  mediator: { zh: "协调人", en: "Mediator" },
};
