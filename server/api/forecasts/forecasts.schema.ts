import { z } from "zod";
import { bilingual, instant, organisationRef, personRef } from "../shared/common.schema.ts";

/**
 * A decision that is not taken yet, an event that has not come, or the result of a job, on which a step depends; "unless": an
 * event that nobody is known to send, and after which the step would not come.
 */
const dependence = z.object({
  on: z.enum(["outcome", "branch", "message", "signal", "unless", "job"]),
  element: z.string(),
  name: bilingual,
});

export const forecastStep = z.object({
  element: z.string(),
  name: bilingual,
  /** Counts how often the case comes to the step from now on. */
  visit: z.number().int(),
  isOpen: z.boolean(),
  organisation: organisationRef.nullable(),
  role: bilingual.nullable(),
  people: z.array(personRef),
  /** Why these people. */
  ground: z.enum(["inHand", "chosen", "returner", "superior", "role"]),
  /** Each of them is asked; otherwise whoever takes it. */
  asksAll: z.boolean(),
  /** When everybody acts at once, and when everybody uses their limits to the end. */
  opens: z.object({ earliest: instant, latest: instant.nullable() }),
  due: z.object({ earliest: instant.nullable(), latest: instant.nullable() }),
  /** What is assumed of this step; `null` where it has no outcomes. */
  assumed: bilingual.nullable(),
  dependsOn: z.array(dependence),
  /** It comes again and again; only its first time is told. */
  repeats: z.boolean(),
});

/** The remaining steps where each is decided as is assumed of it. */
export const caseForecast = z.object({
  steps: z.array(forecastStep),
  end: z.object({
    how: z.enum(["ended", "incident", "depends", "waits", "endless"]),
    earliest: instant.nullable(),
    latest: instant.nullable(),
    /** Where nothing more can be told, and why. */
    name: bilingual.nullable(),
    message: z.string().nullable(),
  }),
});
export type CaseForecast = z.infer<typeof caseForecast>;
