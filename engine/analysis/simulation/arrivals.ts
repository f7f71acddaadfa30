import { instantAt } from "../../calendar/dates.ts";
import { quantile } from "./distribution.ts";
import type { OfficeTime } from "./office-time.ts";
import type { Offices } from "./offices.ts";
import type { Window } from "./officials.ts";
import { streamOf } from "./random.ts";
import type { Scenario } from "./scenario.ts";

/** When cases come, in milliseconds since 1970, ascending. */
export interface Arrivals {
  readonly times: readonly number[];
  /** From the first to the last arrival; what officials do is measured over this. */
  readonly window: Window;
  /** Region whose calendar counts where a case has none of its own. */
  readonly region: string;
}

const hourMs = 3_600_000;

export function arrivalsOf(scenario: Scenario, offices: Offices): Arrivals {
  const { arrivals, cases } = scenario;
  const region = arrivals.type === "random" ? arrivals.region : "000000";
  const times =
    arrivals.type === "random"
      ? randomTimes(scenario, arrivals.perWorkingDay, offices.of(region))
      : arrivals.times
          .map((time) => Date.parse(time))
          .sort((a, b) => a - b)
          .slice(0, cases);
  return { times, region, window: { from: times[0] ?? 0, until: times.at(-1) ?? 0 } };
}

/** Gaps between arrivals are exponential in office time (a Poisson process). */
function randomTimes(scenario: Scenario, perWorkingDay: number, office: OfficeTime): readonly number[] {
  const stream = streamOf(scenario.seed, "arrivals");
  const mean = office.dayMs / perWorkingDay / hourMs;
  let at = office.nextOpen(Date.parse(instantAt(scenario.from, "00:00")));
  return Array.from({ length: scenario.cases }, () => {
    at = office.add(at, quantile({ type: "exponential", mean }, stream.uniform()) * hourMs);
    return Math.round(at);
  });
}

/** The kind of case that the mix gives the case with this number. */
export function kindOf({ mix, seed }: Scenario, index: number): Scenario["mix"][number] {
  return mix[drawByWeight(mix, streamOf(seed, index, "mix").uniform())] ?? { weight: 1, variables: {} };
}

/** Index of the entry that the uniform number `draw` falls on; -1 where no entry has a weight above 0. */
export function drawByWeight(entries: readonly { readonly weight: number }[], draw: number): number {
  let left = draw * entries.reduce((sum, { weight }) => sum + weight, 0);
  const index = entries.findIndex(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return index;
}
