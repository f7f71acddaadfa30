import {
  addedBy,
  change,
  isOpen,
  requireOpen,
  settle,
  signerOf,
  SigningError,
  type Place,
  type Signer,
  type SigningRound,
} from "./round.ts";

/** A signer who was added may add one more, and that one another: deeper than this nobody could follow who waits for whom. */
export const deepestAddition = 3;

export interface Addition {
  readonly person: { readonly id: string; readonly name: string };
  readonly organisation: string;
  readonly role: string;
  readonly place: Place;
  /** Whether the vote counts; otherwise it is an opinion for whoever asked. */
  readonly counts: boolean;
}

/**
 * Adds a signer before, beside or after the one who asks. Before: the asker waits. After: what the asker signs is held until
 * the added one has signed. Throws `SigningError`; a person signs once, and one signer asks either before or after, not both.
 */
export function addSigner(round: SigningRound, askerId: string, addition: Addition): SigningRound {
  requireOpen(round);
  const asker = signerOf(round, askerId);
  if (asker.state !== "active")
    throw new SigningError("SIGNER_NOT_ASKED", { zh: "现在不由该签署人签署", en: "it is not this signer's turn" });
  refuseTwice(round, addition.person.id);
  refuseMixed(round, askerId, addition.place);
  if (depthOf(round, asker) >= deepestAddition)
    throw new SigningError("ADDED_TOO_DEEP", {
      zh: `加签最多嵌套 ${deepestAddition} 层`,
      en: `signers are added at most ${deepestAddition} deep`,
    });
  const added = newSigner(round, askerId, addition);
  const grown = { ...round, counter: round.counter + 1, signers: [...round.signers, added] };
  return addition.place === "before" ? change(grown, askerId, { state: "waiting" }) : grown;
}

/**
 * Takes out a signer who was added and has not signed. Throws `SigningError`: one whom the step itself asks is not taken out,
 * nor one who asks others in turn.
 */
export function removeSigner(round: SigningRound, signerId: string): SigningRound {
  requireOpen(round);
  const signer = signerOf(round, signerId);
  if (signer.added === null || signer.required)
    throw new SigningError("SIGNER_REQUIRED", {
      zh: "流程要求的签署人不能减签",
      en: "a signer whom the step asks cannot be taken out",
    });
  if (signer.vote !== null)
    throw new SigningError("ALREADY_SIGNED", { zh: "该签署人已签署", en: "this signer has signed" });
  if (!isOpen(signer.state))
    throw new SigningError("SIGNER_NOT_ASKED", { zh: "该签署人已不在签署中", en: "this signer is no longer asked" });
  if (addedBy(round, signerId).some(({ state }) => isOpen(state)))
    throw new SigningError("SIGNER_HAS_ADDED", {
      zh: "该签署人加签的人尚未签署，请先减去",
      en: "those whom this signer added have not signed; take them out first",
    });
  return settle(change(round, signerId, { state: "removed" }));
}

/**
 * Goes on without a signer who is away and for whom nobody stands in. Throws `SigningError` for a required signer, and where
 * too few would be left to decide.
 */
export function excuseSigner(round: SigningRound, signerId: string): SigningRound {
  requireOpen(round);
  const signer = signerOf(round, signerId);
  if (signer.required)
    throw new SigningError("SIGNER_REQUIRED", {
      zh: "必签人不能缺席，请由其代理人签署",
      en: "a required signer cannot be excused; let their substitute sign",
    });
  if (signer.vote !== null)
    throw new SigningError("ALREADY_SIGNED", { zh: "该签署人已签署", en: "this signer has signed" });
  const left = round.signers.filter(
    ({ id, counts, state }) => id !== signerId && counts && state !== "absent" && state !== "removed",
  ).length;
  if (signer.counts && left < Math.max(1, round.policy.parameters.quorum ?? 1))
    throw new SigningError("QUORUM_OUT_OF_REACH", {
      zh: "缺席后签署人不足法定人数",
      en: "too few signers would be left",
    });
  return settle(change(round, signerId, { state: "absent" }));
}

function newSigner(round: SigningRound, by: string, addition: Addition): Signer {
  const { person, organisation, role, place, counts } = addition;
  return {
    id: `s${round.counter + 1}`,
    person,
    organisation,
    role,
    weight: 1,
    required: false,
    veto: false,
    counts,
    state: place === "after" ? "pending" : "active",
    vote: null,
    added: { by, place },
  };
}

function refuseTwice({ signers }: SigningRound, person: string): void {
  const asked = signers.some((signer) => signer.person?.id === person && signer.state !== "removed");
  if (asked) throw new SigningError("SIGNER_TWICE", { zh: "此人已在签署人中", en: "this person is a signer already" });
}

function refuseMixed(round: SigningRound, asker: string, place: Place): void {
  const other = place === "before" ? "after" : place === "after" ? "before" : null;
  if (other !== null && addedBy(round, asker).some(({ added, state }) => added?.place === other && isOpen(state)))
    throw new SigningError("PLACES_MIXED", {
      zh: "同一任务不能同时前加签和后加签",
      en: "one task has signers added before or after it, not both",
    });
}

function depthOf(round: SigningRound, { added }: Signer): number {
  return added === null ? 0 : 1 + depthOf(round, signerOf(round, added.by));
}
