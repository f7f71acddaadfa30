import type { Bilingual, FormProblem } from "../forms/form.ts";
import type { ItemDecision, Narrowing } from "./items.ts";

/** What the rule packs ask of a refusal by reason code. */
export interface ItemReason {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly needs: { readonly zh: string; readonly en: string };
  readonly minimumReasonLength: number;
  readonly needsCitation: boolean;
  readonly offers: string;
}

export interface ItemRules {
  /** The items that were asked for, by code, with their names in the catalogue. */
  readonly asked: ReadonlyMap<string, Bilingual>;
  /** Reasons that a person may give. One that speaks of a partial grant as a whole (R11) is none for a single item. */
  readonly reasons: readonly ItemReason[];
  /** Whether a division lies in the area that the data are asked for; `null` where that is not known. */
  readonly isInArea: ((region: string) => boolean) | null;
  /** Period that was asked for, `YYYY-MM-DD`. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What is wrong with decisions on items: each item is decided once, and each refusal gives what its reason code asks for. */
export function itemProblems(decisions: readonly ItemDecision[], rules: ItemRules): readonly FormProblem[] {
  const problems: FormProblem[] = [];
  for (const [item, name] of rules.asked) {
    const times = decisions.filter(({ code }) => code === item).length;
    if (times === 0)
      problems.push(
        wrong("ITEM_UNDECIDED", item, `数据项“${name.zh}”尚未作出决定`, `The item “${name.en}” is not decided`),
      );
    if (times > 1)
      problems.push(
        wrong(
          "ITEM_DECIDED_TWICE",
          item,
          `数据项“${name.zh}”重复决定`,
          `The item “${name.en}” is decided more than once`,
        ),
      );
  }
  for (const decided of decisions) {
    if (!rules.asked.has(decided.code))
      problems.push(
        wrong(
          "ITEM_NOT_ASKED",
          decided.code,
          `申请中没有数据项 ${decided.code}`,
          `The application does not ask for ${decided.code}`,
        ),
      );
    problems.push(...decisionProblems(decided, rules));
  }
  return problems;
}

function decisionProblems(decided: ItemDecision, rules: ItemRules): readonly FormProblem[] {
  switch (decided.decision) {
    case "granted":
      return [];
    case "masked":
      return decided.narrowing === null ? [] : narrowingProblems(decided.narrowing, decided.code, rules);
    case "narrowed":
      return narrowingProblems(decided.narrowing, decided.code, rules);
    case "refused":
      return refusalProblems(decided, rules);
  }
}

function refusalProblems(
  refused: Extract<ItemDecision, { decision: "refused" }>,
  rules: ItemRules,
): readonly FormProblem[] {
  const { code } = refused;
  const name = nameIn(rules, code);
  const reason = rules.reasons.find((known) => known.code === refused.reasonCode && known.offers !== "separablePart");
  if (!reason)
    return [
      wrong(
        "ITEM_REASON_UNKNOWN",
        code,
        `数据项“${name.zh}”须选择不予共享的理由代码（R1–R9）`,
        `Choose a reason code for refusing “${name.en}” (R1–R9)`,
      ),
    ];
  const problems: FormProblem[] = [];
  if (reason.needsCitation && (refused.citation ?? "").trim() === "")
    problems.push(
      wrong(
        "ITEM_CITATION_MISSING",
        code,
        `数据项“${name.zh}”按 ${reason.code} 须引用依据：${reason.needs.zh}`,
        `${reason.code} needs a citation for “${name.en}”: ${reason.needs.en}`,
      ),
    );
  if (refused.reason.trim().length < reason.minimumReasonLength)
    problems.push(
      wrong(
        "ITEM_REASON_TOO_SHORT",
        code,
        `数据项“${name.zh}”按 ${reason.code} 的理由至少 ${reason.minimumReasonLength} 字：${reason.needs.zh}`,
        `${reason.code} needs reasons of at least ${reason.minimumReasonLength} characters for “${name.en}”: ${reason.needs.en}`,
      ),
    );
  if (reason.offers === "narrowerScope" && refused.offer === null)
    problems.push(
      wrong(
        "ITEM_OFFER_MISSING",
        code,
        `数据项“${name.zh}”按 ${reason.code} 须给出可缩小的范围`,
        `${reason.code} offers the narrower scope in which “${name.en}” would be granted`,
      ),
    );
  if (refused.offer !== null) problems.push(...narrowingProblems(refused.offer, code, rules));
  return problems;
}

function narrowingProblems(
  { regions, rows, from, to }: Narrowing,
  code: string,
  rules: ItemRules,
): readonly FormProblem[] {
  const name = nameIn(rules, code);
  if (regions.length === 0 && rows === null && from === null && to === null)
    return [
      wrong(
        "ITEM_NARROWING_EMPTY",
        code,
        `数据项“${name.zh}”须写明缩小后的区域、数量或期限`,
        `Say to which area, number of records or period “${name.en}” is narrowed`,
      ),
    ];
  const foreign = rules.isInArea ? regions.filter((region) => rules.isInArea?.(region) === false) : [];
  if (foreign.length > 0)
    return [
      wrong(
        "ITEM_AREA_OUTSIDE",
        code,
        `数据项“${name.zh}”只能缩小到申请区域之内`,
        `“${name.en}” can only be narrowed within the area that it is asked for`,
      ),
    ];
  const outside =
    (from !== null && rules.from !== null && from < rules.from) ||
    (to !== null && rules.to !== null && to > rules.to) ||
    (from !== null && to !== null && to < from);
  return outside
    ? [
        wrong(
          "ITEM_PERIOD_OUTSIDE",
          code,
          `数据项“${name.zh}”的期限须在申请期限之内`,
          `The period of “${name.en}” has to lie within the one that was asked for`,
        ),
      ]
    : [];
}

/** The name of an item; its code where nobody asked for it. */
function nameIn({ asked }: ItemRules, code: string): Bilingual {
  return asked.get(code) ?? { zh: code, en: code };
}

function wrong(problemCode: string, item: string, zh: string, en: string): FormProblem {
  return { code: problemCode, place: item, message: { zh, en } };
}
