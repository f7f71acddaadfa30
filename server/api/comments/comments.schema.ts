import { z } from "zod";
import { instant, organisationRef, personRef } from "../shared/common.schema.ts";

const audience = z.enum(["internal", "all"]);

export const commentView = z.object({
  id: z.string(),
  by: personRef,
  organisation: organisationRef,
  audience,
  /** Plain text; empty when it was withdrawn. */
  body: z.string(),
  mentions: z.array(personRef),
  at: instant,
  withdrawnAt: instant.nullable(),
  /** Whether I may still take it back. */
  mayWithdraw: z.boolean(),
});
export type CommentView = z.infer<typeof commentView>;
export const commentList = z.object({ items: z.array(commentView) });
export const commentBody = z.strictObject({
  body: z.string().trim().min(1).max(2000),
  audience,
  mentions: z.array(z.string().max(64)).max(20).default([]),
  attachmentIds: z.array(z.string().max(40)).max(10).default([]),
});
export const commentParams = z.object({ id: z.string().max(80), comment: z.string().max(40) });

export const mentionQuery = z.object({ audience: audience.default("internal") });
export const mentionList = z.object({
  items: z.array(personRef.extend({ organisation: organisationRef })),
});
export type MentionList = z.infer<typeof mentionList>;

export const watchBody = z.strictObject({ watching: z.boolean() });
export const watcherList = z.object({
  items: z.array(personRef.extend({ at: instant, because: z.enum(["own", "mention"]) })),
  /** Whether I watch it. */
  watching: z.boolean(),
});
export type WatcherList = z.infer<typeof watcherList>;
