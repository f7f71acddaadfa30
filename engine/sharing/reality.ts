import { addDays, localDate } from "../calendar/dates.ts";
import { isOver, type GrantState } from "./grant.ts";

/** What has become of an approval: whether it is data that are used, or only a decision on paper. */
export const realities = ["notDelivered", "notAccepted", "fresh", "used", "idle", "unused", "over"] as const;
export type Reality = (typeof realities)[number];

export interface GrantFacts {
  readonly state: GrantState;
  /** Instants in UTC. */
  readonly deliveredAt: string | null;
  readonly acceptedAt: string | null;
  readonly lastUsedAt: string | null;
}

/**
 * Where an approval stands in fact: not delivered, delivered and not accepted, accepted lately and not used yet, used in the last
 * `unusedDays`, used before but not in them, never used in them, or over (domain a6: granted but unused for 90 days).
 */
export function realityOf(facts: GrantFacts, now: string, unusedDays: number): Reality {
  if (isOver(facts.state)) return "over";
  if (facts.acceptedAt === null) return facts.deliveredAt === null ? "notDelivered" : "notAccepted";
  const since = addDays(localDate(now), -unusedDays);
  if (facts.lastUsedAt !== null) return localDate(facts.lastUsedAt) > since ? "used" : "idle";
  return localDate(facts.acceptedAt) > since ? "fresh" : "unused";
}
