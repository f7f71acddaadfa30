import { z } from "zod";
import { handingOperations } from "../../handing/recipient.ts";
import { bilingual, organisationRef } from "../shared/common.schema.ts";

export const peopleQuery = z.object({
  organisation: z.string().min(1).max(80),
  /** The work that is to be given to one of them: each is told why not, where they can't have it. */
  task: z.string().max(80).optional(),
  operation: z.enum(handingOperations).default("transfer"),
});

export const personEntry = z.object({
  id: z.string(),
  name: z.string(),
  organisation: organisationRef,
  roles: z.array(z.object({ code: z.string(), name: bilingual })),
  /** Why this person can't be given the work; `null` where they can, or where no work was named. */
  barred: bilingual.nullable(),
});
export type PersonEntry = z.infer<typeof personEntry>;
export const people = z.object({ items: z.array(personEntry) });
