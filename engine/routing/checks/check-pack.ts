import type { Problem } from "../../model/problems.ts";
import { boundsOf, type PackChain } from "../bounds.ts";
import type { Limit } from "../limit.ts";
import { checkCauses } from "./check-causes.ts";
import { limitsByCode, longestOf, supplementEffects } from "../resolve-limit.ts";
import type { RulePack } from "../rule-pack.ts";
import { boundFinding, finding, packPlace, sourceText, type RulePlace } from "./finding.ts";
import { tooLong } from "./check-limits.ts";

/** One pack by itself and against the packs above it (`chain`, from its own region up). */
export function checkPack(pack: RulePack, chain: PackChain): readonly Problem[] {
  return [
    ...duplicates(pack),
    ...unsourced(pack),
    ...checkCauses(pack, { ...chain, regions: chain.regions.slice(1) }),
    ...pack.limits.flatMap((limit) => [...checkLimitAlone(pack, limit), ...checkLimitAbove(pack, limit, chain)]),
  ];
}

function duplicates(pack: RulePack): readonly Problem[] {
  const repeated = (codes: readonly string[]) => codes.filter((code, at) => codes.indexOf(code) !== at);
  const overlapping = pack.limits.filter((limit, at) =>
    pack.limits.slice(0, at).some((other) => other.code === limit.code && periodsMeet(other, limit)),
  );
  const repeats = [pack.reasonCodes, pack.suspensionCauses].flatMap((entries) =>
    repeated(entries.map(({ code }) => code)),
  );
  return [...overlapping.map(({ code }) => code), ...repeats].map((code) =>
    finding(
      "CODE_REPEATED",
      packPlace(pack.region, code, "code"),
      "同一时期内此代码出现两次",
      "this code stands twice for the same time",
    ),
  );
}

function periodsMeet(
  a: Pick<Limit, "effectiveFrom" | "effectiveTo">,
  b: Pick<Limit, "effectiveFrom" | "effectiveTo">,
): boolean {
  const [aFrom, bFrom] = [a.effectiveFrom ?? "", b.effectiveFrom ?? ""];
  return (a.effectiveTo === null || bFrom <= a.effectiveTo) && (b.effectiveTo === null || aFrom <= b.effectiveTo);
}

/** Only a preset of ours may stand without an address, and only what was read in full may pass for verified. */
function unsourced(pack: RulePack): readonly Problem[] {
  const entries = [
    ...pack.limits.map((limit) => ({ code: limit.code, source: limit.source, verified: limit.verified })),
    ...pack.duties.map((duty) => ({ code: duty.code, source: duty.source, verified: duty.verified })),
    ...pack.suspensionCauses.map(({ code, source, verified }) => ({ code, source, verified })),
    ...pack.reasonCodes.map((reason) => ({ code: reason.code, source: reason.source, verified: false })),
  ];
  return entries.flatMap(({ code, source, verified }) => {
    const place = packPlace(pack.region, code, "source");
    if (source.grade === "S" && source.url === null)
      return [
        finding(
          "SOURCE_WITHOUT_ADDRESS",
          place,
          `来源${sourceText(source).zh}未注明网址`,
          `its source ${sourceText(source).en} names no address`,
        ),
      ];
    if (verified && source.grade !== "V")
      return [
        finding(
          "VERIFIED_WITHOUT_READING",
          packPlace(pack.region, code, "verified"),
          `来源${sourceText(source).zh}的等级为 ${source.grade}，不能标为已核实`,
          `its source ${sourceText(source).en} is of grade ${source.grade} and cannot pass for verified`,
        ),
      ];
    return [];
  });
}

function checkLimitAlone(pack: RulePack, limit: Limit): readonly Problem[] {
  const place = (cell: string) => packPlace(pack.region, limit.code, cell);
  const found: Problem[] = [];
  if (limit.promised !== null && limit.promised > limit.value)
    found.push(
      finding(
        "PROMISE_LONGER_THAN_LIMIT",
        place("promised"),
        `承诺时限 ${limit.promised} 长于法定时限 ${limit.value}（依据${sourceText(limit.source).zh}）`,
        `the promise of ${limit.promised} is longer than the limit of ${limit.value} (${sourceText(limit.source).en})`,
      ),
    );
  if (limit.effectiveTo !== null && limit.effectiveFrom !== null && limit.effectiveTo < limit.effectiveFrom)
    found.push(finding("PERIOD_REVERSED", place("effectiveTo"), "失效日早于生效日", "it ends before it begins"));
  if (limit.unit === "hour" && !limit.code.startsWith("L.EMG"))
    found.push(
      finding(
        "HOUR_OUTSIDE_EMERGENCY",
        place("unit"),
        "只有应急时限（L.EMG…）按自然小时计算；其他请用工作日或工作小时",
        "only emergency limits (L.EMG…) run by the hour round the clock; use working days or hours",
      ),
    );
  if (limit.onTimeout === "deemedGrant" && limit.source.article === null)
    found.push(
      finding(
        "DEEMED_CONSENT_WITHOUT_ARTICLE",
        place("onTimeout"),
        "超时视为同意须引用明文规定的条款",
        "deemed consent needs an article of law that says so",
      ),
    );
  return found;
}

function checkLimitAbove(pack: RulePack, limit: Limit, chain: PackChain): readonly Problem[] {
  const above: PackChain = { ...chain, regions: chain.regions.slice(1) };
  const place = (cell: string) => packPlace(pack.region, limit.code, cell);
  const deemed = boundsOf(chain, "noDeemedConsent", null).find(({ bound }) => bound.limits.includes(limit.code));
  return [
    ...tooLong(place("value"), limit.code, limit.value, { ...chain, regions: above.regions }),
    ...loosened(pack, limit, above),
    ...(limit.onTimeout === "deemedGrant" && deemed
      ? [boundFinding(place("onTimeout"), deemed, { zh: "超时视为同意", en: "deemed consent after the limit" })]
      : []),
  ];
}

/** What besides the value makes a limit longer: unit, extension, supplements, reasons for which its clock rests, its start. */
function loosened(pack: RulePack, limit: Limit, above: PackChain): readonly Problem[] {
  const shorten = boundsOf(above, "mayOnlyShorten", null);
  return above.regions.flatMap((region): readonly Problem[] => {
    const upperPack = above.packs.get(region);
    const upper = upperPack && limitsByCode(upperPack).get(limit.code);
    if (!upper) return [];
    const onlyShorten = upper.ceiling || shorten.some(({ bound }) => bound.limits.includes(limit.code));
    return differences(limit, upper, onlyShorten).map(({ cell, zh, en }) =>
      looser(packPlace(pack.region, limit.code, cell), { region, upper }, { zh, en }),
    );
  });
}

interface Difference {
  readonly cell: string;
  readonly zh: string;
  readonly en: string;
}

function differences(limit: Limit, upper: Limit, onlyShorten: boolean): readonly Difference[] {
  const found: Difference[] = [];
  const tell = (cell: string, from: unknown, to: unknown) =>
    found.push({
      cell,
      zh: `${cell} 由 ${String(from)} 改为 ${String(to)}`,
      en: `${cell} goes from ${String(from)} to ${String(to)}`,
    });
  if (limit.unit !== upper.unit) tell("unit", upper.unit, limit.unit);
  if (limit.unit === upper.unit && limit.value <= upper.value && longestOf(limit) > longestOf(upper))
    tell("extension", `${longestOf(upper)} in all`, `${longestOf(limit)} in all`);
  if (supplementEffects.indexOf(limit.onSupplement) > supplementEffects.indexOf(upper.onSupplement))
    tell("onSupplement", upper.onSupplement, limit.onSupplement);
  if (limit.maxSupplements > upper.maxSupplements) tell("maxSupplements", upper.maxSupplements, limit.maxSupplements);
  const more = limit.excludes.filter((reason) => !upper.excludes.includes(reason));
  if (more.length > 0) tell("excludes", upper.excludes.join(", "), limit.excludes.join(", "));
  const startsLikeAny = upper.startEvent === "step.opened";
  if (onlyShorten && !startsLikeAny && limit.startEvent !== upper.startEvent)
    tell("startEvent", upper.startEvent, limit.startEvent);
  return found;
}

function looser(
  place: RulePlace,
  { region, upper }: { readonly region: string; readonly upper: Limit },
  what: { readonly zh: string; readonly en: string },
): Problem {
  return finding(
    "LIMIT_LOOSER_THAN_ABOVE",
    place,
    `${what.zh}，比${region}的规定宽，依据${sourceText(upper.source).zh}`,
    `${what.en}, which is looser than ${region} (${sourceText(upper.source).en})`,
  );
}
