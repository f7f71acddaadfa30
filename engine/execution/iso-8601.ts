/**
 * ISO 8601 durations and dates of BPMN timers. A date without offset, and the calendar fields of a
 * duration, are read in China Standard Time (fixed +08:00): the host's time zone never matters.
 */

const chinaOffsetMs = 8 * 3_600_000;

export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}

const durationPattern =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;

export function parseDuration(text: string): Duration | null {
  const match = durationPattern.exec(text.trim());
  if (!match) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    ms: (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + Math.round((seconds ?? 0) * 1000),
  };
}

/** `instant` plus the duration, as an ISO instant in UTC. A month added to the 31st ends on the last day of a shorter month. */
export function addDuration(instant: string, duration: Duration): string {
  const local = new Date(Date.parse(instant) + chinaOffsetMs);
  if (duration.months !== 0) {
    const day = local.getUTCDate();
    local.setUTCDate(1);
    local.setUTCMonth(local.getUTCMonth() + duration.months);
    local.setUTCDate(
      Math.min(day, new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate()),
    );
  }
  return new Date(local.getTime() - chinaOffsetMs + duration.days * 86_400_000 + duration.ms).toISOString();
}

const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** The instant that `text` names, as ISO in UTC; `null` when it is none. */
export function parseInstant(text: string): string | null {
  const match = instantPattern.exec(text.trim());
  if (!match) return null;
  const withTime = match[1] ? text.trim() : text.trim().replace(/^(\d{4}-\d{2}-\d{2})/, "$1T00:00:00");
  const ms = Date.parse(match[4] ? withTime : `${withTime}+08:00`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
