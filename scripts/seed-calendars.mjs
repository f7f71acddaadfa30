/**
 * Writes processes/calendars/000000.json from the data file of `chinese-days` (MIT; its data, not its functions, which
 * follow the host's time zone), and adds 2027 provisionally: the statutory days of the National Holidays Measures (2024)
 * without compensation days, which the State Council announces in autumn. Run it again when the package has a new year.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const data = createRequire(import.meta.url)("chinese-days/dist/chinese-days.json");
const nameOf = (text) => text.split(",")[1] ?? text;
const daysOf = (year) =>
  [
    ...Object.entries(data.holidays).map(([date, text]) => ({ date, kind: "holiday", name: nameOf(text) })),
    ...Object.entries(data.workdays).map(([date, text]) => ({
      date,
      kind: "workday",
      name: `${nameOf(text)}调休上班`,
    })),
  ]
    .filter(({ date }) => date.startsWith(`${year}-`))
    .sort((a, b) => (a.date < b.date ? -1 : 1));

const statutory2027 = {
  "01-01": "元旦",
  "02-05": "除夕",
  "02-06": "春节",
  "02-07": "春节",
  "02-08": "春节",
  "04-05": "清明",
  "05-01": "劳动节",
  "05-02": "劳动节",
  "06-09": "端午",
  "09-15": "中秋",
  "10-01": "国庆节",
  "10-02": "国庆节",
  "10-03": "国庆节",
};

const years = [2023, 2024, 2025, 2026].map((year) => ({ year, status: "official", days: daysOf(year) }));
years.push({
  year: 2027,
  status: "provisional",
  days: Object.entries(statutory2027).map(([day, name]) => ({ date: `2027-${day}`, kind: "holiday", name })),
});

const calendar = {
  region: "000000",
  name: { zh: "全国工作日历", en: "National working-day calendar" },
  source: {
    title: "国务院办公厅关于部分节假日安排的通知",
    documentNumber: null,
    article: null,
    url: "https://politics.gmw.cn/2025-11/04/content_38391083.htm",
    grade: "S",
  },
  years,
};
writeFileSync(new URL("../processes/calendars/000000.json", import.meta.url), `${JSON.stringify(calendar, null, 1)}\n`);
