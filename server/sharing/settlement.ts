import type { Json, Variables } from "../../engine/expressions/json.ts";
import { memberOf, textIn } from "../runtime/job-handler.ts";

const fields = ["offer", "agreement", "rulingText", "rulingConditions"] as const;

/** Texts with which a dispute was settled, from the forms of its case. */
export function settlementIn(variables: Variables): readonly string[] {
  return formTexts(variables, fields);
}

/** Texts of these fields in whatever form of a case has them. */
export function formTexts(variables: Variables, names: readonly string[]): readonly string[] {
  const forms: Json = variables["forms"] ?? {};
  return Object.values(forms as Readonly<Record<string, Json>>).flatMap((form) =>
    names.flatMap((name) => textIn(memberOf({ form }, "form", name)) ?? []),
  );
}
