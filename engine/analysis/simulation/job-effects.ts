import { ClockError } from "../../calendar/clock.ts";
import type { Variables } from "../../expressions/json.ts";
import type { JobPlan } from "./scenario.ts";
import type { VirtualCase } from "./virtual-case.ts";

/** What the server's job of this kind gives back to the case (server/runtime/jobs.ts), done to a virtual one. */
export function jobVariables(of: VirtualCase, plan: JobPlan | undefined, now: string): Variables {
  const effect = plan?.effect;
  if (!effect) return plan?.variables ?? {};
  switch (effect.type) {
    case "recordBreach":
      return { ...plan.variables, ...recordBreach(of, now) };
    case "extendClock":
      return { ...plan.variables, ...extendClock(of, effect.limit, now) };
  }
}

/** Charges the earliest breach that is not recorded yet. */
function recordBreach(of: VirtualCase, now: string): Variables {
  of.clocks.breachOverdue(now);
  const keyOf = (token: string, at: string) => `${token} ${at}`;
  const [earliest] = of.clocks.entries
    .flatMap(({ token, organisation, limit, clock }) =>
      clock.breachedAt !== null && !of.recorded.has(keyOf(token, clock.breachedAt))
        ? [
            {
              token,
              organisation: organisation.id,
              region: organisation.region,
              limit: limit.code,
              at: clock.breachedAt,
            },
          ]
        : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  if (!earliest) return {};
  const { token, ...breach } = earliest;
  of.recorded.add(keyOf(token, breach.at));
  return { breach };
}

/** Extends by what was approved. What the rule pack refuses stays as it was, as on the server. */
function extendClock(of: VirtualCase, limit: string, now: string): Variables {
  of.clocks.breachOverdue(now);
  try {
    of.clocks.extend(limit, Number(of.variables()["extensionDays"]));
    return { extensionUsed: true };
  } catch (error) {
    if (error instanceof ClockError) return {};
    throw error;
  }
}
