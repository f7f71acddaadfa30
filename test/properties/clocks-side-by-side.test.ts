import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "../../engine/calendar/dates.ts";
import { Case } from "../support/case-clocks.ts";

/**
 * Steps of several limits side by side in one case: whatever rests them and in whatever order it ends, none rests without a
 * reason, and none rests for good.
 */

const runs = Number(process.env["PROPERTY_RUNS"] ?? 300);

const limits = ["L.A", "L.B", "L.C"] as const;
const reasons = ["supplement", "dispute", "suspended"] as const;
const pausers = ["p", "q"] as const;
const rule = fc.record({
  value: fc.constantFrom(3, 500),
  onSupplement: fc.constantFrom("restart" as const, "resume" as const, "none" as const),
  onReturn: fc.constantFrom("restart" as const, "resume" as const),
  excludes: fc.subarray([...reasons]),
});
const leave = fc.record({
  type: fc.constantFrom("agree" as const, "supplement" as const, "cancel" as const),
  limit: fc.constantFrom(...limits),
});
const act = fc.oneof(
  fc.record({ type: fc.constant("enter" as const), limit: fc.constantFrom(...limits) }),
  leave,
  fc.record({
    type: fc.constantFrom("pause" as const, "resume" as const),
    reason: fc.constantFrom(...reasons),
    by: fc.constantFrom(...pausers),
  }),
);
const history = fc.array(fc.record({ act, wait: fc.integer({ min: 0, max: 2 }) }), { maxLength: 25 });

type Limit = (typeof limits)[number];
type Generated<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type Act = Generated<typeof act>;
type Rules = Readonly<Record<Limit, Generated<typeof rule>>>;

/** One token at a time under each limit; acts that do not fit the moment do nothing. */
class Steps {
  readonly one = new Case();
  readonly #rules: Rules;
  #entered = 0;
  date = "2026-11-02";

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  clock(limit: string) {
    return this.one.clocks.find(({ resolved }) => resolved.code === limit);
  }

  enter(code: Limit): void {
    if (this.clock(code)?.tokens.length) return;
    this.one.enter(this.date, `t${(this.#entered += 1)}`, { ...this.#rules[code], code });
  }

  perform(what: Act): void {
    if ("reason" in what) this.one[what.type](this.date, what.reason, what.by);
    else if (what.type === "enter") this.enter(what.limit);
    else this.#leave(what);
  }

  #leave({ type, limit }: Generated<typeof leave>): void {
    const [token] = this.clock(limit)?.tokens ?? [];
    if (token === undefined) return;
    const how = type === "cancel" ? "cancelled" : "completed";
    this.one.tell(this.date, { type: "limit.stopped", token, limit, how, outcome: type === "cancel" ? null : type });
  }

  /** Clocks whose step is not done or was left for a supplement. */
  get open() {
    return this.one.clocks.filter(({ ledger }) => ledger.stoppedAt === null);
  }
}

describe("clocks side by side", () => {
  it("rest while there is a reason, and all go on when every reason has ended", () => {
    fc.assert(
      fc.property(fc.record({ "L.A": rule, "L.B": rule, "L.C": rule }), history, (rules, acts) => {
        const steps = new Steps(rules);
        for (const { act: what, wait } of acts) {
          steps.date = addDays(steps.date, wait);
          steps.perform(what);
          for (const { ledger, pauses } of steps.open)
            expect(ledger.state === "breached" || (ledger.state === "paused") === pauses.length > 0).toBe(true);
        }
        for (const reason of reasons) for (const by of pausers) steps.perform({ type: "resume", reason, by });
        for (const limit of limits) if (steps.clock(limit)?.awaiting) steps.enter(limit);
        expect(steps.open.filter(({ ledger }) => ledger.state === "paused")).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
