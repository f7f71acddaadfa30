import { problem, warning, type Problem } from "../problems.ts";
import { activityRules } from "./table/activities.ts";
import { boundaryRules } from "./table/boundaries.ts";
import { choiceRules } from "./table/choices.ts";
import { collaborationRules } from "./table/collaborations.ts";
import { correlationRules } from "./table/correlation.ts";
import { dataRules } from "./table/data.ts";
import { eventRules } from "./table/events.ts";
import { flowRules } from "./table/flows.ts";
import { gatewayRules } from "./table/gateways.ts";
import { identityRules } from "./table/identity.ts";
import { limitAdvice } from "./table/limits.ts";
import { linkRules } from "./table/links.ts";

/** A rule of the specification, or of an attribute of ours, and how to mend a file that breaks it. */
export interface Rule {
  /** Clause of BPMN 2.0.2, or the name of the `jieli:` attribute that the rule is about. */
  readonly clause: string;
  readonly zh: { readonly rule: string; readonly mend: string };
  readonly en: { readonly rule: string; readonly mend: string };
}

/**
 * Rules of BPMN 2.0.2 (OMG formal/13-12-09) that a well-formed file can break, by the code that a finding carries.
 * The texts are ours. `docs/bpmn-rules.md` is generated from this table.
 */
export const rules = {
  ...identityRules,
  ...flowRules,
  ...eventRules,
  ...linkRules,
  ...boundaryRules,
  ...gatewayRules,
  ...activityRules,
  ...collaborationRules,
  ...dataRules,
  ...correlationRules,
  ...choiceRules,
};

export type RuleCode = keyof typeof rules;

/** What a designer is told before publishing, and may publish all the same. */
export const advice = { ...limitAdvice };

export type AdviceCode = keyof typeof advice;

/** The problem that a breach of a rule is. `detail` is what stands in the file, where it helps to find the fault. */
export function breachOf(code: RuleCode, element: string | null, detail: string | null = null): Problem {
  const { zh, en } = saidOf(rules[code], element, detail);
  return problem(code, element, zh, en);
}

/** The warning that a piece of advice is. */
export function adviceOf(code: AdviceCode, element: string): Problem {
  const { zh, en } = saidOf(advice[code], element, null);
  return warning(code, element, zh, en);
}

function saidOf({ clause, zh, en }: Rule, element: string | null, detail: string | null) {
  const [inChinese, inEnglish] = detail === null ? ["", ""] : [`（${detail}）`, ` (${detail})`];
  return {
    zh: `${element ?? "?"}：${zh.rule}${inChinese}；${zh.mend}。${placeOf(clause)}`,
    en: `${element ?? "?"}: ${en.rule}${inEnglish}; ${en.mend}. ${placeOf(clause)}`,
  };
}

/** Where the rule stands: in the specification, or with an attribute of ours. */
export function placeOf(clause: string): string {
  return clause.startsWith("jieli:") ? clause : `BPMN 2.0 §${clause}`;
}
