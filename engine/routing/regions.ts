import { RouteError } from "./errors.ts";
import type { Level } from "./types.ts";

/**
 * Six digits of GB/T 2260, or for a functional zone, which has no code there, its parent's two or four digits, `Z` and a number
 * of its own: it sorts and nests by prefix like a division.
 */
export const regionCode = /^(\d{6}|\d{4}Z[1-9]|\d{2}Z\d{2}[1-9])$/;

/** A division of GB/T 2260, or a functional zone that names its parent because it has no code of its own. */
export interface Region {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | undefined;
  readonly level: Level;
  readonly parent: string | null;
}

export type Regions = ReadonlyMap<string, Region>;

/** A division in words; its code where the list does not have it. */
export function regionNamed(regions: Regions, code: string): { readonly zh: string; readonly en: string } {
  const { name, nameEn } = regions.get(code) ?? { name: code };
  return { zh: name, en: nameEn ?? name };
}

/** The region and the ones above it, up to the country. Kept for each list of regions: every step asks several times. */
export function chainOf(regions: Regions, code: string): readonly string[] {
  const known = chains.get(regions) ?? new Map<string, readonly string[]>();
  chains.set(regions, known);
  const chain = known.get(code) ?? climb(regions, code);
  known.set(code, chain);
  return chain;
}

const chains = new WeakMap<Regions, Map<string, readonly string[]>>();

function climb(regions: Regions, code: string): readonly string[] {
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
      { zh: "该区划代码不在区域清单中", en: "this division code is not in the list of regions" },
      {
        zh: "请在 processes/regions.json 中连同其上级补充",
        en: "Add it to processes/regions.json with its parent",
      },
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

/** The province that the region lies in. Throws `RouteError` for a region above the provinces. */
export function provinceOf(regions: Regions, code: string): string {
  const province = chainOf(regions, code).find((region) => requireRegion(regions, region).level === "province");
  if (province !== undefined) return province;
  throw new RouteError(
    "REGION_UNKNOWN",
    code,
    { zh: "该区域不属于任何省级行政区", en: "this region lies in no province" },
    { zh: "请指定省内的区域", en: "Name a region within a province" },
  );
}
