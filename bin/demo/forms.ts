/** What the demo's people fill in: the application, and the fields of the steps that have any. */
export const applicationForm = {
  items: ["name", "idno", "status"],
  purpose: "办理最低生活保障申请时，核验申请家庭成员的基本医疗保险参保状态。",
  matter: "最低生活保障对象认定",
  legalBasis: "《社会救助暂行办法》及南明区民政局职责清单第12项",
  scope: "区民政局社会救助科5名经办人员，限南明区户籍申请人",
  mode: "verify",
  frequency: "realtime",
  from: "2026-12-01",
  to: "2027-11-30",
  volume: "每日不超过200次",
  personalInfo: "sensitive",
  security: ["accessControl", "log", "desensitise", "disposal"],
  outsourced: false,
  emergency: "none",
  kind: "new",
  commitment: true,
} as const;

export const forms: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Task_OwnCheck: { dutyChecked: true, duplicateChecked: true },
  Task_Supplement: { supplementText: "职责清单第12项；经办人员名单见附件。" },
  Task_Relay: { duplicateChecked: true },
  Task_PiAssessment: { assessmentNumber: "PIA-2026-031" },
  Task_SecurityReview: { measuresChecked: ["accessControl", "log"] },
  Task_Examine: { conditionMet: "yes" },
  Task_ApproveExtension: { extensionDays: 5, extensionReason: "接口改造与联调需要时间" },
  Task_Deliver: {
    deliveryMode: "verify",
    endpoint: "https://share.example.gov.cn/api/medical/verify",
    callsPerDay: 200,
    deliveryNote: "核验接口 v1，区域过滤 520102",
  },
  Task_Accept: { itemsReceived: ["name", "idno", "status"], sampleChecked: true, testCall: "passed" },
};
