import { z } from "zod";
import { instant, personRef, ruleSource } from "../shared/common.schema.ts";

export const attachmentView = z.object({
  id: z.string(),
  name: z.string(),
  media: z.string(),
  bytes: z.number().int(),
  /** Of the content, in hexadecimal. */
  sha256: z.string(),
  by: personRef,
  at: instant,
  taskId: z.string().nullable(),
  scan: z.enum(["pending", "clean", "infected", "notScanned"]),
  /** How it can be shown without saving it; `null` where it cannot. */
  preview: z.enum(["image", "pdf"]).nullable(),
});
export type AttachmentView = z.infer<typeof attachmentView>;
export const attachmentList = z.object({ items: z.array(attachmentView) });

/** What may be uploaded, so that a browser can tell before it sends. */
export const attachmentBounds = z.object({
  maximumBytes: z.number().int(),
  caseQuotaBytes: z.number().int(),
  endings: z.array(z.string()),
  source: ruleSource,
  verified: z.boolean(),
});
export type AttachmentBounds = z.infer<typeof attachmentBounds>;

export const uploadQuery = z.object({ name: z.string().min(1).max(1000) });
export const bindBody = z.strictObject({
  attachmentIds: z.array(z.string().max(40)).min(1).max(20),
  taskId: z.string().max(64).nullable().default(null),
});
