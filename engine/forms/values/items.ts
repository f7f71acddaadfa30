import { itemProblems } from "../../approval/item-problems.ts";
import { wideningProblems } from "../../approval/item-narrowing.ts";
import { itemDecisionsSchema } from "../../approval/items.ts";
import type { ItemDecisionsField, ItemsField } from "../form.ts";
import { invalid, refuse, type Checked, type Site } from "./checked.ts";

/**
 * Items of the resource. Where the form asks for it, each is declared necessary: what is merely convenient exceeds the purpose
 * (Personal Information Protection Law art. 6).
 */
export function checkItems(field: ItemsField, value: unknown, site: Site): Checked {
  const items = listOf(value);
  if (!items) return invalid(field, site);
  const foreign = items.filter((item) => !field.choices.some((choice) => choice.value === item));
  if (foreign.length > 0)
    return refuse("ITEM_UNKNOWN", field, site, () => [
      `该资源没有数据项 ${foreign.join("、")}`,
      `The resource has no item ${foreign.join(", ")}`,
    ]);
  if (field.necessityKey === null) return { value: items };
  const necessary = listOf(site.values[field.necessityKey] ?? []) ?? [];
  const unneeded = items.filter((item) => !necessary.includes(item));
  if (unneeded.length > 0)
    return refuse("ITEM_NOT_NECESSARY", field, site, () => [
      `请逐项确认确属办理事项所必需，或取消申请：${namesOf(field, unneeded, "zh").join("、")}`,
      `Confirm each item as necessary for the matter, or leave it out: ${namesOf(field, unneeded, "en").join(", ")}`,
    ]);
  return { value: items, beside: { [field.necessityKey]: necessary.filter((item) => items.includes(item)) } };
}

function namesOf(field: ItemsField, items: readonly string[], language: "zh" | "en"): readonly string[] {
  return items.map((item) => field.choices.find(({ value }) => value === item)?.label[language] ?? item);
}

function listOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) return null;
  return [...new Set(value)];
}

/** Data are always delivered for the applicant's own area (`DeliverySpecification.regionFilter`). */
function regionOf(applicant: unknown): string | null {
  const region = typeof applicant === "object" && applicant !== null && "region" in applicant ? applicant.region : null;
  return typeof region === "string" ? region : null;
}

/** A decision on each item that was asked for; one that binds may be narrowed later, and never widened from below. */
export function checkItemDecisions(
  field: ItemDecisionsField,
  value: unknown,
  site: Pick<Site, "context" | "place">,
): Checked {
  const parsed = itemDecisionsSchema.safeParse(value);
  if (!parsed.success) return invalid(field, { ...site, values: {} });
  const { facts, reasons, decided } = site.context;
  const request = facts["request"];
  const day = (name: "from" | "to") => {
    const found = typeof request === "object" && request !== null && name in request ? Object(request)[name] : null;
    return typeof found === "string" ? found : null;
  };
  const asked = new Map(field.choices.map((choice) => [choice.value, choice.label] as const));
  const area = regionOf(facts["applicant"]);
  const isInArea = area !== null && decided ? (region: string) => decided.isWithin(region, area) : null;
  const rules = { asked, reasons, isInArea, from: day("from"), to: day("to") };
  const nameOf = (code: string) => asked.get(code) ?? { zh: code, en: code };
  const problems = [
    ...itemProblems(parsed.data, rules),
    ...(decided
      ? wideningProblems(decided.earlier, { decisions: parsed.data, region: decided.region }, { ...decided, nameOf })
      : []),
  ];
  return problems.length > 0
    ? { problems: problems.map((found) => ({ ...found, place: `${site.place}.${found.place}` })) }
    : { value: parsed.data };
}
