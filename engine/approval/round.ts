import type { ItemDecision } from "./items.ts";
import type { ApprovalPolicy, SignerRule } from "./policy.ts";
import { resultOf, type RoundResult } from "./tally.ts";

/** How a vote stands to the matter. `interrupts` ends the round with its outcome: what cannot be decided yet needs no vote. */
export type Stand = "for" | "against" | "abstain" | "interrupts";

export interface Vote {
  readonly outcome: string;
  readonly stand: Stand;
  /** What the signer decides on each item; left out where the step decides no items, or the vote none of them. */
  readonly items?: readonly ItemDecision[];
}

/**
 * `pending`: not yet asked (in turn, or after somebody). `waiting`: somebody added before them signs first. `held`: has signed,
 * and somebody added after them signs next.
 */
export type SignerState = "pending" | "active" | "waiting" | "held" | "signed" | "notNeeded" | "removed" | "absent";

export type Place = "before" | "beside" | "after";

export interface Signer {
  readonly id: string;
  /** Who is asked by name; `null`: whoever holds the role. */
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly organisation: string;
  readonly role: string;
  readonly weight: number;
  readonly required: boolean;
  readonly veto: boolean;
  /** Whether the vote counts in the tally; an advisory signature does not. */
  readonly counts: boolean;
  readonly state: SignerState;
  readonly vote: Vote | null;
  /** The signer who added this one, and where; `null` for those whom the step asks. */
  readonly added: { readonly by: string; readonly place: Place } | null;
}

/** Who signs a step and what they said: plain data, kept with the step's wait. */
export interface SigningRound {
  readonly policy: ApprovalPolicy;
  readonly signers: readonly Signer[];
  readonly counter: number;
  readonly result: RoundResult | null;
}

export interface AskedSigner extends SignerRule {
  readonly person: Signer["person"];
  readonly organisation: string;
}

/** A new round; in turn, only the first is asked. Whoever holds several of the roles that sign is asked once. */
export function openRound(policy: ApprovalPolicy, asked: readonly AskedSigner[]): SigningRound {
  const signers = eachOnce(asked).map(({ person, organisation, role, weight, required, veto }, index): Signer => ({
    id: `s${index + 1}`,
    person,
    organisation,
    role,
    weight,
    required,
    veto: veto || policy.parameters.veto,
    counts: true,
    state: policy.kind === "inTurn" && index > 0 ? "pending" : "active",
    vote: null,
    added: null,
  }));
  return { policy, signers, counter: signers.length, result: null };
}

/** One signer a person, in the place of the first role, with the heaviest weight and every right of their roles. */
function eachOnce(asked: readonly AskedSigner[]): readonly AskedSigner[] {
  const kept = new Map<string, AskedSigner>();
  for (const [index, signer] of asked.entries()) {
    const key = signer.person?.id ?? `role ${index}`;
    const known = kept.get(key);
    kept.set(key, known ? { ...known, ...together(known, signer) } : signer);
  }
  return [...kept.values()];
}

function together(first: AskedSigner, second: AskedSigner): Pick<AskedSigner, "weight" | "required" | "veto"> {
  return {
    weight: Math.max(first.weight, second.weight),
    required: first.required || second.required,
    veto: first.veto || second.veto,
  };
}

/** A change to a round that cannot be made. Nothing has changed. */
export class SigningError extends Error {
  override readonly name = "SigningError";
  readonly code: SigningErrorCode;
  readonly text: { readonly zh: string; readonly en: string };

  constructor(code: SigningErrorCode, text: SigningError["text"]) {
    super(text.en);
    this.code = code;
    this.text = text;
  }
}

export type SigningErrorCode =
  | "ROUND_SETTLED"
  | "SIGNER_NOT_ASKED"
  | "ALREADY_SIGNED"
  | "SIGNER_TWICE"
  | "PLACES_MIXED"
  | "ADDED_TOO_DEEP"
  | "SIGNER_REQUIRED"
  | "SIGNER_NOT_ADDED"
  | "SIGNER_HAS_ADDED"
  | "ABSTENTION_NOT_ALLOWED"
  | "QUORUM_OUT_OF_REACH";

/** One signer says what they decide. The tally is taken at once; a result ends the round unless everybody is to be heard. */
export function sign(round: SigningRound, signerId: string, vote: Vote): SigningRound {
  requireOpen(round);
  const signer = signerOf(round, signerId);
  if (signer.vote !== null)
    throw new SigningError("ALREADY_SIGNED", { zh: "该签署人已签署", en: "this signer has signed" });
  if (signer.state !== "active")
    throw new SigningError("SIGNER_NOT_ASKED", {
      zh: "现在不由该签署人签署",
      en: "it is not this signer's turn",
    });
  if (vote.stand === "abstain" && !round.policy.parameters.abstain)
    throw new SigningError("ABSTENTION_NOT_ALLOWED", { zh: "本环节不允许弃权", en: "nobody abstains at this step" });
  const followers = addedBy(round, signerId).filter(({ added, state }) => added?.place === "after" && isOpen(state));
  const signed = change(round, signerId, { vote, state: followers.length > 0 ? "held" : "signed" });
  return settle(followers.reduce((next, { id }) => change(next, id, { state: "active" }), signed));
}

/** Moves on whatever waited for what has just happened, and ends the round when its result is there. */
export function settle(round: SigningRound): SigningRound {
  const moved = nextInTurn(release(round));
  const result = resultOf(moved);
  if (!result) return moved;
  return {
    ...moved,
    result,
    signers: moved.signers.map((signer) => (isOpen(signer.state) ? { ...signer, state: "notNeeded" } : signer)),
  };
}

/** Those whose added signers have all signed or gone: the waiting sign now, the held are done. */
function release(round: SigningRound): SigningRound {
  const stuck = round.signers.find(
    ({ id, state }) =>
      (state === "waiting" || state === "held") && !addedBy(round, id).some((added) => blocks(added, state)),
  );
  if (!stuck) return round;
  return release(change(round, stuck.id, { state: stuck.state === "waiting" ? "active" : "signed" }));
}

function blocks({ added, state }: Signer, parent: "waiting" | "held"): boolean {
  return added?.place === (parent === "waiting" ? "before" : "after") && isOpen(state);
}

function nextInTurn(round: SigningRound): SigningRound {
  if (round.policy.kind !== "inTurn") return round;
  const own = round.signers.filter(({ added }) => added === null);
  if (own.some(({ state }) => state !== "pending" && isOpen(state))) return round;
  const next = own.find(({ state }) => state === "pending");
  return next ? change(round, next.id, { state: "active" }) : round;
}

/** True while something is still expected of the signer, or of somebody on their behalf. */
export function isOpen(state: SignerState): boolean {
  return state === "pending" || state === "active" || state === "waiting" || state === "held";
}

export function addedBy(round: SigningRound, signerId: string): readonly Signer[] {
  return round.signers.filter(({ added }) => added?.by === signerId);
}

export function signerOf(round: SigningRound, id: string): Signer {
  const found = round.signers.find((signer) => signer.id === id);
  if (!found) throw new SigningError("SIGNER_NOT_ASKED", { zh: "没有该签署人", en: "there is no such signer" });
  return found;
}

export function change(
  round: SigningRound,
  id: string,
  changes: Partial<Pick<Signer, "state" | "vote" | "person">>,
): SigningRound {
  return {
    ...round,
    signers: round.signers.map((signer) => (signer.id === id ? { ...signer, ...changes } : signer)),
  };
}

export function requireOpen({ result }: SigningRound): void {
  if (result)
    throw new SigningError("ROUND_SETTLED", { zh: "本轮签署已有结果", en: "the round has its result already" });
}
