import { z } from "zod";

const change = z.object({
  reason: z.string().trim().max(500).default(""),
  /** Revision that the person saw. */
  rev: z.number().int(),
});

export const addSignerBody = change.extend({
  person: z.string().max(64),
  place: z.enum(["before", "beside", "after"]),
  /** Whether the vote counts in the tally; otherwise it is an opinion. */
  counts: z.boolean().default(true),
});
export const changeSignerBody = change;
