import { z } from "zod";
import { regionCode } from "../../../engine/routing/regions.ts";
import { bilingual, instant } from "../shared/common.schema.ts";

const region = z.string().regex(regionCode);

export const rulePackQuery = z.object({ region: region.optional(), date: z.iso.date().optional() });
export const rulePackDiffQuery = z.object({
  region,
  from: z.string().min(1).max(40),
  to: z.string().min(1).max(40),
});

/** A version of a region's pack; `shipped` ones come with the product, drafts bind nobody. */
export const rulePackSummary = z.object({
  /** `null` for a shipped pack. */
  id: z.string().nullable(),
  region,
  version: z.string(),
  name: bilingual,
  state: z.enum(["shipped", "draft", "published"]),
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().nullable(),
  /** Whether it is the one in force on the day that was asked about. */
  inForce: z.boolean(),
  limits: z.number().int(),
  unverified: z.number().int(),
  author: z.string().nullable(),
  publishedBy: z.string().nullable(),
  publishedAt: instant.nullable(),
  comment: z.string(),
});
export type RulePackSummary = z.infer<typeof rulePackSummary>;
export const rulePackList = z.object({ date: z.iso.date(), items: z.array(rulePackSummary) });

/** The pack as its JSON Schema (`/api/schemas/rule-pack.json`) says. */
export const rulePackDetail = rulePackSummary.extend({ pack: z.record(z.string(), z.unknown()) });
export const rulePackBody = z.object({
  pack: z.record(z.string(), z.unknown()),
  comment: z.string().max(500).default(""),
});
export const rulePackDiff = z.object({ changes: z.array(bilingual) });
export const rulePackParams = z.object({ region, version: z.string().min(1).max(40) });

const value = z.union([z.string(), z.number(), z.boolean()]);
/** The closed vocabulary of routing: what route tables ask about. */
export const routingVocabulary = z.object({
  dimensions: z.array(
    z.object({
      key: z.string(),
      label: bilingual,
      values: z.array(z.object({ value, label: bilingual })),
    }),
  ),
  outputs: z.array(z.object({ name: z.string(), kind: z.string() })),
  positions: z.array(z.object({ code: z.string(), name: bilingual })),
  startEvents: z.array(z.object({ code: z.string(), name: bilingual })),
  roles: z.array(z.object({ code: z.string(), name: bilingual })),
  /** How several persons sign a step. */
  policies: z.array(z.object({ code: z.string(), name: bilingual })),
  /** What a table may take away from a step. */
  forbiddables: z.array(z.object({ code: z.string(), name: bilingual })),
});
export type RoutingVocabulary = z.infer<typeof routingVocabulary>;
export const jsonSchemaDocument = z.record(z.string(), z.unknown());
