import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPolicy, type ApprovalPolicy } from "../../engine/approval/policy.ts";
import { isOpen, openRound, sign, SigningError, type SigningRound, type Stand } from "../../engine/approval/round.ts";
import { addSigner, excuseSigner, removeSigner } from "../../engine/approval/signers.ts";
import { tallyOf } from "../../engine/approval/tally.ts";

const policies = fc
  .record({
    kind: fc.constantFrom("single", "any", "all", "inTurn", "vote"),
    share: fc.constantFrom(0.25, 0.5, 0.6, 2 / 3, 1),
    byCount: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    refuseCount: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    quorum: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    abstain: fc.boolean(),
  })
  .map(({ kind, share, byCount, refuseCount, quorum, abstain }): ApprovalPolicy => {
    const vote = { ...(byCount ? { passCount: byCount } : { passShare: share }), refuseCount, quorum, abstain };
    const read = readPolicy(kind, kind === "vote" ? vote : {});
    if (!read.ok) throw new Error(read.problem.message.en);
    return read.policy;
  });
const signers = fc.array(
  fc.record({
    weight: fc.constantFrom(1, 1, 2, 3, 0.5),
    required: fc.boolean(),
    veto: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);
const rounds = fc.tuple(policies, signers).map(([policy, asked]) =>
  openRound(
    policy,
    asked.map((rule, index) => ({ ...rule, person: { id: `p${index}`, name: "" }, organisation: "o", role: "r" })),
  ),
);
const doings = fc.array(
  fc.record({
    what: fc.constantFrom("sign", "sign", "sign", "before", "beside", "after", "remove", "excuse"),
    who: fc.nat(7),
    person: fc.nat(9),
    counts: fc.boolean(),
    stand: fc.constantFrom<Stand>("for", "for", "against", "abstain", "interrupts"),
  }),
  { maxLength: 14 },
);
type Doing = typeof doings extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

function apply(round: SigningRound, { what, who, person, counts, stand }: Doing): SigningRound {
  const id = `s${who + 1}`;
  switch (what) {
    case "sign":
      return sign(round, id, { outcome: stand, stand });
    case "remove":
      return removeSigner(round, id);
    case "excuse":
      return excuseSigner(round, id);
    default:
      return addSigner(round, id, {
        person: { id: `p${person}`, name: "" },
        organisation: "o",
        role: "r",
        place: what,
        counts,
      });
  }
}

/** The round after it, or `null` where it is refused. */
function tried(round: SigningRound, doing: Doing): SigningRound | null {
  try {
    return apply(round, doing);
  } catch (error) {
    if (error instanceof SigningError) return null;
    throw error;
  }
}

function requireSound(round: SigningRound, before: SigningRound): void {
  const { signers: now, result } = round;
  if (result === null) expect(now.some(({ state }) => state === "active")).toBe(true);
  else expect(now.filter(({ state }) => isOpen(state))).toEqual([]);
  for (const signer of before.signers) {
    const after = now.find(({ id }) => id === signer.id);
    // No vote changes or goes, and no signer whom the step asks vanishes.
    if (signer.vote) expect(after?.vote).toEqual(signer.vote);
    if (signer.added === null) expect(after?.state).not.toBe("removed");
    if (signer.required) expect(["removed", "absent"]).not.toContain(after?.state);
  }
  for (const { vote, state } of now) if (vote) expect(["signed", "held", "notNeeded"]).toContain(state);
  const tally = tallyOf(round);
  expect(tally.for + tally.against + tally.abstain + tally.open).toBeLessThanOrEqual(tally.total + 1e-9);
  expect(new Set(now.flatMap(({ person, state }) => (person && state !== "removed" ? [person.id] : []))).size).toBe(
    now.filter(({ person, state }) => person && state !== "removed").length,
  );
}

describe("whatever signers do", () => {
  it("somebody is asked until there is a result, no vote is lost or counted twice, and nobody whom the step asks vanishes", () => {
    fc.assert(
      fc.property(rounds, doings, (opened, sequence) => {
        let round = opened;
        for (const doing of sequence) {
          const copy = structuredClone(round);
          const next = tried(round, doing);
          expect(round).toEqual(copy);
          if (!next) continue;
          requireSound(next, round);
          expect(structuredClone(JSON.parse(JSON.stringify(next)))).toEqual(JSON.parse(JSON.stringify(next)));
          round = next;
        }
      }),
    );
  });

  it("a result that is taken early is the one that hearing everybody gives, whatever they say", () => {
    const votes = fc.array(fc.constantFrom<Stand>("for", "against", "abstain"), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(rounds, votes, (opened, stands) => {
        // With any one the first decision counts, by its nature.
        fc.pre(opened.policy.kind !== "any");
        const early = playAll(opened, stands);
        const parameters = { ...opened.policy.parameters, hearAll: true };
        const late = playAll({ ...opened, policy: { ...opened.policy, parameters } }, stands);
        expect(early.result?.stand).toBe(late.result?.stand);
        expect(late.signers.every(({ vote }) => vote !== null)).toBe(true);
      }),
    );
  });
});

function playAll(opened: SigningRound, stands: readonly Stand[]): SigningRound {
  const mayAbstain = opened.policy.parameters.abstain;
  return opened.signers.reduce((round, { id }, index) => {
    if (round.result) return round;
    const said = stands[index] ?? "for";
    const stand = said === "abstain" && !mayAbstain ? "against" : said;
    return sign(round, id, { outcome: stand, stand });
  }, opened);
}
