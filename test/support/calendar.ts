import { readFileSync } from "node:fs";
import { join } from "node:path";
import { layerCalendars, type RegionCalendar } from "../../engine/calendar/working-days.ts";

function shipped(region: string): RegionCalendar {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, `../../processes/calendars/${region}.json`), "utf8"),
  ) as RegionCalendar;
}

const calendars = new Map(["000000", "522600"].map((region) => [region, shipped(region)]));

export const nationalCalendar = layerCalendars(["000000"], calendars);
export const qiandongnanCalendar = layerCalendars(["522600", "520000", "000000"], calendars);
