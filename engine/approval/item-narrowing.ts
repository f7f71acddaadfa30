import type { Bilingual, FormProblem } from "../forms/form.ts";
import { limitsOf, type ItemDecision, type Mask, type Narrowing } from "./items.ts";

/** Items as an earlier step decided them, and the region whose organisation decided. */
export interface DecidedItems {
  readonly decisions: readonly ItemDecision[];
  readonly region: string;
}

/** Whether the region `inner` lies in `outer`; a region lies in itself. */
export type IsWithin = (inner: string, outer: string) => boolean;

/**
 * Where a later decision gives more than an earlier one did. Whoever decides later may narrow what was granted, and not widen
 * it, unless they stand above: in a region that holds the earlier decider's and is another (docs/decisions/0008).
 */
export function wideningProblems(
  earlier: DecidedItems | null,
  later: DecidedItems,
  { isWithin, nameOf }: { readonly isWithin: IsWithin; readonly nameOf: (code: string) => Bilingual },
): readonly FormProblem[] {
  if (earlier === null || (later.region !== earlier.region && isWithin(earlier.region, later.region))) return [];
  return later.decisions.flatMap((decided) => {
    const before = earlier.decisions.find(({ code }) => code === decided.code);
    if (!before || isNoWider(before, decided, isWithin)) return [];
    return [
      {
        code: "ITEM_WIDENED",
        place: decided.code,
        message: {
          zh: `数据项“${nameOf(decided.code).zh}”超出此前决定的范围；后续环节只能进一步缩小`,
          en: `“${nameOf(decided.code).en}” goes beyond what was decided before; a later step may only narrow it further`,
        },
      },
    ];
  });
}

/** Whether `after` lets out no more of the item than `before` does. */
export function isNoWider(before: ItemDecision, after: ItemDecision, isWithin: IsWithin): boolean {
  if (after.decision === "refused") return true;
  if (before.decision === "refused") return false;
  const [was, is] = [limitsOf(before), limitsOf(after)];
  return hidesAsMuch(was.mask, is.mask) && narrowsAsMuch(was.narrowing, is.narrowing, isWithin);
}

function hidesAsMuch(before: Mask | null, after: Mask | null): boolean {
  if (before === null) return true;
  if (after === null) return false;
  if (after.how === "blank") return true;
  // First characters, last characters and a hash each tell something that the others do not.
  if (before.how !== after.how) return false;
  return !("count" in before) || !("count" in after) || after.count <= before.count;
}

function narrowsAsMuch(before: Narrowing | null, after: Narrowing | null, isWithin: IsWithin): boolean {
  if (before === null) return true;
  if (after === null) return false;
  const areas =
    before.regions.length === 0 ||
    (after.regions.length > 0 &&
      after.regions.every((inner) => before.regions.some((outer) => isWithin(inner, outer))));
  const rows = before.rows === null || (after.rows !== null && after.rows <= before.rows);
  const begins = before.from === null || (after.from !== null && after.from >= before.from);
  const ends = before.to === null || (after.to !== null && after.to <= before.to);
  return areas && rows && begins && ends;
}
