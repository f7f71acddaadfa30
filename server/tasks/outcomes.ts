import { isDeemed } from "../../engine/calendar/deemed-effect.ts";
import type { Bilingual } from "../api/shared/common.schema.ts";

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
      /** The only reasons that this outcome may have; any where it is left out. */
      readonly reasonCodes?: readonly string[];
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
  deemedGrant: { label: { zh: "视为同意", en: "Deemed granted" }, tone: "positive" },
  deemedRefusal: { label: { zh: "视为不同意", en: "Deemed refused" }, tone: "negative" },
  delivered: { label: { zh: "已提供", en: "Delivered" }, tone: "positive" },
  obstacle: { label: { zh: "存在技术障碍", en: "Technical obstacle" }, tone: "negative", needsOpinion: true },
  fixed: { label: { zh: "已排除", en: "Removed" }, tone: "positive" },
  accept: { label: { zh: "验收通过", en: "Accept" }, tone: "positive" },
  acknowledge: { label: { zh: "知悉", en: "Acknowledge" }, tone: "positive" },
  dispute: { label: { zh: "提出异议", en: "Open a dispute" }, tone: "negative", needsOpinion: true },
  chased: { label: { zh: "已督办", en: "Chased" }, tone: "positive", needsOpinion: true },
  grant: { label: { zh: "直接授权", en: "Grant" }, tone: "positive" },
  refer: { label: { zh: "转提供部门", en: "Refer to the provider" }, tone: "neutral" },
  confirm: { label: { zh: "确认", en: "Confirm" }, tone: "positive" },
  one: { label: { zh: "一个部门持有", en: "One holder" }, tone: "positive" },
  several: { label: { zh: "多个部门持有", en: "Several holders" }, tone: "neutral" },
  none: { label: { zh: "无部门持有", en: "No holder" }, tone: "negative" },
  named: { label: { zh: "已指定", en: "Named" }, tone: "positive" },
  proposeCollecting: { label: { zh: "建议采集", en: "Propose collecting" }, tone: "positive" },
  close: { label: { zh: "结束", en: "Close" }, tone: "negative", needsOpinion: true },
  compiled: { label: { zh: "已编制", en: "Compiled" }, tone: "positive" },
  notHeld: { label: { zh: "非本部门持有", en: "Not held here" }, tone: "negative", needsOpinion: true },
  sendBack: { label: { zh: "退回", en: "Send back" }, tone: "negative", needsOpinion: true },
  propose: { label: { zh: "提出方案", en: "Offer a solution" }, tone: "positive" },
  stand: { label: { zh: "坚持原意见", en: "Hold the position" }, tone: "negative", needsOpinion: true },
  acceptShare: { label: { zh: "接受（予以共享）", en: "Accept: shared" }, tone: "positive" },
  acceptRefusal: { label: { zh: "接受不予共享", en: "Accept the refusal" }, tone: "neutral" },
  noAgreement: { label: { zh: "未达成一致", en: "No agreement" }, tone: "negative", needsOpinion: true },
  agreedShare: { label: { zh: "达成共享", en: "Agreed: share" }, tone: "positive", needsOpinion: true },
  agreedRefuse: { label: { zh: "达成不共享", en: "Agreed: not shared" }, tone: "neutral", needsOpinion: true },
  share: { label: { zh: "应予共享", en: "To be shared" }, tone: "positive", needsOpinion: true },
  conditions: { label: { zh: "附条件共享", en: "Shared with conditions" }, tone: "positive", needsOpinion: true },
  release: { label: { zh: "放行", en: "Release" }, tone: "positive" },
  masked: { label: { zh: "审查通过并已脱敏", en: "Checked and masked" }, tone: "positive" },
  secret: { label: { zh: "涉密", en: "Secret" }, tone: "negative", needsOpinion: true },
  urged: { label: { zh: "已督促", en: "Urged" }, tone: "positive" },
  order: { label: { zh: "下达放行指令", en: "Order the release" }, tone: "positive", needsOpinion: true },
  hold: { label: { zh: "暂不下达", en: "No order yet" }, tone: "neutral", needsOpinion: true },
  uphold: { label: { zh: "维持", en: "Uphold" }, tone: "negative", needsOpinion: true },
  ended: { label: { zh: "响应结束", en: "Response over" }, tone: "positive" },
  filed: { label: { zh: "已备案", en: "Filed" }, tone: "positive" },
  destroyed: { label: { zh: "已销毁", en: "Destroyed" }, tone: "positive" },
  retain: { label: { zh: "申请留存", en: "Ask to retain" }, tone: "neutral", needsOpinion: true },
  forwarded: { label: { zh: "转办", en: "Forward" }, tone: "positive" },
  corrected: { label: { zh: "已更正", en: "Corrected" }, tone: "positive" },
  asIs: { label: { zh: "数据无误", en: "Correct as it is" }, tone: "neutral", needsOpinion: true },
  otherSource: { label: { zh: "其他部门数据", en: "Another source" }, tone: "neutral", needsOpinion: true },
  done: { label: { zh: "已应用", en: "Applied" }, tone: "positive" },
  reported: { label: { zh: "已报告", en: "Reported" }, tone: "positive" },
  keep: { label: { zh: "继续使用", en: "Keep" }, tone: "positive", needsOpinion: true },
  renew: { label: { zh: "申请续期", en: "Ask for renewal" }, tone: "positive" },
  stop: { label: { zh: "停用", en: "Stop" }, tone: "neutral" },
  disposed: { label: { zh: "已处置", en: "Disposed of" }, tone: "positive" },
  stated: { label: { zh: "已陈述", en: "Stated" }, tone: "positive" },
  restore: { label: { zh: "恢复访问", en: "Restore" }, tone: "positive", needsOpinion: true },
  terminate: { label: { zh: "终止使用", en: "Terminate" }, tone: "negative", needsOpinion: true },
  dispatched: { label: { zh: "分派", en: "Dispatch" }, tone: "positive" },
  posted: { label: { zh: "已提交", en: "Posted" }, tone: "positive" },
  followed: { label: { zh: "已催询", en: "Followed up" }, tone: "positive" },
  prepared: { label: { zh: "已准备", en: "Prepared" }, tone: "positive" },
  published: { label: { zh: "已发布", en: "Published" }, tone: "positive" },
  refuseReturn: {
    label: { zh: "不予回流", en: "Refuse the return-flow" },
    tone: "negative",
    needsReasonCode: true,
    needsOpinion: true,
    // Return-flow is owed; only law, secrecy or missing security stand against it (domain rule N16).
    reasonCodes: ["R1", "R2", "R7"],
  },
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
  "gov-decider": { zh: "人民政府裁定人", en: "Decider of the people's government" },
  "duty-officer": { zh: "值班人员", en: "Duty officer" },
  "applicant-emergency": { zh: "应急专员", en: "Emergency officer" },
  manager: { zh: "时限监察人员", en: "Manager" },
  designer: { zh: "流程设计人员", en: "Designer" },
  auditor: { zh: "审计人员", en: "Auditor" },
  "system-admin": { zh: "系统管理员", en: "System administrator" },
  worker: { zh: "接口程序", en: "Program" },
};

/** What somebody may choose of the outcomes that a task's row lists; what only silence brings about is none of them. */
export function outcomesToChoose(listed: string): readonly string[] {
  return listed.split(" ").filter((outcome) => outcome !== "" && !isDeemed(outcome));
}

/** A role in words; its code where none are known. */
export function roleName(code: string): Bilingual {
  return roleTerms[code] ?? { zh: code, en: code };
}
