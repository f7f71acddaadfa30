import { isNoWider, type IsWithin } from "./item-narrowing.ts";
import { limitsOf, overallOutcome, type ItemDecision, type Mask, type Narrowing } from "./items.ts";
import { decisionOf, itemsVotedOn, roundOfItem } from "./item-votes.ts";
import type { Signer, SigningRound } from "./round.ts";
import { certainty, tallyOf, type Tally } from "./tally.ts";

/** What a round decided on one item, and how its signers stood to it. */
export interface ItemResult {
  readonly code: string;
  readonly tally: Tally;
  readonly decided: ItemDecision;
}

/** How the signers stand to each item now, whether the round has its result or not. */
export function itemTallies(round: SigningRound): readonly { readonly code: string; readonly tally: Tally }[] {
  return itemsVotedOn(round).map((code) => ({ code, tally: tallyOf(roundOfItem(round, code)) }));
}

/**
 * What a settled round decided on each item; empty where its votes name none, or where it ended undecided. A round that ended
 * against refuses every item. In favour, the policy of the round is applied to each item by itself, and what was given is given
 * with the strictest of the limits that those in favour of it set.
 */
export function itemResults(round: SigningRound, isWithin: IsWithin): readonly ItemResult[] {
  const { result } = round;
  if (!result || result.stand === "interrupts") return [];
  return itemsVotedOn(round).flatMap((code): readonly ItemResult[] => {
    const ofItem = roundOfItem(round, code);
    const tally = tallyOf(ofItem);
    const stand = result.stand === "against" ? "against" : certainty(ofItem, tally)?.stand;
    const decided = stand === "for" ? combined(ofItem, code, isWithin) : refusal(ofItem, code);
    return decided ? [{ code, tally, decided }] : [];
  });
}

/** The round with what it decided on each item; one that left nothing of any item ended against. */
export function withItems(round: SigningRound, isWithin: IsWithin): SigningRound {
  const { result } = round;
  const items = itemResults(round, isWithin);
  if (!result || items.length === 0) return round;
  const nothingLeft = result.stand === "for" && overallOutcome(items.map(({ decided }) => decided)) === "refused";
  const ended = nothingLeft ? ({ ...result, stand: "against", reason: "failed" } as const) : result;
  return { ...round, result: { ...ended, items } };
}

function counted({ signers }: SigningRound): readonly Signer[] {
  return signers.filter(({ counts, state }) => counts && state !== "absent" && state !== "removed");
}

/** The refusal of whoever binds, else of the first who refused, in the order of signers. */
function refusal(round: SigningRound, code: string): ItemDecision | undefined {
  const refusing = counted(round).filter((signer) => decisionOf(signer, code)?.decision === "refused");
  const first = refusing.find(({ veto }) => veto) ?? refusing[0];
  return first && decisionOf(first, code);
}

function combined(round: SigningRound, code: string, isWithin: IsWithin): ItemDecision | undefined {
  const given = counted(round).flatMap((signer) => decisionOf(signer, code) ?? []);
  const [first, ...others] = given.filter(({ decision }) => decision !== "refused");
  return first && others.reduce((one, other) => stricter(one, other, isWithin), first);
}

/** What both let out of an item: no more than either (`isNoWider`). Limits that have nothing in common leave nothing. */
export function stricter(one: ItemDecision, other: ItemDecision, isWithin: IsWithin): ItemDecision {
  if (one.decision === "refused") return one;
  if (other.decision === "refused") return other;
  if (isNoWider(one, other, isWithin)) return other;
  if (isNoWider(other, one, isWithin)) return one;
  const [left, right] = [limitsOf(one), limitsOf(other)];
  const mask = stricterMask(left.mask, right.mask);
  const narrowing = stricterNarrowing(left.narrowing, right.narrowing, isWithin);
  if (narrowing === "nothing") return nothingInCommon(one.code);
  if (mask) return { code: one.code, decision: "masked", mask, narrowing };
  return narrowing ? { code: one.code, decision: "narrowed", narrowing } : { code: one.code, decision: "granted" };
}

/** First characters, last characters and a hash each tell something that the others do not: together only nothing is safe. */
function stricterMask(one: Mask | null, other: Mask | null): Mask | null {
  if (!one || !other) return one ?? other;
  if (one.how !== other.how) return { how: "blank" };
  if (!("count" in one) || !("count" in other)) return one;
  return one.count <= other.count ? one : other;
}

function stricterNarrowing(
  one: Narrowing | null,
  other: Narrowing | null,
  isWithin: IsWithin,
): Narrowing | null | "nothing" {
  if (!one || !other) return one ?? other;
  const regions = commonRegions(one.regions, other.regions, isWithin);
  const from = later(one.from, other.from);
  const to = earlier(one.to, other.to);
  if (regions === null || (from !== null && to !== null && from > to)) return "nothing";
  const rows = one.rows === null || other.rows === null ? (one.rows ?? other.rows) : Math.min(one.rows, other.rows);
  return { regions: [...regions], rows, from, to };
}

/** `null` where they have no region in common; an empty list stands for all. */
function commonRegions(one: readonly string[], other: readonly string[], isWithin: IsWithin): readonly string[] | null {
  if (one.length === 0 || other.length === 0) return [...one, ...other];
  const inner = (these: readonly string[], those: readonly string[]) =>
    these.filter((region) => those.some((outer) => isWithin(region, outer)));
  const common = [...new Set([...inner(one, other), ...inner(other, one)])];
  return common.length > 0 ? common : null;
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function nothingInCommon(code: string): ItemDecision {
  const reason = "各签署人限定的范围没有共同部分 / the limits that the signers set have nothing in common";
  return { code, decision: "refused", reasonCode: "R4", citation: null, reason, offer: null };
}
