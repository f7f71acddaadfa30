import { z } from "zod";
import { RouteError } from "./errors.ts";

const bilingual = z.object({ zh: z.string(), en: z.string() });

export const ruleSourceSchema = z.strictObject({
  title: z.string().min(1),
  documentNumber: z.string().nullable().default(null),
  article: z.string().nullable().default(null),
  url: z.string().nullable().default(null),
  grade: z.enum(["V", "S", "R", "P"]),
});

/** One time limit. A value of `null` in a lower region's pack is not allowed: it leaves the limit out instead. */
export const limitSchema = z.strictObject({
  code: z.string().regex(/^L\.[A-Z0-9.]+$/),
  name: bilingual,
  value: z.number().int().positive(),
  unit: z.enum(["workday", "workhour", "hour", "day"]),
  promised: z.number().int().positive().nullable().default(null),
  /** The country's own limits are ceilings that no lower region may lengthen. */
  ceiling: z.boolean().default(false),
  onSupplement: z.enum(["restart", "resume", "none"]).default("restart"),
  onReturn: z.enum(["resume", "restart"]).default("resume"),
  maxSupplements: z.number().int().min(0).default(1),
  excludes: z.array(z.string()).default([]),
  extension: z
    .strictObject({
      max: z.number().int().positive(),
      times: z.number().int().positive(),
      approver: z.string(),
      notify: z.boolean(),
    })
    .nullable()
    .default(null),
  onTimeout: z.enum(["escalate", "deemedGrant", "deemedRefusal"]).default("escalate"),
  onCalendarChange: z.enum(["keepLater", "follow"]).default("keepLater"),
  monitored: z.boolean().default(true),
  source: ruleSourceSchema,
  verified: z.boolean(),
});
export type Limit = z.infer<typeof limitSchema>;

export const reasonCodeSchema = z.strictObject({
  code: z.string().regex(/^R\d+$/),
  name: bilingual,
  needs: bilingual,
  minimumReasonLength: z.number().int().min(0),
  needsCitation: z.boolean(),
  source: ruleSourceSchema,
});

/** What regions below may not do. */
export const boundSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("mayNotSkip"), steps: z.array(z.string()).min(1), source: ruleSourceSchema }),
  z.strictObject({
    type: z.literal("atMost"),
    limit: z.string(),
    value: z.number().int().positive(),
    source: ruleSourceSchema,
  }),
]);
export type Bound = z.infer<typeof boundSchema>;

/** Limits, reasons and bounds of one region, in force from a day on. Lower regions inherit what they do not set. */
export const rulePackSchema = z.strictObject({
  region: z.string().regex(/^\d{6}$/),
  version: z.string().min(1),
  name: bilingual,
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().nullable().default(null),
  limits: z.array(limitSchema).default([]),
  reasonCodes: z.array(reasonCodeSchema).default([]),
  bounds: z.array(boundSchema).default([]),
});
export type RulePack = z.infer<typeof rulePackSchema>;

/** Reads a rule pack from unknown data. Throws `RouteError` that names the file and every field at fault. */
export function parseRulePack(data: unknown, place: string): RulePack {
  const parsed = rulePackSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new RouteError(
    "PACK_UNREADABLE",
    place,
    `the rule pack is not valid: ${z.prettifyError(parsed.error)}`,
    "Correct the fields that are named",
  );
}

/** The pack of each region that is in force on `date` (`YYYY-MM-DD`); the latest of several. */
export function packsInForce(packs: readonly RulePack[], date: string): ReadonlyMap<string, RulePack> {
  const inForce = packs.filter(
    (pack) => pack.effectiveFrom <= date && (pack.effectiveTo === null || date <= pack.effectiveTo),
  );
  return new Map(
    [...inForce].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).map((pack) => [pack.region, pack]),
  );
}
