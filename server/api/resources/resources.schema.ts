import { z } from "zod";
import { bilingual, level, organisationRef, pageOf, pageQuery } from "../shared/common.schema.ts";

export const shareClass = z.enum(["unconditional", "conditional", "notShared", "uncatalogued"]);

export const resourceItem = z.object({
  code: z.string(),
  name: z.string(),
  nameEn: z.string().optional(),
  type: z.string(),
  personalInfo: z.boolean(),
});

/** An entry of the government data catalogue. */
export const resourceSummary = z.object({
  id: z.string(),
  code: z.string(),
  name: bilingual,
  abstract: z.string(),
  abstractEn: z.string().optional(),
  provider: organisationRef,
  shareClass,
  hookup: z.enum(["hooked", "catalogued", "uncatalogued"]),
  grade: z.number().int().min(1).max(4),
  modes: z.array(z.enum(["verify", "query", "batch", "file", "view"])),
  updateCycle: z.string(),
});
export const resourceDetail = resourceSummary.extend({
  items: z.array(resourceItem),
  shareCondition: z.string().nullable(),
  shareConditionEn: z.string().optional(),
  legalBasis: z.string().nullable(),
  vertical: z.enum(["none", "province", "nation"]),
});
export const resourceQuery = pageQuery.extend({
  search: z.string().max(100).optional(),
  shareClass: shareClass.optional(),
  level: level.optional(),
});
export const resourcePage = pageOf(resourceSummary);
export type ResourceSummary = z.infer<typeof resourceSummary>;
export type ResourceDetail = z.infer<typeof resourceDetail>;
