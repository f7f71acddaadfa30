import { z } from "zod";
import type { Variables } from "../expressions/json.ts";
import { RouteError } from "./errors.ts";
import type { CaseParties } from "./organisations.ts";

const party = z.looseObject({ organisation: z.string(), region: z.string(), level: z.string() });

/** What routing reads of a case's variables. Everything else in them is the process's own business. */
const caseSchema = z.looseObject({
  applicant: party,
  provider: party,
  hop: z.looseObject({ organisation: z.string() }).nullish(),
  breach: z.looseObject({ region: z.string() }).nullish(),
});

/** Parties of a case from its variables. Throws `RouteError` that names the missing field. */
export function partiesOf(variables: Variables): CaseParties {
  const parsed = caseSchema.safeParse(variables);
  if (!parsed.success) {
    throw new RouteError(
      "CONDITION_FAILED",
      "case variables",
      z.prettifyError(parsed.error),
      "Start the case with applicant and provider",
    );
  }
  const { applicant, provider, hop, breach } = parsed.data;
  return { applicant, provider, hop: hop ?? null, breach: breach ?? null };
}

/** The dimensions that conditions may ask about besides the case's own variables: who acts, and how the two sides relate. */
export function dimensionsOf(
  variables: Variables,
  step: string,
  acting: { readonly level: string; readonly region: string },
): Variables {
  const { applicant, provider } = partiesOf(variables);
  return {
    ...variables,
    step,
    acting: { level: acting.level, region: acting.region },
    regionRelation: regionRelation(applicant.region, provider.region),
  };
}

function regionRelation(a: string, b: string): string {
  if (a === b) return "same";
  if (a.slice(0, 4) === b.slice(0, 4)) return "sameCity";
  return a.slice(0, 2) === b.slice(0, 2) ? "sameProvince" : "otherProvince";
}
