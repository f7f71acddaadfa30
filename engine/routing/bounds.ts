import type { RulePack } from "./rule-pack.ts";
import { RouteError } from "./errors.ts";
import type { AppliedBound, ResolvedLimit } from "./types.ts";

/**
 * The limit in force for an acting region: the nearest pack that names the code gives its rules; no region above is ever
 * exceeded, so the value is the smallest of all layers and of the route table's own (domain rule: the national limit is the
 * ceiling, a region may only shorten it). What was cut back is told.
 */
export function resolveLimit(
  code: string,
  chain: readonly string[],
  packs: ReadonlyMap<string, RulePack>,
  fromTable: number | null,
): { limit: ResolvedLimit; bounds: readonly AppliedBound[] } {
  const layers = chain.flatMap((region) => {
    const pack = packs.get(region);
    const limit = pack?.limits.find((candidate) => candidate.code === code);
    return pack && limit ? [{ pack, limit }] : [];
  });
  const nearest = layers[0];
  if (!nearest)
    throw new RouteError(
      "LIMIT_UNKNOWN",
      code,
      `no rule pack of ${chain.join(", ")} names this limit code`,
      "Add the limit to a rule pack or correct the code",
    );
  const wanted = fromTable ?? nearest.limit.value;
  const ceiling = [...layers, ...atMost(code, chain, packs)].reduce((lowest, layer) =>
    layer.limit.value < lowest.limit.value ? layer : lowest,
  );
  const value = Math.min(wanted, ceiling.limit.value);
  const { limit, pack } = nearest;
  const bounds: AppliedBound[] =
    value < wanted
      ? [
          {
            region: ceiling.pack.region,
            bound: `${code} ≤ ${ceiling.limit.value}`,
            from: wanted,
            to: value,
            source: ceiling.limit.source,
          },
        ]
      : [];
  return {
    limit: {
      code,
      name: limit.name,
      value,
      unit: limit.unit,
      promised: limit.promised === null ? null : Math.min(limit.promised, value),
      calendarRegion: chain[0] ?? pack.region,
      onSupplement: limit.onSupplement,
      onReturn: limit.onReturn,
      maxSupplements: limit.maxSupplements,
      excludes: limit.excludes,
      extension: limit.extension,
      onTimeout: limit.onTimeout,
      onCalendarChange: limit.onCalendarChange,
      monitored: limit.monitored,
      source: limit.source,
      verified: limit.verified,
      packRegion: pack.region,
      packVersion: pack.version,
    },
    bounds,
  };
}

function atMost(code: string, chain: readonly string[], packs: ReadonlyMap<string, RulePack>) {
  return chain.flatMap((region) => {
    const pack = packs.get(region);
    return (pack?.bounds ?? []).flatMap((bound) =>
      pack && bound.type === "atMost" && bound.limit === code
        ? [{ pack, limit: { value: bound.value, source: bound.source } }]
        : [],
    );
  });
}

/** A step that a region above forbids to skip is performed whatever a lower table says. */
export function keepRequiredStep(
  step: string,
  perform: boolean,
  decidedBy: string | null,
  chain: readonly string[],
  packs: ReadonlyMap<string, RulePack>,
): { perform: boolean; bounds: readonly AppliedBound[] } {
  if (perform || decidedBy === null) return { perform, bounds: [] };
  for (const region of chain.slice(chain.indexOf(decidedBy) + 1)) {
    const bound = packs
      .get(region)
      ?.bounds.find((candidate) => candidate.type === "mayNotSkip" && candidate.steps.includes(step));
    if (bound)
      return {
        perform: true,
        bounds: [{ region, bound: `mayNotSkip ${step}`, from: false, to: true, source: bound.source }],
      };
  }
  return { perform, bounds: [] };
}
