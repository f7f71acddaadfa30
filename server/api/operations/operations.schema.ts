import { z } from "zod";
import { bilingual, instant } from "../shared/common.schema.ts";

const reason = z.string().trim().min(1).max(500);
const variables = z.record(z.string().min(1).max(200), z.unknown());

/** What a manager does to a running case. Each is written to its history with the person and the reason. */
export const operationBody = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("suspend"), reason }),
  z.strictObject({ type: z.literal("resume"), reason }),
  z.strictObject({ type: z.literal("cancel"), reason }),
  z.strictObject({ type: z.literal("setVariables"), scope: z.string().nullable(), variables, reason }),
  z.strictObject({ type: z.literal("retryIncident"), token: z.string() }),
  z.strictObject({ type: z.literal("resolveIncident"), token: z.string(), variables, reason }),
  z.strictObject({
    type: z.literal("moveTokens"),
    cancel: z.array(z.string()).max(1_000),
    start: z.array(z.strictObject({ element: z.string(), scope: z.string().nullable() })).max(100),
    reason,
  }),
  z.strictObject({ type: z.literal("startActivity"), wait: z.string(), element: z.string(), variables }),
  z.strictObject({ type: z.literal("completeAdHoc"), wait: z.string() }),
]);
export type OperationBody = z.infer<typeof operationBody>;

export const returnBody = z.strictObject({ element: z.string(), reason });

/** Tokens, scopes and waits as the engine holds them: what an operation names. */
export const instanceState = z.object({
  status: z.string(),
  tokens: z.array(z.object({ id: z.string(), element: z.string(), scope: z.string(), at: z.string() })),
  scopes: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      element: z.string(),
      parent: z.string().nullable(),
      variables: z.record(z.string(), z.unknown()),
    }),
  ),
  waits: z.array(z.object({ id: z.string(), type: z.string(), element: z.string(), token: z.string() })),
});

const plan = z.strictObject({
  elements: z.record(z.string(), z.string()),
  flows: z.record(z.string(), z.string()),
});

export const migrationBody = z.strictObject({
  from: z.string(),
  to: z.string(),
  plan: plan.nullable().default(null),
  reason,
  /** False tells only what would happen. */
  apply: z.boolean(),
});

export const migrationResult = z.object({
  plan,
  cases: z.array(
    z.object({
      instanceId: z.string(),
      caseNumber: z.string(),
      migrated: z.boolean(),
      problems: z.array(z.object({ code: z.string(), element: z.string().nullable(), message: bilingual })),
    }),
  ),
});

export const deleteBody = z.strictObject({ reason });
export const deleted = z.object({ keepUntil: instant });
