import { z } from "zod";
import { noticeGroups, noticeKinds, type NoticeKind } from "./kinds.ts";

/** The ways in which one person is told. Webhooks and robots are told for everybody. */
export const personalChannels = ["product", "mail"] as const;
export type PersonalChannel = (typeof personalChannels)[number];

const kinds = Object.keys(noticeKinds) as [NoticeKind, ...NoticeKind[]];

/** Channels by group, and by kind where a kind is to come otherwise than its group. */
export const choicesSchema = z.partialRecord(z.enum([...noticeGroups, ...kinds]), z.array(z.enum(personalChannels)));
export type Choices = z.infer<typeof choicesSchema>;

/** True where the person wants this kind through this channel; without a choice of their own, through every one. */
export function isChosen(stored: string | null, kind: NoticeKind, channel: PersonalChannel): boolean {
  if (stored === null) return true;
  const choices = choicesSchema.parse(known(JSON.parse(stored)));
  const chosen = choices[kind] ?? choices[noticeKinds[kind].group];
  return chosen === undefined || chosen.includes(channel);
}

/** Without what an earlier version told of and this one does not. */
export function known(stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = new Set<string>([...noticeGroups, ...kinds]);
  return Object.fromEntries(Object.entries(stored).filter(([name]) => names.has(name)));
}
