import { z } from "zod";
import { regionCode } from "../routing/regions.ts";
import { ruleSourceSchema } from "../routing/rule-source.ts";
import { addDays, weekday } from "./dates.ts";
import { lunarYears, statutoryDays } from "./statutory-days.ts";
import type { CalendarDay } from "./working-days.ts";

/** An official year as a file: one region, one year, its source, and the days that differ from the plain week. */
export const yearFileSchema = z.strictObject({
  region: z.string().regex(regionCode),
  year: z.number().int().min(lunarYears.first).max(lunarYears.last),
  status: z.enum(["official", "provisional"]),
  source: ruleSourceSchema,
  days: z
    .array(
      z.strictObject({ date: z.iso.date(), kind: z.enum(["holiday", "workday"]), name: z.string().min(1).max(40) }),
    )
    .max(366),
});
export type YearFile = z.infer<typeof yearFileSchema>;

export type YearFaultCode =
  | "SOURCE_NOT_NAMED"
  | "DAY_OUTSIDE_YEAR"
  | "DAY_TWICE"
  | "MAKE_UP_DAY_IN_WEEK"
  | "STATUTORY_DAY_MISSING"
  | "HOLIDAY_BROKEN"
  | "DAYS_DO_NOT_BALANCE";

/** A fault of a year with its day and how to mend it. `warning` does not keep the year from being imported. */
export interface YearFault {
  readonly code: YearFaultCode;
  readonly severity: "error" | "warning";
  readonly date: string | null;
  readonly message: { readonly zh: string; readonly en: string };
  readonly mend: { readonly zh: string; readonly en: string };
}

const country = "000000";

/** What is wrong with a year of a calendar; empty when it can come into force. A region below the country lists only its own days. */
export function checkYear(file: YearFile): readonly YearFault[] {
  const own = [...sourceFaults(file), ...dayFaults(file)];
  if (file.region !== country) return own;
  return [...own, ...missingStatutoryDays(file), ...brokenHolidays(file), ...unbalanced(file)];
}

function sourceFaults({ source, status }: YearFile): readonly YearFault[] {
  if (source.title.trim() !== "" && (status === "provisional" || source.documentNumber !== null || source.url !== null))
    return [];
  return [
    {
      code: "SOURCE_NOT_NAMED",
      severity: "error",
      date: null,
      message: {
        zh: "正式安排没有注明依据文号或网址",
        en: "the official list names neither a document number nor an address",
      },
      mend: { zh: "填写 source.documentNumber 或 source.url", en: "Give source.documentNumber or source.url" },
    },
  ];
}

function dayFaults({ year, days }: YearFile): readonly YearFault[] {
  const seen = new Set<string>();
  return days.flatMap(({ date, kind, name }): readonly YearFault[] => {
    const found: YearFault[] = [];
    if (!date.startsWith(`${year}-`)) {
      found.push(
        fault("DAY_OUTSIDE_YEAR", date, [
          `${date}（${name}）不在 ${year} 年内`,
          `${date} (${name}) does not lie in ${year}`,
          "移到所属年份的文件",
          "Move it to the file of its own year",
        ]),
      );
    }
    if (seen.has(date)) {
      found.push(
        fault("DAY_TWICE", date, [`${date} 出现两次`, `${date} is listed twice`, "只保留一行", "Keep one of the two"]),
      );
    }
    seen.add(date);
    const day = weekday(date);
    if (kind === "workday" && day !== 0 && day !== 6) {
      found.push(
        fault("MAKE_UP_DAY_IN_WEEK", date, [
          `调休上班日 ${date} 不是周末`,
          `the make-up working day ${date} is no weekend day`,
          "更正日期或删除该行",
          "Correct the date or remove the line",
        ]),
      );
    }
    return found;
  });
}

function missingStatutoryDays({ year, days }: YearFile): readonly YearFault[] {
  const off = new Set(days.filter(({ kind }) => kind === "holiday").map(({ date }) => date));
  return statutoryDays(year)
    .filter(({ date }) => !off.has(date))
    .map(({ date, name }) =>
      fault("STATUTORY_DAY_MISSING", date, [
        `缺少法定节假日 ${date}（${name}）`,
        `the statutory holiday ${date} (${name}) is missing`,
        "补上该日；依据《全国年节及纪念日放假办法》",
        "Add the day: National Holidays Measures",
      ]),
    );
}

/** The days of one holiday follow on one another, whatever other holiday or weekend lies between them. */
function brokenHolidays({ days }: YearFile): readonly YearFault[] {
  const off = new Set(days.filter(({ kind }) => kind === "holiday").map(({ date }) => date));
  const worked = new Set(days.filter(({ kind }) => kind === "workday").map(({ date }) => date));
  const rests = (date: string) => off.has(date) || ([0, 6].includes(weekday(date)) && !worked.has(date));
  const names = new Set(days.filter(({ kind }) => kind === "holiday").map(({ name }) => name));
  return [...names].flatMap((name) => {
    const dates = days
      .filter((day) => day.kind === "holiday" && day.name === name)
      .map(({ date }) => date)
      .sort();
    const last = dates.at(-1) ?? "";
    for (let date = dates[0] ?? ""; date < last; date = addDays(date, 1)) {
      if (rests(date)) continue;
      return [
        fault("HOLIDAY_BROKEN", date, [
          `${name} 假期不连续：${date} 不放假`,
          `the holiday ${name} is broken: ${date} is no day off`,
          "补上该日，或更正前后日期的名称",
          "Add the day, or correct the names of the days around it",
        ]),
      ];
    }
    return [];
  });
}

/** Days off in the week less make-up days are as many as the law gives; more or less is an error or a special decree. */
function unbalanced({ year, days, status }: YearFile): readonly YearFault[] {
  if (status === "provisional") return [];
  const weekdaysOff = countOf(days, (day) => day.kind === "holiday" && ![0, 6].includes(weekday(day.date)));
  const madeUp = countOf(days, (day) => day.kind === "workday");
  const given = weekdaysOff - madeUp;
  const lawful = statutoryDays(year).length;
  if (given === lawful) return [];
  return [
    {
      ...fault("DAYS_DO_NOT_BALANCE", null, [
        `工作日放假 ${weekdaysOff} 天、调休上班 ${madeUp} 天，净放假 ${given} 天，法定为 ${lawful} 天`,
        `${weekdaysOff} days off in the week less ${madeUp} make-up days are ${given}; the law gives ${lawful}`,
        "核对通知原文；如有特别决定可照此导入",
        "Compare with the announcement; import as it is where a special decree says so",
      ]),
      severity: "warning",
    },
  ];
}

function countOf(days: readonly CalendarDay[], which: (day: CalendarDay) => boolean): number {
  return days.filter(which).length;
}

function fault(
  code: YearFaultCode,
  date: string | null,
  [zh, en, mendZh, mendEn]: readonly [string, string, string, string],
): YearFault {
  return { code, severity: "error", date, message: { zh, en }, mend: { zh: mendZh, en: mendEn } };
}
