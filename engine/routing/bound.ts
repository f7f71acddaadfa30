import { z } from "zod";
import { ruleSourceSchema } from "./rule-source.ts";

const steps = z.array(z.string().min(1)).min(1);
const source = ruleSourceSchema;
const rules = z.array(z.string()).default([]);

/** What regions below may not do. */
export const boundSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("mayNotSkip"), steps, source, rules }),
  z.strictObject({
    type: z.literal("atMost"),
    limit: z.string(),
    value: z.number().int().positive(),
    source,
    rules,
  }),
  /** The step may be done by these roles alone. */
  z.strictObject({ type: z.literal("mustHaveRole"), step: z.string().min(1), roles: steps, source, rules }),
  /** A lower table may not change how these steps are signed. */
  z.strictObject({ type: z.literal("keepsApprovalPolicy"), steps, source, rules }),
  /** Silence never grants these limits, and none at all with personal information or from this grade on. */
  z.strictObject({
    type: z.literal("noDeemedConsent"),
    limits: z.array(z.string()).default([]),
    personalInfo: z.boolean(),
    fromGrade: z.number().int().min(1).max(5),
    source,
    rules,
  }),
  /** A lower table may add these steps and no others: no conditions of its own invention. */
  z.strictObject({ type: z.literal("mayOnlyAddSteps"), steps, source, rules }),
  /** Of these limits a lower pack may change the value and the promise, and nothing else. */
  z.strictObject({ type: z.literal("mayOnlyShorten"), limits: steps, source, rules }),
  /** These steps are done by different persons. */
  z.strictObject({ type: z.literal("fourEyes"), steps: z.array(z.string()).min(2), source, rules }),
]);
export type Bound = z.infer<typeof boundSchema>;
export type BoundOf<T extends Bound["type"]> = Extract<Bound, { type: T }>;

/** The bound in a few words, as messages and explanations show it. */
export function boundText(bound: Bound): string {
  switch (bound.type) {
    case "mayNotSkip":
      return `mayNotSkip ${bound.steps.join(", ")}`;
    case "atMost":
      return `atMost ${bound.limit} ${bound.value}`;
    case "mustHaveRole":
      return `mustHaveRole ${bound.step}: ${bound.roles.join(", ")}`;
    case "keepsApprovalPolicy":
      return `keepsApprovalPolicy ${bound.steps.join(", ")}`;
    case "noDeemedConsent":
      return `noDeemedConsent ${bound.limits.join(", ")}${bound.personalInfo ? "; personal information" : ""}; grade ≥ ${bound.fromGrade}`;
    case "mayOnlyAddSteps":
      return `mayOnlyAddSteps ${bound.steps.join(", ")}`;
    case "mayOnlyShorten":
      return `mayOnlyShorten ${bound.limits.join(", ")}`;
    case "fourEyes":
      return `fourEyes ${bound.steps.join(", ")}`;
  }
}
