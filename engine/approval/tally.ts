import type { ItemResult } from "./item-round.ts";
import { itemsVotedOn, roundOfItem } from "./item-votes.ts";
import type { Signer, SigningRound, Stand } from "./round.ts";

/** Why the round ended as it did. */
export const resultReasons = [
  "firstDecision",
  "veto",
  "passed",
  "failed",
  "refuseCount",
  "quorumMissed",
  "interrupted",
] as const;
export type ResultReason = (typeof resultReasons)[number];

export interface RoundResult {
  readonly outcome: string | null;
  readonly stand: "for" | "against" | "interrupts";
  readonly reason: ResultReason;
  readonly tally: Tally;
  /** What it decided on each item (`item-round.ts`); left out where its votes name none. */
  readonly items?: readonly ItemResult[];
}

/** Weights by stand; `open` is what may still be cast. Counted are those whose vote counts and who are neither absent nor removed. */
export interface Tally {
  readonly for: number;
  readonly against: number;
  readonly abstain: number;
  readonly open: number;
  readonly total: number;
}

/** The tally as it stands. */
export function tallyOf(round: SigningRound): Tally {
  const weigh = (voters: readonly Signer[]) => voters.reduce((sum, { weight }) => sum + weight, 0);
  const voters = votersOf(round);
  const cast = (stand: Stand) => weigh(voters.filter(({ vote }) => vote?.stand === stand));
  return {
    for: cast("for"),
    against: cast("against"),
    abstain: cast("abstain"),
    open: weigh(voters.filter(({ vote }) => vote === null)),
    total: weigh(voters),
  };
}

/**
 * The result of a round, or `null` while it is open. A result is taken as soon as no vote that is still possible can change it,
 * neither of the whole nor of any item, once every required signer has signed and whoever was added before or after a signer has
 * had their say; with `hearAll` only when everybody has signed.
 */
export function resultOf(round: SigningRound): RoundResult | null {
  const tally = tallyOf(round);
  const interrupting = votersOf(round).find(({ vote, state }) => vote?.stand === "interrupts" && state !== "held");
  if (interrupting?.vote)
    return { outcome: interrupting.vote.outcome, stand: "interrupts", reason: "interrupted", tally };
  if (mustStillHear(round, tally)) return null;
  const certain = certainty(round, tally);
  if (certain?.stand === "for" && !areItemsCertain(round)) return null;
  return certain ? { ...certain, outcome: outcomeOf(round, certain.stand), tally } : null;
}

/** Whether no vote that is still possible can change what becomes of any item. */
function areItemsCertain(round: SigningRound): boolean {
  return itemsVotedOn(round).every((code) => {
    const ofItem = roundOfItem(round, code);
    return certainty(ofItem, tallyOf(ofItem)) !== null;
  });
}

type Certain = Pick<RoundResult, "stand" | "reason">;

function mustStillHear({ policy, signers }: SigningRound, { open }: Tally): boolean {
  if (signers.some(({ required, vote, state }) => required && vote === null && state !== "removed")) return true;
  // Somebody who has signed waits for another who was asked to sign after them.
  if (signers.some(({ state }) => state === "held")) return true;
  return policy.parameters.hearAll && policy.kind !== "any" && open > 0;
}

/** What is certain of a round, whatever is still cast; `null` where it may end either way. */
export function certainty(round: SigningRound, tally: Tally): Certain | null {
  if (votersOf(round).some(({ veto, vote }) => veto && vote?.stand === "against"))
    return { stand: "against", reason: "veto" };
  switch (round.policy.kind) {
    case "any":
      return firstDecision(tally);
    // A single signer who adds others signs together with them.
    case "single":
    case "all":
    case "inTurn":
      if (tally.against > 0) return { stand: "against", reason: "failed" };
      return tally.open === 0 ? { stand: "for", reason: "passed" } : null;
    case "vote":
      return voteResult(round, tally);
  }
}

function firstDecision({ for: inFavour, against }: Tally): Certain | null {
  if (against > 0) return { stand: "against", reason: "firstDecision" };
  return inFavour > 0 ? { stand: "for", reason: "firstDecision" } : null;
}

function voteResult(round: SigningRound, tally: Tally): Certain | null {
  const { passShare, passCount, refuseCount, quorum } = round.policy.parameters;
  const voters = votersOf(round);
  const count = (stand: Stand) => voters.filter(({ vote }) => vote?.stand === stand).length;
  const left = voters.filter(({ vote }) => vote === null).length;
  const cast = voters.length - left;
  if (refuseCount !== undefined && count("against") >= refuseCount) return { stand: "against", reason: "refuseCount" };
  if (quorum !== undefined && cast + left < quorum) return { stand: "against", reason: "quorumMissed" };
  const [reached, needed, possible] =
    passShare === undefined ? [count("for"), passCount ?? 1, left] : [tally.for, passShare * tally.total, tally.open];
  // Sums of weights are compared with a tolerance: 0.6 of five votes is three.
  if (reached + possible < needed - tolerance || tally.total === 0) return { stand: "against", reason: "failed" };
  const refusable = refuseCount !== undefined && count("against") + left >= refuseCount;
  const hasQuorum = quorum === undefined || cast >= quorum;
  const vetoable = voters.some(({ veto, vote }) => veto && vote === null);
  const passed = reached >= needed - tolerance && hasQuorum && !refusable && !vetoable;
  return passed ? { stand: "for", reason: "passed" } : null;
}

const tolerance = 1e-9;

/** The outcome with the most weight behind it among those of the winning side; of several, the one named first in the order of signers. */
function outcomeOf(round: SigningRound, stand: Certain["stand"]): string | null {
  const weights = new Map<string, number>();
  for (const { vote, weight } of votersOf(round))
    if (vote?.stand === stand) weights.set(vote.outcome, (weights.get(vote.outcome) ?? 0) + weight);
  const [first] = [...weights].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

function votersOf({ signers }: SigningRound): readonly Signer[] {
  return signers.filter(({ counts, state }) => counts && state !== "absent" && state !== "removed");
}
