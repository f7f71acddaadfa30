import { z } from "zod";
import type { Variables } from "../expressions/json.ts";
import { RouteError } from "./errors.ts";
import type { CaseParties } from "./positions.ts";

const party = z.looseObject({ organisation: z.string(), region: z.string(), level: z.string() });

/** What routing reads of a case's variables. Everything else in them is the process's own business. */
const caseSchema = z.looseObject({
  applicant: party,
  provider: party,
  hop: z.looseObject({ organisation: z.string() }).nullish(),
  breach: z.looseObject({ region: z.string() }).nullish(),
  holder: z.looseObject({ organisation: z.string() }).nullish(),
  sourceDepartment: z.looseObject({ organisation: z.string() }).nullish(),
});

/** Parties of a case from its variables. Throws `RouteError` that names the missing field. */
export function partiesOf(variables: Variables): CaseParties {
  const parsed = caseSchema.safeParse(variables);
  if (!parsed.success) {
    throw new RouteError(
      "CONDITION_FAILED",
      "case variables",
      {
        zh: `办件数据缺少申请方或提供方：${z.prettifyError(parsed.error)}`,
        en: `the case's data lack its parties: ${z.prettifyError(parsed.error)}`,
      },
      { zh: "请连同申请方和提供方发起办件", en: "Start the case with applicant and provider" },
    );
  }
  const { applicant, provider, hop, breach, holder, sourceDepartment } = parsed.data;
  return {
    applicant,
    provider,
    hop: hop ?? null,
    breach: breach ?? null,
    holder: holder ?? null,
    sourceDepartment: sourceDepartment ?? null,
  };
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
