import { z } from "zod";
import { organisationKinds } from "../../engine/routing/organisations.ts";
import { regionCode } from "../../engine/routing/regions.ts";
import { ruleSourceSchema } from "../../engine/routing/rule-source.ts";
import { levels } from "../../engine/routing/types.ts";

const bilingual = z.object({ zh: z.string(), en: z.string() });
const level = z.enum(levels);

export const regionsFile = z.array(
  z.strictObject({
    code: z.string().regex(regionCode),
    name: z.string(),
    nameEn: z.string().optional(),
    level,
    parent: z.string().nullable(),
  }),
);

export const organisationsFile = z.array(
  z.strictObject({
    id: z.string(),
    name: bilingual,
    level,
    region: z.string(),
    kind: z.enum(organisationKinds),
    uscc: z.string(),
    fictional: z.boolean(),
    roles: z.array(z.string()),
    superior: z.string().nullable().default(null),
  }),
);
export type OrganisationEntry = z.infer<typeof organisationsFile>[number];

/** How long the history of a case is kept after its end. */
export const retentionFile = z.strictObject({
  years: z.number().int().min(1),
  source: z.strictObject({ title: z.string(), en: z.string() }),
  verified: z.boolean(),
});
export type RetentionEntry = z.infer<typeof retentionFile>;

/** Numbers of the use phase, with their source. */
export const useFile = z.strictObject({
  noticeDays: z.array(z.number().int().min(1)),
  unusedDays: z.number().int().min(1),
  renewalDays: z.number().int().min(1),
  mostTermDays: z.number().int().min(1),
  mostErrorPercent: z.number().min(0).max(100),
  switchOffDays: z.number().int().min(1),
  /** How often the health address of delivered access is called, and after how many failures in a row it counts as out of reach. */
  probeMinutes: z.number().int().min(1),
  probeFailures: z.number().int().min(1),
  source: z.strictObject({ title: z.string(), en: z.string() }),
  verified: z.boolean(),
});
export type UseEntry = z.infer<typeof useFile>;

export const usersFile = z.array(
  z.strictObject({
    id: z.string(),
    account: z.string(),
    name: z.string(),
    does: bilingual,
    posts: z.array(z.strictObject({ organisation: z.string(), roles: z.array(z.string()) })),
  }),
);
export type UserEntry = z.infer<typeof usersFile>[number];

export const resourcesFile = z.array(
  z.strictObject({
    id: z.string(),
    code: z.string().regex(/^\d{6}\d*\/\d+$/),
    name: bilingual,
    abstract: z.string(),
    abstractEn: z.string().optional(),
    provider: z.string(),
    shareClass: z.enum(["unconditional", "conditional", "notShared", "uncatalogued"]),
    hookup: z.enum(["hooked", "catalogued", "uncatalogued"]),
    grade: z.number().int().min(1).max(4),
    modes: z.array(z.enum(["verify", "query", "batch", "file", "view"])),
    updateCycle: z.string(),
    items: z.array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        nameEn: z.string().optional(),
        type: z.string(),
        personalInfo: z.boolean(),
      }),
    ),
    shareCondition: z.string().nullable(),
    shareConditionEn: z.string().optional(),
    legalBasis: z.string().nullable(),
    vertical: z.enum(["none", "province", "nation"]),
  }),
);
export type ResourceEntry = z.infer<typeof resourcesFile>[number];

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);

export const calendarFile = z.strictObject({
  region: z.string(),
  name: bilingual,
  source: ruleSourceSchema,
  hours: z
    .array(z.tuple([timeOfDay, timeOfDay]))
    .min(1)
    .optional(),
  cutoff: timeOfDay.optional(),
  years: z.array(
    z.strictObject({
      year: z.number().int(),
      status: z.enum(["official", "provisional"]),
      days: z.array(z.strictObject({ date: z.iso.date(), kind: z.enum(["holiday", "workday"]), name: z.string() })),
    }),
  ),
});

/** Variables by message name. */
export const answersFile = z.record(z.string(), z.record(z.string(), z.json()));

/**
 * How people begin a process by hand: who may, with which form, on which side of the case, who stands opposite, and whether it
 * makes a new case or tells one that runs.
 */
export const startsFile = z.array(
  z.strictObject({
    key: z.string(),
    name: bilingual,
    role: z.string(),
    form: z.string(),
    as: z.enum(["applicant", "provider", "authority"]),
    other: z.enum(["resourceProvider", "organisation", "ownAuthority", "none"]),
    begin: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("case"), event: z.string() }),
      z.strictObject({ type: z.literal("message"), name: z.string() }),
    ]),
    variables: z.record(z.string(), z.json()),
  }),
);
export type StartEntry = z.infer<typeof startsFile>[number];
