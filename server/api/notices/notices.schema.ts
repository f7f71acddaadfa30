import { z } from "zod";
import { choicesSchema } from "../../notices/choices.ts";
import { noticeGroups } from "../../notices/kinds.ts";
import { bilingual, instant, pageOf, pageQuery } from "../shared/common.schema.ts";

/** What one person was told. */
export const noticeView = z.object({
  id: z.string(),
  kind: z.string(),
  at: instant,
  isRead: z.boolean(),
  /** What it calls to was done or is not to be done any more. */
  isOvertaken: z.boolean(),
  /** For whom the reader stands in with this; `null` for what is told in one's own name. */
  inSteadOf: z.object({ id: z.string(), name: z.string() }).nullable(),
  isUrgent: z.boolean(),
  subject: bilingual,
  body: bilingual,
  /** Where the console shows what it is about. */
  path: z.string(),
});
export type PersonalNotice = z.infer<typeof noticeView>;

export const noticeQuery = pageQuery.extend({ unread: z.enum(["true", "false"]).default("false") });
export const noticePage = pageOf(noticeView);

/** Unread ones of the groups that the person wants in the product, at most 100. */
export const unreadCount = z.object({ unread: z.number().int() });

/** Everything up to this moment was seen; what arrived meanwhile stays unread. */
export const readAllBody = z.object({ until: instant });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const preferences = z.object({
  language: z.enum(["zh", "en"]),
  mail: z.email().max(254).nullable(),
  /** Both or none; by the clock in China (+08:00). */
  quiet: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  restDaysQuiet: z.boolean(),
  /** Time of the one daily mail; `null` for a mail a notice. */
  digestAt: timeOfDay.nullable(),
  /** Who gets mail for my tasks while I am away: I as well as my substitute, or the substitute alone. */
  whileAway: z.enum(["both", "substitute"]).default("both"),
  /** Channels by group, or by kind, which comes before its group; what is left out comes through all. */
  choices: choicesSchema,
});
export const preferencesBody = preferences.strict();
export const preferencesView = preferences.extend({
  /** False where the installation has no mail server: then nothing goes out by mail, whatever is chosen. */
  hasMail: z.boolean(),
  groups: z.array(z.object({ group: z.enum(noticeGroups), kinds: z.array(z.string()).readonly() })).readonly(),
});
export type NoticePreferences = z.infer<typeof preferencesView>;
