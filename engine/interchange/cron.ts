import { parseRepetition } from "../execution/repetition.ts";
import type { Bilingual } from "./notes.ts";
import type { Dialect } from "./expressions.ts";

/** Fields of a cron text with seconds, and the largest value of each. */
const fields = ["second", "minute", "hour", "day", "month", "weekday"] as const;
const largest: Readonly<Record<(typeof fields)[number], number>> = {
  second: 59,
  minute: 59,
  hour: 23,
  day: 31,
  month: 12,
  weekday: 6,
};

export type Cron =
  { readonly type: "cron"; readonly text: string } | { readonly type: "refused"; readonly reason: Bilingual };

/** True for text of six or seven fields, as Quartz (Camunda 7, Flowable) and Spring (Camunda 8) write it. */
export function isCronWithSeconds(text: string): boolean {
  const parts = text.trim().split(/\s+/);
  return (parts.length === 6 || parts.length === 7) && parts.every((part) => /^[\dA-Za-z*?,/#-]+$/.test(part));
}

/**
 * The same times in five fields. Quartz counts weekdays from Sunday = 1, Spring from Sunday = 0 as we do; a year, a second
 * other than 0, and the signs L, W and # have no counterpart.
 */
export function fiveFields(text: string, dialect: Dialect): Cron {
  const [second = "", minute = "", hour = "", day = "", month = "", weekday = "", year = "*"] = text
    .trim()
    .split(/\s+/);
  if (!/^0+$/.test(second)) return refuse("秒不是 0", "its seconds are not 0");
  if (year !== "*" && year !== "?") return refuse("限定了年份", "it names a year");
  if (/[LW#]/.test(`${day}${weekday}`.replace(/WED/g, ""))) return refuse("使用了 L、W 或 #", "it uses L, W or #");
  if (!isAny(day) && !isAny(weekday))
    return refuse("同时限定了日期和星期", "it restricts both the day and the weekday");
  const parts = [
    step(minute, "minute"),
    step(hour, "hour"),
    step(plain(day), "day"),
    step(month, "month"),
    dialect === "juel" ? fromSundayIsOne(plain(weekday)) : plain(weekday),
  ];
  const found = parts.join(" ");
  return parts.includes(null) || parseRepetition(found) === null
    ? refuse("五段 cron 无法表示", "five fields cannot say it")
    : { type: "cron", text: found };
}

function isAny(field: string): boolean {
  return field === "*" || field === "?";
}

function plain(field: string): string {
  return field === "?" ? "*" : field;
}

/** `5/15` is “from 5 on, every 15”; five fields write it as a range. */
function step(field: string, name: (typeof fields)[number]): string {
  return field.replace(
    /(^|,)(\d+)\/(\d+)/g,
    (_, before: string, from: string, every: string) => `${before}${from}-${largest[name]}/${every}`,
  );
}

function fromSundayIsOne(field: string): string | null {
  if (field === "*") return field;
  const [days = "", every] = field.split("/");
  const moved = days
    .split(",")
    .map((part) =>
      part
        .split("-")
        .map((day) => (/^[1-7]$/.test(day) ? String(Number(day) - 1) : /^[A-Z]{3}$/i.test(day) ? day : null)),
    );
  if (moved.some((part) => part.includes(null))) return null;
  const text = moved.map((part) => part.join("-")).join(",");
  return every === undefined ? text : `${text}/${every}`;
}

function refuse(zh: string, en: string): Cron {
  return { type: "refused", reason: { zh, en } };
}
