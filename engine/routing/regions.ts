import { RouteError } from "./errors.ts";
import type { Level } from "./types.ts";

/** A division of GB/T 2260, or a functional zone that names its parent because it has no code of its own. */
export interface Region {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly parent: string | null;
}

export type Regions = ReadonlyMap<string, Region>;

/** The region and the ones above it, up to the country. */
export function chainOf(regions: Regions, code: string): readonly string[] {
  const chain: string[] = [];
  for (let region = requireRegion(regions, code); ; region = requireRegion(regions, region.parent)) {
    chain.push(region.code);
    if (region.parent === null) return chain;
  }
}

export function requireRegion(regions: Regions, code: string): Region {
  const region = regions.get(code);
  if (!region)
    throw new RouteError(
      "REGION_UNKNOWN",
      code,
      "this division code is not in the list of regions",
      "Add it to processes/regions.json with its parent",
    );
  return region;
}

/** True when `inner` is `outer` or lies within it. */
export function isWithin(regions: Regions, inner: string, outer: string): boolean {
  return regions.has(inner) && chainOf(regions, inner).includes(outer);
}

/** The nearest region that both lie in: its authority mediates between them (Order 809, three-tier dispute scheme). */
export function lowestCommonRegion(regions: Regions, a: string, b: string): string {
  const above = new Set(chainOf(regions, a));
  return chainOf(regions, b).find((code) => above.has(code)) ?? "000000";
}
