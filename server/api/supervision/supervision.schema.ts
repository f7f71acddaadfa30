import { z } from "zod";
import { bilingual, instant, level, organisationRef, pageOf, pageQuery, ruleSource } from "../shared/common.schema.ts";

const caseRef = z.object({ instanceId: z.string(), caseNumber: z.string(), subject: bilingual });

/** What a card rests on: the clock as it stood, its rule, its calendar and the scheme that issues such cards. */
export const cardEvidence = z.object({
  limitCode: z.string(),
  dueAt: instant.nullable(),
  usedOf: z.object({ total: z.number(), extension: z.number(), unit: z.string(), round: z.number().int() }),
  source: ruleSource,
  verified: z.boolean(),
  pack: z.string(),
  calendar: z.object({ region: z.string(), version: z.number().int() }),
  scheme: z.object({ region: z.string(), code: z.string(), version: z.string(), source: ruleSource }),
});

export const cardView = z.object({
  id: z.string(),
  case: caseRef,
  clockId: z.string(),
  rung: z.string(),
  measure: z.enum(["remind", "notify", "order", "criticise"]),
  colour: z.enum(["blue", "yellow", "red", "none"]),
  name: bilingual,
  organisation: organisationRef,
  level,
  countsInAssessment: z.boolean(),
  issuedAt: instant,
  contestUntil: instant,
  state: z.enum(["issued", "contested", "upheld", "withdrawn"]),
  contested: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
  decided: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
  evidence: cardEvidence,
  may: z.object({ contest: z.boolean(), decide: z.boolean() }),
});
export type CardView = z.infer<typeof cardView>;

export const orderView = z.object({
  id: z.string(),
  number: z.string(),
  case: caseRef,
  clockId: z.string(),
  asker: organisationRef,
  target: organisationRef,
  limitCode: z.string(),
  ask: bilingual,
  openedAt: instant,
  dueAt: instant,
  isOverdue: z.boolean(),
  state: z.enum(["open", "replied", "returned", "closed"]),
  reply: z.object({ by: z.string(), at: instant, text: z.string() }).nullable(),
  verification: z.object({ by: z.string(), at: instant, text: z.string() }).nullable(),
  closedAt: instant.nullable(),
  may: z.object({ reply: z.boolean(), verify: z.boolean() }),
});
export type OrderView = z.infer<typeof orderView>;

export const noticeView = z.object({
  id: z.string(),
  case: caseRef,
  measure: z.enum(["remind", "notify", "order", "criticise"]),
  name: bilingual,
  limitCode: z.string(),
  organisation: organisationRef,
  role: z.string(),
  at: instant,
  needsReceipt: z.boolean(),
  received: z.object({ by: z.string(), at: instant }).nullable(),
});
export type NoticeView = z.infer<typeof noticeView>;

export const cardQuery = pageQuery.extend({
  state: z.enum(["issued", "contested", "upheld", "withdrawn"]).optional(),
  measure: z.enum(["remind", "notify", "criticise"]).optional(),
  organisation: z.string().max(64).optional(),
});
export const orderQuery = pageQuery.extend({ state: z.enum(["open", "replied", "returned", "closed"]).optional() });

export const cardPage = pageOf(cardView);
export const orderPage = pageOf(orderView);
export const noticePage = pageOf(noticeView);

const said = z.string().trim().min(4).max(2_000);
export const contestBody = z.strictObject({ reason: said });
export const decideBody = z.strictObject({ decision: z.enum(["upheld", "withdrawn"]), reason: said });
export const replyBody = z.strictObject({ reply: said });
export const verifyBody = z.strictObject({ accepted: z.boolean(), verification: said });

/** A line of the clock ledger, as the timeline of a case shows it. */
export const timeLine = z.object({
  clockId: z.string(),
  at: instant,
  type: z.string(),
  limitCode: z.string(),
  reason: z.string().nullable(),
  dueBefore: instant.nullable(),
  dueAt: instant.nullable(),
  sentence: bilingual,
});

export const caseTime = z.object({
  lines: z.array(timeLine),
  /** Every calendar day after the start, with what it went to. */
  days: z.array(
    z.object({
      date: z.iso.date(),
      kind: z.enum(["handling", "applicant", "rest", "paused", "unattended"]),
      organisation: organisationRef.nullable(),
      reason: z.string().nullable(),
      reasonName: bilingual.nullable(),
    }),
  ),
  byLevel: z.array(
    z.object({
      level,
      own: z.number().int(),
      otherLevels: z.number().int(),
      applicant: z.number().int(),
      rest: z.number().int(),
      paused: z.number().int(),
      unattended: z.number().int(),
    }),
  ),
  cards: z.array(cardView),
  orders: z.array(orderView),
});
export type CaseTime = z.infer<typeof caseTime>;

/** Days of the newest cases of the regions that I oversee, by level. */
export const daysOfLevels = z.object({ cases: z.number().int(), byLevel: caseTime.shape.byLevel });
export type DaysOfLevels = z.infer<typeof daysOfLevels>;
