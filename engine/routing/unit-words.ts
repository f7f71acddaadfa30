/** Units of limits as sentences need them. */
export const unitWords = {
  workday: { zh: "个工作日", en: "working day(s)" },
  workhour: { zh: "个工作小时", en: "working hour(s)" },
  hour: { zh: "小时", en: "hour(s)" },
  day: { zh: "日", en: "day(s)" },
} as const;
