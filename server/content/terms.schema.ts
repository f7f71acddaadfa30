import { z } from "zod";

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
/** Codes stand in lists that are parted by blanks (`jieli:outcomes`). */
const code = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]*$/);

const outcomeTerm = z
  .strictObject({
    label: words,
    /** The same outcome in the words of one step, by the key of its form, where the usual ones do not fit. */
    labelAt: z.record(code, words).optional(),
    /** How it counts: a round is for or against by it, and only a positive one is carried over after a return. */
    tone: z.enum(["positive", "negative", "neutral"]),
    needsReasonCode: z.boolean().optional(),
    needsOpinion: z.boolean().optional(),
    /** The only reasons that this outcome may have, by their codes in the rule packs; any where it is left out. */
    reasonCodes: z.array(z.string().min(1)).min(1).optional(),
    /** Why no other reason will do; told to whoever gives one. */
    reasonBasis: words.optional(),
  })
  .refine(({ reasonCodes, needsReasonCode }) => reasonCodes === undefined || needsReasonCode === true, {
    error: "reasonCodes without needsReasonCode: true",
  })
  .refine(({ reasonCodes, reasonBasis }) => (reasonCodes === undefined) === (reasonBasis === undefined), {
    error: "reasonCodes and reasonBasis belong together",
  });

/** `processes/terms.json`: what officials may conclude and who works at a step, in the words of the place. */
export const termsFile = z.strictObject({
  outcomes: z.record(code, outcomeTerm),
  roles: z.record(code, words),
});
export type Terms = z.infer<typeof termsFile>;
