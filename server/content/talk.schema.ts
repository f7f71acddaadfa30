import { z } from "zod";
import { ruleSourceSchema } from "../../engine/routing/rule-source.ts";

/** What may be uploaded. `endings` are those of file names, lower case, without the dot. */
const attachmentRules = z.strictObject({
  maximumBytes: z.number().int().min(1),
  caseQuotaBytes: z.number().int().min(1),
  /** How long an upload is kept that belongs to no case yet. */
  unboundHours: z.number().int().min(1),
  kinds: z.array(
    z.strictObject({
      media: z.string(),
      endings: z.array(z.string().regex(/^[a-z0-9]+$/)).min(1),
      preview: z.enum(["image", "pdf"]).nullable(),
    }),
  ),
  source: ruleSourceSchema,
  verified: z.boolean(),
});
export type AttachmentRules = z.infer<typeof attachmentRules>;
export type AttachmentKind = AttachmentRules["kinds"][number];

/** How often an applicant may urge, and after which share of a step's limit. */
const urgingRules = z.strictObject({
  everyWorkingDays: z.number().int().min(1),
  afterShareOfLimit: z.number().min(0).max(1),
  source: ruleSourceSchema,
  verified: z.boolean(),
});
export type UrgingRules = z.infer<typeof urgingRules>;

/** `processes/talk.json`: the bounds of what people send to each other about a case. */
export const talkFile = z.strictObject({
  attachments: attachmentRules,
  comments: z.strictObject({
    withdrawMinutes: z.number().int().min(0),
    source: ruleSourceSchema,
    verified: z.boolean(),
  }),
  urging: urgingRules,
});
export type TalkRules = z.infer<typeof talkFile>;
