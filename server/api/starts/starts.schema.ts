import { z } from "zod";
import { bilingual, organisationRef, personRef } from "../shared/common.schema.ts";

/** A department for which somebody may begin something; `inSteadOf` is whoever is away whose application it would be. */
export const startingOrganisation = organisationRef.extend({
  inSteadOf: personRef.nullable(),
});

/** A way to begin a process by hand that the caller may take. */
export const startOption = z.object({
  process: z.object({ key: z.string(), name: bilingual }),
  key: z.string(),
  name: bilingual,
  /** `engine/forms/form.ts`, with choices and bounds filled in. */
  form: z.record(z.string(), z.unknown()),
  today: z.iso.date(),
  /** Departments for which the caller may begin it, and in whose stead where it is not in their own name. */
  organisations: z.array(startingOrganisation),
  /** What else must be said: whose data, which other organisation, or which running case. */
  needs: z.enum(["resource", "organisation", "case", "nothing"]),
});
export type StartOption = z.infer<typeof startOption>;
export const startOptions = z.object({ items: z.array(startOption), organisations: z.array(organisationRef) });

export const startBody = z.object({
  start: z.string().max(80),
  organisationId: z.string().max(64),
  resourceId: z.string().max(64).nullable().default(null),
  otherOrganisationId: z.string().max(64).nullable().default(null),
  /** Number of the running case that is told. */
  caseNumber: z.string().max(60).nullable().default(null),
  form: z.record(z.string(), z.unknown()).default({}),
});
export type StartBody = z.infer<typeof startBody>;
export const startedCase = z.object({ instanceId: z.string(), caseNumber: z.string() });
