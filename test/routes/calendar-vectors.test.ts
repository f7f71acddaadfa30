import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startClock } from "../../engine/calendar/clock.ts";
import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import type { LimitUnit } from "../../engine/routing/types.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";

interface Vector {
  readonly region?: string;
  readonly from: string;
  readonly amount: number;
  readonly unit?: LimitUnit;
  readonly due: string;
  readonly confidence?: string;
  readonly why: string;
}

/** Receipt in China, limit, last day: worked out by hand from the State Council's lists and the law. */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "calendar-vectors.json"), "utf8")) as Vector[];
const content = await loadContent(join(packageRoot(), "processes"));
const hostZone = process.env["TZ"];

afterEach(() => {
  if (hostZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = hostZone;
});

describe.each(["Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati"])("on a host in %s", (zone) => {
  it.each(vectors.map((vector) => [vector.from, vector.amount, vector.unit ?? "workday", vector] as const))(
    "a receipt on %s, %i %s",
    (from, amount, unit, { region = "520102", due, confidence = "official", why }) => {
      process.env["TZ"] = zone;
      const calendar = layerCalendars(chainOf(content.regions, region), content.calendars);
      const [date = "", time = ""] = from.split("T");
      const limit = { code: "L.TEST", unit, value: amount, promised: null, calendarRegion: region };
      const { dueAt, dueConfidence } = startClock(limit, calendar, instantAt(date, time));
      expect([localDate(dueAt ?? ""), dueConfidence], why).toEqual([due, confidence]);
    },
  );
});
