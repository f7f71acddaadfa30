import { z } from "zod";
import { boundSchema } from "./bound.ts";
import { RouteError } from "./errors.ts";
import { limitSchema } from "./limit.ts";
import { regionCode } from "./regions.ts";
import { bilingualText, ruleSourceSchema } from "./rule-source.ts";
import { suspensionCauseSchema } from "./suspension-cause.ts";

/** Why a provider may refuse, and what it must do for it (domain rule a4). There is no “other”. */
export const reasonCodeSchema = z.strictObject({
  code: z.string().regex(/^R\d+$/),
  name: bilingualText,
  needs: bilingualText,
  minimumReasonLength: z.number().int().min(0),
  needsCitation: z.boolean(),
  /** What the refusal must offer instead. */
  offers: z.enum(["nothing", "narrowerScope", "holder", "existingGrant", "separablePart"]).default("nothing"),
  tellsDisputeRoute: z.boolean().default(false),
  givenBy: z.enum(["person", "clock"]).default("person"),
  rules: z.array(z.string()).default([]),
  source: ruleSourceSchema,
});

/** A duty that is no time limit: data for texts, forms and the coverage table. */
export const dutySchema = z.strictObject({
  code: z.string().regex(/^D\.[A-Z0-9.]+$/),
  text: bilingualText,
  owedBy: z.string().min(1),
  rules: z.array(z.string()).default([]),
  source: ruleSourceSchema,
  verified: z.boolean(),
});

export const authorityModels = ["relay", "hub", "direct", "negativeList"] as const;
export type AuthorityModel = (typeof authorityModels)[number];

/** How a place organises its approvals (domain dimensions 12 and 13, rule a4). `null` inherits from the region above. */
const organisationSchema = z.strictObject({
  authorityModel: z.enum(authorityModels).nullable().default(null),
  upwardMode: z.enum(["direct", "notifyParent", "viaParentAuthority"]).nullable().default(null),
  rules: z.array(z.string()).default([]),
  source: ruleSourceSchema,
});

/** Limits, reasons, causes of suspension, duties and bounds of one region, in force from a day on. Lower regions inherit what they do not set. */
export const rulePackSchema = z.strictObject({
  region: z.string().regex(regionCode),
  version: z.string().min(1).max(40),
  name: bilingualText,
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().nullable().default(null),
  organisation: organisationSchema.nullable().default(null),
  limits: z.array(limitSchema).default([]),
  reasonCodes: z.array(reasonCodeSchema).default([]),
  suspensionCauses: z.array(suspensionCauseSchema).default([]),
  duties: z.array(dutySchema).default([]),
  bounds: z.array(boundSchema).default([]),
  /** Steps that are performed only when a route table says so. */
  optionalSteps: z.array(z.string()).default([]),
  /** Times that a case may be sent on after “not the holder” (R8). */
  mostReroutes: z.number().int().min(0).nullable().default(null),
  /** The longest use that one application may ask for. */
  longestUse: z
    .strictObject({ months: z.number().int().min(1).max(600), source: ruleSourceSchema, verified: z.boolean() })
    .nullable()
    .default(null),
});
export type RulePack = z.infer<typeof rulePackSchema>;

/** Reads a rule pack from unknown data. Throws `RouteError` that names the file and every field at fault. */
export function parseRulePack(data: unknown, place: string): RulePack {
  const parsed = rulePackSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new RouteError(
    "PACK_UNREADABLE",
    place,
    {
      zh: `规则包不符合要求：${z.prettifyError(parsed.error)}`,
      en: `the rule pack is not valid: ${z.prettifyError(parsed.error)}`,
    },
    { zh: "请更正所列字段", en: "Correct the fields that are named" },
  );
}

/** The published contract of a rule pack file (JSON Schema 2020-12). */
export function rulePackJsonSchema(): object {
  return { ...z.toJSONSchema(rulePackSchema, { io: "input" }), title: "Jieli rule pack / 接力规则包" };
}

/** The pack of each region that is in force on `date` (`YYYY-MM-DD`), the latest of several, with its limits of that day. */
export function packsInForce(packs: readonly RulePack[], date: string): ReadonlyMap<string, RulePack> {
  const inForce = packs.filter((pack) => isInForce(pack, date));
  return new Map(
    [...inForce]
      .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
      .map((pack) => [pack.region, { ...pack, limits: pack.limits.filter((limit) => isInForce(limit, date)) }]),
  );
}

function isInForce(period: { effectiveFrom: string | null; effectiveTo: string | null }, date: string): boolean {
  return (
    (period.effectiveFrom === null || period.effectiveFrom <= date) &&
    (period.effectiveTo === null || date <= period.effectiveTo)
  );
}
