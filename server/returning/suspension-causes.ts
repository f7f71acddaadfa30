/**
 * Why a case may be suspended. Which clocks rest for which of these is said by the rule packs alone (`excludes` of a limit);
 * `internal` is in none of them, so that every clock runs on.
 */
export const suspensionCauses = {
  suspended: { zh: "依规挂起", en: "suspended by rule" },
  dispute: { zh: "争议协调", en: "dispute" },
  supplement: { zh: "等待申请人补正", en: "supplement by the applicant" },
  consultation: { zh: "征求第三方意见", en: "consultation of a third party" },
  expertReview: { zh: "专家评审", en: "expert review" },
  internal: { zh: "内部原因（不停止计时）", en: "internal reason (clocks run on)" },
} as const;
export type SuspensionCause = keyof typeof suspensionCauses;
export const suspensionCauseCodes = [
  "suspended",
  "dispute",
  "supplement",
  "consultation",
  "expertReview",
  "internal",
] as const;
