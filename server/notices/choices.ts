import { z } from "zod";
import { noticeGroups, type NoticeGroup } from "./kinds.ts";

/** The ways in which one person is told. Webhooks and robots are told for everybody. */
export const personalChannels = ["product", "mail"] as const;
export type PersonalChannel = (typeof personalChannels)[number];

export const choicesSchema = z.partialRecord(z.enum(noticeGroups), z.array(z.enum(personalChannels)));
export type Choices = z.infer<typeof choicesSchema>;

/** True where the person wants this group through this channel; without a choice of their own, through every one. */
export function isChosen(stored: string | null, group: NoticeGroup, channel: PersonalChannel): boolean {
  if (stored === null) return true;
  const chosen = choicesSchema.parse(JSON.parse(stored))[group];
  return chosen === undefined || chosen.includes(channel);
}
