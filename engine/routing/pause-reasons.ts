interface Named {
  readonly zh: string;
  readonly en: string;
}

const names = {
  supplement: { zh: "等待补正", en: "supplement" },
  consultation: { zh: "征求意见", en: "consultation" },
  expertReview: { zh: "专家评审", en: "expert review" },
  dispute: { zh: "争议协调", en: "dispute" },
  suspended: { zh: "中止", en: "suspended" },
  forceMajeure: { zh: "不可抗力", en: "force majeure" },
} as const satisfies Readonly<Record<string, Named>>;

/** Reasons for which a clock rests. */
export const pauseReasons = Object.keys(names) as [keyof typeof names];

/** A reason in words; its code where none is known. */
export function pauseReasonName(code: string): Named {
  const known: Readonly<Record<string, Named>> = names;
  return known[code] ?? { zh: code, en: code };
}
