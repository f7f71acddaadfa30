import { z } from "zod";
import { bilingual, instant, organisationRef, personRef } from "../shared/common.schema.ts";

export const substitutionBody = z.strictObject({
  /** Who is away; oneself unless a head arranges it. */
  person: z.string().min(1).max(80),
  substitute: z.string().min(1).max(80),
  organisation: z.string().min(1).max(80),
  from: instant,
  /** No longer counts. */
  until: instant,
  /** `null` for all. */
  processes: z.array(z.string().min(1).max(80)).min(1).max(30).nullable().default(null),
  roles: z.array(z.string().min(1).max(40)).min(1).max(20).nullable().default(null),
  /** Highest grade of data, 1 to 4; `null` for all. */
  highestGrade: z.number().int().min(1).max(4).nullable().default(null),
  reason: z.string().trim().min(1).max(500),
});

export const substitution = z.object({
  id: z.string(),
  person: personRef,
  substitute: personRef,
  organisation: organisationRef,
  from: instant,
  until: instant,
  processes: z.array(z.string()).nullable(),
  roles: z.array(z.object({ code: z.string(), name: bilingual })).nullable(),
  highestGrade: z.number().int().nullable(),
  reason: z.string(),
  createdBy: z.string(),
  revokedBy: z.string().nullable(),
  state: z.enum(["toCome", "inForce", "over", "revoked"]),
  mayRevoke: z.boolean(),
});
export type SubstitutionView = z.infer<typeof substitution>;

export const substitutions = z.object({
  items: z.array(substitution),
  /** For whom I may arrange one: myself, and everybody of the organisations that I head. */
  organisations: z.array(organisationRef.extend({ head: z.boolean() })),
  processes: z.array(z.object({ key: z.string(), name: bilingual })),
});
export type Substitutions = z.infer<typeof substitutions>;

export const arranged = z.object({
  id: z.string(),
  /** Those for whom the one who goes away stood in: they have nobody now. */
  uncovered: z.array(personRef),
});
