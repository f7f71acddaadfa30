import type { ResolvedLimit } from "../../engine/routing/types.ts";

/** A limit of five working days without a promise or an extension, with what is changed of it. */
export function resolvedLimit(changed: Partial<ResolvedLimit> = {}): ResolvedLimit {
  return {
    code: "L.REVIEW",
    name: { zh: "审查", en: "Review" },
    value: 5,
    unit: "workday",
    promised: null,
    calendarRegion: "000000",
    onSupplement: "restart",
    onReturn: "resume",
    maxSupplements: 1,
    excludes: [],
    extension: null,
    onTimeout: "escalate",
    onCalendarChange: "follow",
    monitored: true,
    source: { title: "测试", documentNumber: null, article: null, url: null, grade: "P" },
    verified: false,
    packRegion: "000000",
    packVersion: "1",
    ...changed,
  };
}
