import { z } from "zod";

export const bilingualText = z.object({ zh: z.string().min(1), en: z.string().min(1) });

/** Where a rule comes from. `grade`: V read in full, S stated in an excerpt, R recalled and not re-read, P preset of ours. */
export const ruleSourceSchema = z.strictObject({
  title: z.string().min(1),
  documentNumber: z.string().nullable().default(null),
  article: z.string().nullable().default(null),
  url: z.string().nullable().default(null),
  grade: z.enum(["V", "S", "R", "P"]),
});
