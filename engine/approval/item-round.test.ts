import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNoWider } from "./item-narrowing.ts";
import { itemTallies, stricter, withItems } from "./item-round.ts";
import { overallOutcome, type ItemDecision, type Mask, type Narrowing } from "./items.ts";
import { readPolicy } from "./policy.ts";
import { openRound, sign, type AskedSigner, type SigningRound, type Vote } from "./round.ts";

/** Division codes lie in each other by their leading pairs of digits. */
const isWithin = (inner: string, outer: string) => inner.startsWith(outer.replace(/(00)+$/, ""));

const g = (code: string): ItemDecision => ({ code, decision: "granted" });
const no = (code: string, reason = ""): ItemDecision => ({
  code,
  decision: "refused",
  reasonCode: "R4",
  citation: null,
  reason,
  offer: null,
});
const masked = (code: string, mask: Mask, narrowing: Narrowing | null = null): ItemDecision => ({
  code,
  decision: "masked",
  mask,
  narrowing,
});
const limits = (more: Partial<Narrowing>): Narrowing => ({ regions: [], rows: null, from: null, to: null, ...more });
const narrowed = (code: string, more: Partial<Narrowing>): ItemDecision => ({
  code,
  decision: "narrowed",
  narrowing: limits(more),
});
const voteOf = (items: readonly ItemDecision[]): Vote =>
  overallOutcome(items) === "refused"
    ? { outcome: "refuse", stand: "against", items }
    : { outcome: overallOutcome(items) === "granted" ? "approve" : "partial", stand: "for", items };

function roundOf(kind: string, parameters: object, rules: readonly Partial<AskedSigner>[]): SigningRound {
  const read = readPolicy(kind, parameters);
  if (!read.ok) throw new Error(read.problem.message.en);
  const plain = { organisation: "o", role: "r", weight: 1, required: false, veto: false };
  return openRound(
    read.policy,
    rules.map((rule, index) => ({ ...plain, person: { id: `p${index}`, name: "" }, ...rule })),
  );
}
/** Signs in the order given, as long as the round is open. */
const play = (round: SigningRound, votes: readonly Vote[]): SigningRound =>
  votes.reduce((now, vote, index) => (now.result ? now : sign(now, `s${index + 1}`, vote)), round);
const decisionsOf = (round: SigningRound) => withItems(round, isWithin).result?.items?.map(({ decided }) => decided);
const three = [{}, {}, {}];

describe("items in a signing round", () => {
  it.each([
    [
      "all: one refusal of an item refuses that item alone",
      "all",
      {},
      [
        [g("a"), g("b")],
        [g("a"), no("b", "x")],
      ],
      [g("a"), no("b", "x")],
    ],
    [
      "vote: the majority of each item counts",
      "vote",
      { passShare: 0.5 },
      [
        [g("a"), no("b")],
        [g("a"), g("b")],
        [no("a"), g("b")],
      ],
      [g("a"), g("b")],
    ],
    [
      "any: the first vote says it",
      "any",
      {},
      [
        [g("a"), no("b", "y")],
        [g("a"), g("b")],
      ],
      [g("a"), no("b", "y")],
    ],
    [
      "in turn: as for all",
      "inTurn",
      {},
      [
        [g("a"), g("b")],
        [no("a", "z"), g("b")],
      ],
      [no("a", "z"), g("b")],
    ],
    [
      "a vote for the whole means each item",
      "vote",
      { passShare: 0.6 },
      [
        [g("a"), g("b")],
        [g("a"), g("b")],
        [no("a"), no("b")],
      ],
      [g("a"), g("b")],
    ],
    [
      "a round that ends against refuses every item",
      "all",
      {},
      [
        [g("a"), g("b")],
        [no("a", "u"), no("b", "v")],
      ],
      [no("a", "u"), no("b", "v")],
    ],
    [
      "what is given is given with the strictest limits",
      "all",
      {},
      [[masked("a", { how: "keepLast", count: 4 })], [masked("a", { how: "keepLast", count: 2 })]],
      [masked("a", { how: "keepLast", count: 2 })],
    ],
  ] as const)("%s", (_name, kind, parameters, votes, expected) => {
    const rules = votes.map(() => ({}));
    expect(decisionsOf(play(roundOf(kind, parameters, rules), votes.map(voteOf)))).toEqual(expected);
  });

  it("a required signer's refusal of an item binds, whatever the others say", () => {
    const round = roundOf("vote", { passShare: 0.5 }, [{}, {}, { required: true }]);
    const votes = [voteOf([g("a"), g("b")]), voteOf([g("a"), g("b")]), voteOf([g("a"), no("b", "保密")])];
    expect(decisionsOf(play(round, votes))).toEqual([g("a"), no("b", "保密")]);
  });

  it("does not end while an item may still go either way, although the whole is certain", () => {
    const round = roundOf("vote", { passShare: 0.5 }, three);
    const open = play(round, [voteOf([g("a"), g("b")]), voteOf([g("a"), no("b")])]);
    expect(open.result).toBeNull();
    expect(itemTallies(open)).toMatchObject([
      { code: "a", tally: { for: 2, against: 0, open: 1 } },
      { code: "b", tally: { for: 1, against: 1, open: 1 } },
    ]);
    expect(decisionsOf(sign(open, "s3", voteOf([g("a"), no("b", "w")])))).toMatchObject([
      g("a"),
      { decision: "refused" },
    ]);
  });

  it("ends against where nothing is left of any item", () => {
    const votes = [voteOf([g("a"), no("b")]), voteOf([no("a"), g("b")])];
    const ended = withItems(play(roundOf("all", {}, [{}, {}]), votes), isWithin);
    expect(ended.result).toMatchObject({ stand: "against", reason: "failed" });
  });

  it("decides no item where a vote interrupts it, or none names any", () => {
    const interrupted = sign(roundOf("all", {}, three), "s1", { outcome: "supplement", stand: "interrupts" });
    const plain = sign(roundOf("any", {}, three), "s1", { outcome: "approve", stand: "for" });
    expect([decisionsOf(interrupted), decisionsOf(plain)]).toEqual([undefined, undefined]);
  });
});

const masks = fc.oneof(
  fc.constantFrom<Mask>({ how: "hash" }, { how: "blank" }),
  fc.record({
    how: fc.constantFrom("keepFirst", "keepLast"),
    count: fc.integer({ min: 1, max: 6 }),
  }) as fc.Arbitrary<Mask>,
);
const days = fc.option(fc.constantFrom("2026-01-01", "2026-06-01", "2026-12-01"), { nil: null });
const narrowings = fc.record<Narrowing>({
  regions: fc.subarray(["520000", "520100", "520102", "522600"], { maxLength: 2 }),
  rows: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
  from: days,
  to: days,
});
const decisions = fc.oneof<fc.Arbitrary<ItemDecision>[]>(
  fc.constant(g("a")),
  fc.constant(no("a")),
  fc.tuple(masks, fc.option(narrowings, { nil: null })).map(([mask, narrowing]) => masked("a", mask, narrowing)),
  narrowings.map((narrowing): ItemDecision => ({ code: "a", decision: "narrowed", narrowing })),
);

describe("what several let out of an item", () => {
  it.each([
    [
      "different masks show nothing",
      masked("a", { how: "hash" }),
      masked("a", { how: "keepLast", count: 4 }),
      masked("a", { how: "blank" }),
    ],
    [
      "a mask and a limit hold both",
      masked("a", { how: "hash" }),
      narrowed("a", { rows: 5 }),
      masked("a", { how: "hash" }, limits({ rows: 5 })),
    ],
    [
      "the smaller region",
      narrowed("a", { regions: ["520000"], rows: 3 }),
      narrowed("a", { regions: ["520102"] }),
      narrowed("a", { regions: ["520102"], rows: 3 }),
    ],
  ])("%s", (_name, one, other, expected) => {
    expect(stricter(one, other, isWithin)).toEqual(expected);
  });

  it("limits with nothing in common leave nothing, and say so", () => {
    const apart = stricter(narrowed("a", { regions: ["520102"] }), narrowed("a", { regions: ["522600"] }), isWithin);
    expect(apart).toMatchObject({
      decision: "refused",
      reasonCode: "R4",
      reason: expect.stringMatching(/共同.*common/),
    });
  });

  it("is no wider than what any of them lets out", () => {
    fc.assert(
      fc.property(decisions, decisions, (one, other) => {
        const both = stricter(one, other, isWithin);
        return isNoWider(one, both, isWithin) && isNoWider(other, both, isWithin);
      }),
    );
  });

  it("lets out of each item no more than whoever is in favour of it, and ends as soon as everybody has signed", () => {
    const items = fc.tuple(decisions, decisions).map(([a, b]): readonly ItemDecision[] => [a, { ...b, code: "b" }]);
    const kinds = fc.constantFrom<[string, object]>(
      ["all", {}],
      ["inTurn", {}],
      ["vote", { passShare: 0.5 }],
      ["vote", { passCount: 2 }],
    );
    fc.assert(
      fc.property(
        kinds,
        fc.array(items, { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        ([kind, parameters], votes, required) => {
          const ended = withItems(play(roundOf(kind, parameters, [{ required }, {}, {}]), votes.map(voteOf)), isWithin);
          const { result } = ended;
          expect(result).not.toBeNull();
          for (const { code, decided, tally } of result?.items ?? []) {
            const cast = ended.signers.flatMap(({ vote }) => vote?.items?.find((item) => item.code === code) ?? []);
            expect(tally.for + tally.against).toBe(cast.length);
            for (const one of cast.filter(({ decision }) => decision !== "refused"))
              expect(isNoWider(one, decided, isWithin)).toBe(true);
            if (required && cast[0]?.decision === "refused") expect(decided.decision).toBe("refused");
          }
        },
      ),
    );
  });
});
