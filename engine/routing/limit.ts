import { z } from "zod";
import { bilingualText, ruleSourceSchema } from "./rule-source.ts";
import { pauseReasons } from "./pause-reasons.ts";

/** What sets a clock going. A step's own clock starts when the step opens; the others are moments of law. */
export const startEvents = {
  "step.opened": { zh: "环节开始", en: "the step opens" },
  "case.started": { zh: "办件提交", en: "the case starts" },
  "application.received": { zh: "收到申请", en: "the application is received" },
  "application.corrected": { zh: "收到补正后的申请", en: "the corrected application is received" },
  "provider.received": { zh: "提供部门收到申请", en: "the provider receives the application" },
  "provider.agreed": { zh: "作出同意共享的答复", en: "the provider agrees" },
  "applicant.notified": { zh: "通知送达申请方", en: "the applicant is notified" },
  "demand.confirmed": { zh: "目录外需求经确认", en: "an uncatalogued demand is confirmed" },
  "catalogue.submitted": { zh: "目录报送审核", en: "a catalogue entry is submitted" },
  "duty.changed": { zh: "法律或职责调整", en: "the law or the duty changes" },
  "error.reported": { zh: "提出校核", en: "an error is reported" },
  "record.revoked": { zh: "记录被撤销", en: "a record is revoked" },
  "refusal.contested": { zh: "提出争议", en: "a refusal is contested" },
  "negotiation.failed": { zh: "协商不成", en: "negotiation fails" },
  "mediation.failed": { zh: "协调不成", en: "mediation fails" },
  "emergency.declared": { zh: "应急启动", en: "the emergency is declared" },
  "emergency.ended": { zh: "应急结束", en: "the emergency ends" },
  "grant.ended": { zh: "授权到期或终止", en: "the grant ends" },
  "grant.unused": { zh: "授权后未使用", en: "the grant lies unused" },
  "year.ended": { zh: "年度终了", en: "the year ends" },
  "limit.breached": { zh: "超过时限", en: "a limit is breached" },
} as const;

/** One time limit. A value of `null` in a lower region's pack is not allowed: it leaves the limit out instead. */
export const limitSchema = z.strictObject({
  code: z.string().regex(/^L\.[A-Z0-9.]+$/),
  name: bilingualText,
  value: z.number().int().positive(),
  unit: z.enum(["workday", "workhour", "hour", "day"]),
  /** 承诺时限: shorter than the limit by the place's own promise; missing it warns, missing the limit is a breach. */
  promised: z.number().int().positive().nullable().default(null),
  /** Below a ceiling a region may shorten value and promise and change nothing else. */
  ceiling: z.boolean().default(false),
  startEvent: z.enum(Object.keys(startEvents) as [keyof typeof startEvents]).default("step.opened"),
  /** Role or position that owes the step; `null`: whoever the step's route names. */
  owedBy: z.string().nullable().default(null),
  onSupplement: z.enum(["restart", "resume", "none"]).default("restart"),
  onReturn: z.enum(["resume", "restart"]).default("resume"),
  maxSupplements: z.number().int().min(0).default(1),
  excludes: z.array(z.enum(pauseReasons)).default([]),
  extension: z
    .strictObject({
      max: z.number().int().positive(),
      times: z.number().int().positive(),
      approver: z.string().min(1),
      notify: z.boolean(),
      /** Whether the number `max` itself has been read in its source. */
      verified: z.boolean().default(false),
    })
    .nullable()
    .default(null),
  onTimeout: z.enum(["escalate", "deemedGrant", "deemedRefusal"]).default("escalate"),
  onCalendarChange: z.enum(["keepLater", "follow"]).default("keepLater"),
  monitored: z.boolean().default(true),
  /** Domain rule ids that this entry carries out (`N3`, `P1`), for the coverage table. */
  rules: z.array(z.string()).default([]),
  source: ruleSourceSchema,
  effectiveFrom: z.iso.date().nullable().default(null),
  effectiveTo: z.iso.date().nullable().default(null),
  verified: z.boolean(),
});
export type Limit = z.infer<typeof limitSchema>;
