import { z } from "zod";
import { bilingual, instant } from "../shared/common.schema.ts";

const content = z.record(z.string(), z.unknown());

export const draftParams = z.object({
  /** `task.<id>`, `correction.<task>`, `application.<resource>`, `start.<process>.<key>` or `comment.<case>`. */
  key: z.string().regex(/^(task|correction|application|start|comment)\.[\w.:-]{1,90}$/),
});
export const draftBody = z.strictObject({
  content,
  /** Name of the tab that writes, chosen by it. */
  writer: z.string().min(1).max(40),
  /** Revision that the tab has seen; 0 for none. */
  seenRev: z.number().int().min(0),
});
export const savedDraft = z.object({
  rev: z.number().int(),
  savedAt: instant,
  /** What another tab or machine had written and this write replaced. */
  overwrote: z.object({ content, savedAt: instant }).nullable(),
});
export type SavedDraft = z.infer<typeof savedDraft>;
export const draftAnswer = z.object({
  draft: z.object({ content, rev: z.number().int(), savedAt: instant }).nullable(),
});
export type DraftAnswer = z.infer<typeof draftAnswer>;

export const draftList = z.object({
  items: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(["task", "correction", "application", "start", "comment"]),
      title: bilingual,
      caseNumber: z.string().nullable(),
      instanceId: z.string().nullable(),
      taskId: z.string().nullable(),
      /** False where the task was closed meanwhile: the draft can be read and no longer sent. */
      isOpen: z.boolean(),
      savedAt: instant,
    }),
  ),
});
export type DraftList = z.infer<typeof draftList>;
