import { z } from "zod";
import { bilingual, instant, organisationRef, personRef } from "../shared/common.schema.ts";
import { workKinds } from "../../../engine/approval/operations.ts";

export const openWork = z.object({
  person: personRef,
  posts: z.array(z.object({ organisation: organisationRef, role: bilingual })),
  tasks: z.array(
    z.object({
      id: z.string(),
      caseNumber: z.string(),
      subject: bilingual,
      name: bilingual,
      kind: z.enum(workKinds),
      dueAt: instant.nullable(),
    }),
  ),
  /** Work that others do at the person's request. */
  asked: z.number().int(),
  substitutions: z.number().int(),
});
export type OpenWorkView = z.infer<typeof openWork>;

export const leaveBody = z.strictObject({
  /** `null` gives the work back to all who hold the roles. */
  successor: z.string().min(1).max(80).nullable(),
  reason: z.string().trim().min(1).max(500),
});

export const handedOver = z.object({
  items: z.array(
    z.object({
      taskId: z.string(),
      caseNumber: z.string(),
      to: personRef.nullable(),
      /** Why the successor could not take it; it went back to the candidates. */
      because: bilingual.nullable(),
    }),
  ),
});
export type HandedOverView = z.infer<typeof handedOver>;
