import { ClockError } from "../../calendar/clock.ts";
import { variablesAt } from "../../execution/variables.ts";
import type { Variables } from "../../expressions/json.ts";
import type { JobPlan } from "./scenario.ts";
import type { VirtualCase } from "./virtual-case.ts";

/** A job of a virtual case that is being done at `now`. */
export interface VirtualJob {
  readonly of: VirtualCase;
  readonly wait: string;
  readonly now: string;
}

/** What the server's job of this kind gives back to the case (server/runtime/jobs.ts), done to a virtual one. */
export function jobVariables(job: VirtualJob, plan: JobPlan | undefined): Variables {
  const effect = plan?.effect;
  if (!effect) return plan?.variables ?? {};
  switch (effect.type) {
    case "recordBreach":
      return { ...plan.variables, ...recordBreach(job) };
    case "extendClock":
      return { ...plan.variables, ...extendClock(job) };
  }
}

/** Charges the earliest breach that is not recorded yet. */
function recordBreach({ of, now }: VirtualJob): Variables {
  of.clocks.breachOverdue(now);
  const [earliest] = of.clocks.all
    .flatMap(({ id, organisation, resolved, ledger }) => {
      const key = `${id} ${ledger.breachedAt}`;
      return ledger.breachedAt === null || of.recorded.has(key)
        ? []
        : [
            {
              key,
              organisation: organisation.id,
              region: organisation.region,
              limit: resolved.code,
              at: ledger.breachedAt,
            },
          ];
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  if (!earliest) return {};
  const { key, ...breach } = earliest;
  of.recorded.add(key);
  return { breach };
}

/** Extends the clock that the job stands under by what was approved. What the rule pack refuses stays as it was. */
function extendClock({ of, wait, now }: VirtualJob): Variables {
  of.clocks.breachOverdue(now);
  const place = of.placeOf(wait);
  try {
    of.clocks.extend(Number(variablesAt(place.state, wait)["extensionDays"]), place);
    return { extensionUsed: true };
  } catch (error) {
    if (error instanceof ClockError) return {};
    throw error;
  }
}
