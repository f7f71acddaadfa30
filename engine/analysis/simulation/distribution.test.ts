import { describe, expect, it } from "vitest";
import { distributionSchema, meanOf, quantile, standardNormal, type Distribution } from "./distribution.ts";
import { streamOf } from "./random.ts";

/** Distribution, its mean, and its 50 and 90 % quantiles in closed form. */
const cases: readonly (readonly [string, Distribution, number, number, number])[] = [
  ["fixed", { type: "fixed", hours: 3 }, 3, 3, 3],
  ["uniform", { type: "uniform", min: 1, max: 5 }, 3, 3, 4.6],
  ["triangular", { type: "triangular", min: 0, mode: 1, max: 4 }, 5 / 3, 4 - Math.sqrt(6), 4 - Math.sqrt(1.2)],
  ["exponential", { type: "exponential", mean: 2 }, 2, 2 * Math.log(2), 2 * Math.log(10)],
  ["lognormal", { type: "lognormal", median: 2, p90: 6 }, 2 * Math.exp((Math.log(3) / 1.2815515655) ** 2 / 2), 2, 6],
  ["empirical", { type: "empirical", hours: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }, 5.5, 6, 10],
];

describe.each(cases)("the %s distribution", (_name, distribution, mean, median, p90) => {
  it("has the mean and quantiles of its formula", () => {
    expect(meanOf(distribution)).toBeCloseTo(mean, 6);
    expect(quantile(distribution, 0.5)).toBeCloseTo(median, 6);
    expect(quantile(distribution, 0.9)).toBeCloseTo(p90, 6);
  });

  it("gives samples of that mean, half of them below the median", () => {
    const draws = Array.from({ length: 40_000 }, (_, nth) =>
      quantile(distribution, streamOf(5, nth, "draw").uniform()),
    );
    expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length / mean).toBeCloseTo(1, 1.5);
    const below = draws.filter((draw) => draw < median).length / draws.length;
    if (distribution.type !== "fixed") expect(below).toBeCloseTo(0.5, 1.5);
  });
});

it.each([
  [0.5, 0],
  [0.975, 1.959963985],
  [0.01, -2.326347874],
  [0.999, 3.090232306],
])("the standard normal quantile of %f is %f", (share, expected) => {
  expect(standardNormal(share)).toBeCloseTo(expected, 7);
});

it.each([
  [{ type: "uniform", min: 3, max: 1 }, "min is larger than max"],
  [{ type: "triangular", min: 1, mode: 0, max: 2 }, "min ≤ mode ≤ max"],
  [{ type: "lognormal", median: 3, p90: 1 }, "p90 is smaller"],
  [{ type: "empirical", hours: [2, 1] }, "ascending"],
  [{ type: "fixed", hours: -1 }, "expected number"],
])("%j is refused", (distribution, reason) => {
  expect(distributionSchema.safeParse(distribution).error?.message).toContain(reason);
});
