import { boundsOf, type PackChain } from "./bounds.ts";
import { RouteError } from "./errors.ts";
import type { Limit } from "./limit.ts";
import type { RulePack } from "./rule-pack.ts";
import type { AppliedBound, ResolvedLimit, RuleSource } from "./types.ts";

interface Layer {
  readonly pack: RulePack;
  readonly limit: Limit;
}

/**
 * The limit in force for an acting region: the nearest pack that names the code gives its rules; no region above is ever
 * exceeded, so value, extension, supplements and pauses are the strictest of all layers and of the route table's own (domain
 * rule a4: the national limit is the ceiling, a region may only shorten it). What was cut back is told.
 * Throws `RouteError` LIMIT_UNKNOWN.
 */
export function resolveLimit(
  code: string,
  chain: PackChain,
  fromTable: number | null,
): { limit: ResolvedLimit; bounds: readonly AppliedBound[] } {
  const layers = chain.regions.flatMap((region): Layer[] => {
    const pack = chain.packs.get(region);
    const limit = pack ? limitsByCode(pack).get(code) : undefined;
    return pack && limit ? [{ pack, limit }] : [];
  });
  const top = layers.at(-1);
  if (!top) throw unknownLimit(code, chain.regions);
  // A region that counts in another unit than the top layer cannot be compared with it, so it is passed over.
  const comparable = layers.filter(({ limit }) => limit.unit === top.limit.unit);
  const nearest = comparable[0] ?? top;
  const wanted = fromTable ?? nearest.limit.value;
  const ceiling = lowestCeiling(code, chain, comparable);
  const value = Math.min(wanted, ceiling.value);
  return { limit: assemble(nearest, comparable, value, chain), bounds: toldCut(code, wanted, value, ceiling) };
}

interface Ceiling {
  readonly region: string;
  readonly value: number;
  readonly source: RuleSource;
}

function lowestCeiling(code: string, chain: PackChain, layers: readonly Layer[]): Ceiling {
  const ceilings = [
    ...layers.map(({ pack, limit }) => ({ region: pack.region, value: limit.value, source: limit.source })),
    ...boundsOf(chain, "atMost", null).flatMap(({ region, bound }) =>
      bound.limit === code ? [{ region, value: bound.value, source: bound.source }] : [],
    ),
  ];
  return ceilings.reduce((lowest, layer) => (layer.value < lowest.value ? layer : lowest));
}

function toldCut(code: string, from: number, to: number, ceiling: Ceiling): readonly AppliedBound[] {
  if (to >= from) return [];
  return [{ region: ceiling.region, bound: `${code} ≤ ${ceiling.value}`, from, to, source: ceiling.source }];
}

function assemble(nearest: Layer, layers: readonly Layer[], value: number, chain: PackChain): ResolvedLimit {
  const { limit, pack } = nearest;
  const all = layers.map((layer) => layer.limit);
  return {
    code: limit.code,
    name: limit.name,
    value,
    unit: limit.unit,
    promised: limit.promised === null ? null : Math.min(limit.promised, value),
    calendarRegion: chain.regions[0] ?? pack.region,
    onSupplement: strictest(all.map(({ onSupplement }) => onSupplement)),
    onReturn: all.some(({ onReturn }) => onReturn === "resume") ? "resume" : "restart",
    maxSupplements: Math.min(...all.map(({ maxSupplements }) => maxSupplements)),
    excludes: limit.excludes.filter((reason) => all.every(({ excludes }) => excludes.includes(reason))),
    extension: boundedExtension(limit, all, value),
    onTimeout: limit.onTimeout,
    onCalendarChange: limit.onCalendarChange,
    monitored: all.some(({ monitored }) => monitored),
    source: limit.source,
    verified: limit.verified,
    packRegion: pack.region,
    packVersion: pack.version,
  };
}

/** From the strictest on: a clock that runs on, one that rests, one that begins anew. */
export const supplementEffects = ["none", "resume", "restart"] as const;

function strictest(effects: readonly Limit["onSupplement"][]): Limit["onSupplement"] {
  return supplementEffects.find((effect) => effects.includes(effect)) ?? "none";
}

/** The limit with every extension that it allows, in its unit. */
export function longestOf({ value, extension }: Pick<Limit, "value" | "extension">): number {
  return value + (extension === null ? 0 : extension.max * extension.times);
}

/** The nearest layer's extension, cut so that the whole never exceeds what any layer allows with its own. */
function boundedExtension(nearest: Limit, all: readonly Limit[], value: number): ResolvedLimit["extension"] {
  if (nearest.extension === null) return null;
  const { max, times, approver, notify } = nearest.extension;
  const longest = Math.min(...all.map(longestOf));
  const allowed = Math.min(max, Math.floor((longest - value) / times));
  return allowed < 1 ? null : { max: allowed, times, approver, notify };
}

/** Limits of a pack by code; every step of every case looks one up. */
const indexes = new WeakMap<RulePack, ReadonlyMap<string, Limit>>();

export function limitsByCode(pack: RulePack): ReadonlyMap<string, Limit> {
  const known = indexes.get(pack);
  if (known) return known;
  const index = new Map(pack.limits.map((limit) => [limit.code, limit]));
  indexes.set(pack, index);
  return index;
}

function unknownLimit(code: string, regions: readonly string[]): RouteError {
  return new RouteError(
    "LIMIT_UNKNOWN",
    code,
    {
      zh: `${regions.join("、")} 的规则包均未定义此时限代码`,
      en: `no rule pack of ${regions.join(", ")} names this limit code`,
    },
    { zh: "请在规则包中补充，或更正代码", en: "Add the limit to a rule pack or correct the code" },
  );
}
