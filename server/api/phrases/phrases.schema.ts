import { z } from "zod";

export const phraseQuery = z.object({ outcome: z.string().max(60).optional() });
export const phraseList = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      owner: z.enum(["person", "organisation"]),
      outcome: z.string().nullable(),
      body: z.string(),
      uses: z.number().int(),
      mayRemove: z.boolean(),
    }),
  ),
  /** Organisations whose phrases I maintain. */
  maintains: z.array(z.string()),
});
export type PhraseList = z.infer<typeof phraseList>;
export const phraseBody = z.strictObject({
  body: z.string().trim().min(1).max(500),
  outcome: z.string().max(60).nullable().default(null),
  /** Whose it is; `null` for my own. */
  organisationId: z.string().max(64).nullable().default(null),
});
