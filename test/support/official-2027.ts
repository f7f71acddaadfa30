import type { YearFile } from "../../engine/calendar/year-check.ts";

const off = (name: string, ...days: string[]) =>
  days.map((day) => ({ date: `2027-${day}`, kind: "holiday" as const, name }));
const worked = (name: string, ...days: string[]) =>
  days.map((day) => ({ date: `2027-${day}`, kind: "workday" as const, name }));

/** An invented official list for 2027, as lawful as a real one: for tests and measurements only. */
export const official2027: YearFile = {
  region: "000000",
  year: 2027,
  status: "official",
  source: {
    title: "虚构的2027年放假安排（仅供测试）",
    documentNumber: "测试〔2026〕1号",
    article: null,
    url: null,
    grade: "P",
  },
  days: [
    ...off("元旦", "01-01"),
    ...off("春节", "02-05", "02-06", "02-07", "02-08", "02-09", "02-10", "02-11", "02-12"),
    ...worked("春节", "01-31", "02-14"),
    ...off("清明节", "04-05"),
    ...off("劳动节", "05-01", "05-02", "05-03", "05-04", "05-05"),
    ...worked("劳动节", "05-08"),
    ...off("端午节", "06-09"),
    ...off("中秋节", "09-15"),
    ...off("国庆节", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"),
    ...worked("国庆节", "09-26", "10-09"),
  ],
};
