import type { ItemDecision } from "./items.ts";
import type { Signer, SigningRound } from "./round.ts";

/** Items that the votes of a round decide, in the order in which they were first named. */
export function itemsVotedOn({ signers }: SigningRound): readonly string[] {
  return [...new Set(signers.flatMap(({ vote }) => (vote?.items ?? []).map(({ code }) => code)))];
}

/**
 * The round as it is about one item alone: whoever refused the item votes against, whoever gives any of it in favour; a vote that
 * names no items says the same of each. A required signer's refusal binds like a veto (docs/decisions/0015).
 */
export function roundOfItem(round: SigningRound, code: string): SigningRound {
  return { ...round, signers: round.signers.map((signer) => signerOfItem(signer, code)) };
}

function signerOfItem(signer: Signer, code: string): Signer {
  const decided = decisionOf(signer, code);
  const own = { ...signer, veto: signer.veto || signer.required };
  if (!signer.vote || !decided) return own;
  return { ...own, vote: { ...signer.vote, stand: decided.decision === "refused" ? "against" : "for" } };
}

/** What a signer decided on an item. */
export function decisionOf({ vote }: Signer, code: string): ItemDecision | undefined {
  return vote?.items?.find((item) => item.code === code);
}
