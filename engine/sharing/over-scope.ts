import { isWithin, type Regions } from "../routing/regions.ts";
import type { GrantState } from "./grant.ts";

/** What was granted, as far as use can exceed it. */
export interface GrantScope {
  readonly state: GrantState;
  /** Codes of the granted items. Empty where the resource has no list of items. */
  readonly items: readonly string[];
  /** Division whose records may be seen. */
  readonly region: string;
  /** Days `YYYY-MM-DD` in China, both included; `null` leaves that side open. */
  readonly from: string | null;
  readonly to: string | null;
  /** Calls a day agreed at delivery; `null` where none was agreed. */
  readonly callsPerDay: number | null;
}

/** One day's use, as the sharing platform reports it. */
export interface DayOfUse {
  readonly day: string;
  readonly calls: number;
  readonly rows: number;
  readonly items: readonly string[];
  /** Division that the records belong to; `null` where the platform does not say. */
  readonly region: string | null;
}

export type Excess =
  | { readonly type: "itemNotGranted"; readonly items: readonly string[] }
  | { readonly type: "volume"; readonly calls: number; readonly agreed: number }
  | { readonly type: "period"; readonly day: string }
  | { readonly type: "region"; readonly region: string }
  | { readonly type: "notInForce"; readonly state: GrantState };

/**
 * Everything in which a day's use exceeds its grant (Order 809 art. 25: no wider scope). Use while the platform still tests the
 * delivery is no excess; use of access that is suspended or over is.
 */
export function excessesOf(scope: GrantScope, use: DayOfUse, regions: Regions): readonly Excess[] {
  if (use.calls === 0 && use.rows === 0) return [];
  const strange = scope.items.length === 0 ? [] : use.items.filter((item) => !scope.items.includes(item));
  const excesses: Excess[] = [];
  if (scope.state !== "delivered" && scope.state !== "active")
    excesses.push({ type: "notInForce", state: scope.state });
  if (strange.length > 0) excesses.push({ type: "itemNotGranted", items: [...new Set(strange)].sort() });
  if (scope.callsPerDay !== null && use.calls > scope.callsPerDay)
    excesses.push({ type: "volume", calls: use.calls, agreed: scope.callsPerDay });
  if ((scope.from !== null && use.day < scope.from) || (scope.to !== null && use.day > scope.to))
    excesses.push({ type: "period", day: use.day });
  if (use.region !== null && !isWithin(regions, use.region, scope.region))
    excesses.push({ type: "region", region: use.region });
  return excesses;
}
