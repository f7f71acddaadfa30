import { z } from "zod";
import { regionCode } from "../routing/regions.ts";
import { ruleSourceSchema } from "../routing/rule-source.ts";
import { calendarOfUnit, momentAt, type Clock } from "./clock.ts";
import { addDays, addMs, localDate } from "./dates.ts";
import { addWorkingDays, isWorkingDay, openingOf, type WorkingDayCalendar } from "./working-days.ts";

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** When a rung falls due. Days are working days of the clock's calendar; for limits in hours they are days of 24 hours. */
export const triggerSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("percentOfLimit"), percent: z.number().int().min(1).max(99) }),
  z.strictObject({ type: z.literal("daysBeforeDue"), days: z.number().int().min(1) }),
  z.strictObject({ type: z.literal("daysAfterDue"), days: z.number().int().min(1) }),
  /** After the limit that a supervisory order set. */
  z.strictObject({ type: z.literal("daysAfterOrder"), days: z.number().int().min(1) }),
  /** As soon as the office is open after a rule was broken that is no limit: the applicant was asked for one supplement too many. */
  z.strictObject({ type: z.literal("violation"), of: z.literal("secondSupplement") }),
]);

/** Who is told: a role at the organisation that owes the step, at the authority one level above, or at its supervision office. */
export const recipientSchema = z.strictObject({ at: z.enum(["holder", "superior"]), role: z.string().min(1) });

export const rungSchema = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]*$/),
  measure: z.enum(["remind", "notify", "order", "criticise"]),
  /** A card of this colour is issued against the organisation that owes the step; `null` for none. */
  card: z.enum(["blue", "yellow", "red"]).nullable(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  icon: z.string().min(1),
  name: bilingual,
  trigger: triggerSchema,
  needsReceipt: z.boolean(),
  notify: z.array(recipientSchema),
  countsInAssessment: z.boolean(),
  /** Working days in which a supervisory order is to be answered; for the measure `order` alone. */
  replyWorkingDays: z.number().int().min(1).nullable(),
});
export type Rung = z.infer<typeof rungSchema>;

/**
 * What happens as a limit runs out, rung by rung. Places differ in what a colour means, so it is data of a region, which the
 * regions below inherit.
 */
export const monitoringSchema = z
  .strictObject({
    region: z.string().regex(regionCode),
    code: z.string(),
    version: z.string(),
    name: bilingual,
    source: ruleSourceSchema,
    verified: z.boolean(),
    contestWorkingDays: z.number().int().min(1),
    rungs: z.array(rungSchema).min(1),
  })
  .refine(({ rungs }) => new Set(rungs.map(({ code }) => code)).size === rungs.length, "two rungs have one code")
  .refine(
    ({ rungs }) =>
      rungs.every(({ measure, replyWorkingDays }) => (measure === "order") === (replyWorkingDays !== null)),
    "a supervisory order, and nothing else, needs replyWorkingDays",
  )
  .refine(
    ({ rungs }) => rungs.every(({ measure, trigger }) => trigger.type !== "violation" || measure !== "order"),
    "a supervisory order asks for an overdue step to be done; a violation is answered by a notice, a card or criticism",
  );
export type MonitoringScheme = z.infer<typeof monitoringSchema>;

/** A rung that was climbed: of which round of the clock, and at which entry of its step. */
export interface ClimbedRung {
  readonly code: string;
  readonly round: number;
  readonly entries: number;
  readonly at: string;
}

/** Where a clock stands on the ladder. */
export interface LadderStanding {
  readonly ledger: Clock;
  readonly entries: number;
  readonly climbed: readonly ClimbedRung[];
  /** When the supervisory order of this round is to be answered; `null` while there is none, or it was. */
  readonly orderDueAt: string | null;
  /** When a rule that is no limit was last broken at the step; `null` while none was. */
  readonly violatedAt: string | null;
}

export interface DueRung {
  readonly rung: Rung;
  readonly at: string;
}

/** Rungs still to be climbed with their moments, soonest first. While the clock rests and once its step is done, only what was violated counts. */
export function rungsAhead(
  scheme: MonitoringScheme,
  standing: LadderStanding,
  regional: WorkingDayCalendar,
): readonly DueRung[] {
  const { ledger } = standing;
  const isRunning = ledger.stoppedAt === null && ledger.dueAt !== null;
  const calendar = calendarOfUnit(ledger.unit, regional);
  return scheme.rungs
    .filter(({ trigger }) => isRunning || trigger.type === "violation")
    .filter((rung) => !isClimbed(rung, standing))
    .flatMap((rung) => {
      const at = momentOf(rung, standing, calendar);
      return at === null ? [] : [{ rung, at }];
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** What of the rungs that are due is done: of several reminders the last alone, everything else in turn. */
export function rungsToClimb(due: readonly DueRung[]): readonly (DueRung & { readonly isSkipped: boolean })[] {
  const last = due.findLast(({ rung }) => rung.measure === "remind");
  return due.map((entry) => ({ ...entry, isSkipped: entry.rung.measure === "remind" && entry !== last }));
}

/** Before the due moment a step that is entered anew is reminded anew; what follows a breach happens once a round. */
function isClimbed({ code, trigger }: Rung, { ledger, entries, climbed, violatedAt }: LadderStanding): boolean {
  if (trigger.type === "violation")
    return violatedAt === null || climbed.some((rung) => rung.code === code && rung.at >= violatedAt);
  const perEntry = trigger.type === "percentOfLimit" || trigger.type === "daysBeforeDue";
  return climbed.some(
    (rung) => rung.code === code && rung.round === ledger.round && (!perEntry || rung.entries === entries),
  );
}

function momentOf(
  { trigger }: Rung,
  { ledger, orderDueAt, violatedAt }: LadderStanding,
  calendar: WorkingDayCalendar,
): string | null {
  const inHours = ledger.unit === "hour";
  switch (trigger.type) {
    case "percentOfLimit":
      return ledger.state === "running" ? momentAt(ledger, calendar, trigger.percent / 100) : null;
    case "daysBeforeDue":
      return ledger.state === "running" && ledger.dueAt !== null
        ? before(ledger, ledger.dueAt, trigger.days, calendar)
        : null;
    case "daysAfterDue":
      return ledger.dueAt === null ? null : after(ledger.dueAt, trigger.days, calendar, inHours);
    case "daysAfterOrder":
      return orderDueAt === null ? null : after(orderDueAt, trigger.days, calendar, inHours);
    case "violation":
      return violatedAt;
  }
}

function after(from: string, days: number, calendar: WorkingDayCalendar, inHours: boolean): string {
  if (inHours) return addMs(from, days * 24 * 3_600_000);
  return openingOf(calendar, addWorkingDays(calendar, localDate(from), days).date);
}

/** Nothing is told before the limit has run for a day: of a short limit the rung falls away. */
function before(ledger: Clock, dueAt: string, days: number, calendar: WorkingDayCalendar): string | null {
  if (ledger.unit === "hour") {
    const at = addMs(dueAt, -days * 24 * 3_600_000);
    return at > ledger.countedFrom ? at : null;
  }
  let date = localDate(dueAt);
  for (let left = days; left > 0 && date > localDate(ledger.countedFrom);) {
    date = addDays(date, -1);
    if (isWorkingDay(calendar, date)) left -= 1;
  }
  return date > localDate(ledger.countedFrom) ? openingOf(calendar, date) : null;
}
