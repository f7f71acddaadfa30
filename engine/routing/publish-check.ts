import type { Problem } from "../model/problems.ts";
import type { PackChain } from "./bounds.ts";
import { checkCells } from "./checks/check-cells.ts";
import { checkGaps } from "./checks/check-gaps.ts";
import { checkLimits } from "./checks/check-limits.ts";
import { checkPack } from "./checks/check-pack.ts";
import { checkRoles } from "./checks/check-roles.ts";
import { checkRows } from "./checks/check-rows.ts";
import type { DrawnSteps } from "./checks/drawn-steps.ts";
import { finding, packPlace, tablePlace } from "./checks/finding.ts";
import { gridOf } from "./checks/grid.ts";
import type { Directory } from "./organisations.ts";
import { chainOf } from "./regions.ts";
import { packsInForce, type RulePack } from "./rule-pack.ts";
import type { RouteTable } from "./route-table.ts";

export interface RulesToCheck {
  /** All versions, of all regions. */
  readonly packs: readonly RulePack[];
  readonly tables: readonly RouteTable[];
  readonly directory: Directory;
  readonly steps: DrawnSteps;
}

/**
 * What must hold before packs and tables come into force: no lower region lengthens or loosens a limit, no bound is broken, no
 * row is hidden, no two rows contradict each other, the uppermost table leaves no gap, every role is held. Checked on each day
 * from which a pack is in force, so that a coming version is held against what will stand above and below it.
 */
export function checkRules(rules: RulesToCheck): readonly Problem[] {
  const { packs, directory, tables } = rules;
  const lost = [...packs, ...tables].filter(({ region }) => !directory.regions.has(region));
  if (lost.length > 0) return lost.map((one) => unknownRegion(one));
  const found = [
    ...versionsThatCollide(packs),
    ...packs.filter((pack) => pack.effectiveTo !== null && pack.effectiveTo < pack.effectiveFrom).map(reversed),
    ...turningDays(packs).flatMap((day) => checkDay(rules, day)),
  ];
  return [...new Map(found.map((problem) => [`${problem.code} ${problem.message.en}`, problem])).values()];
}

function checkDay(rules: RulesToCheck, day: string): readonly Problem[] {
  const packs = packsInForce(rules.packs, day);
  const chain = (region: string): PackChain => ({ regions: chainOf(rules.directory.regions, region), packs });
  return [
    ...[...packs.values()].flatMap((pack) => checkPack(pack, chain(pack.region))),
    ...[...new Set(rules.tables.map(({ process }) => process))].flatMap((process) =>
      checkProcessTables(rules, process, chain),
    ),
  ];
}

function checkProcessTables(
  { tables, directory, steps }: RulesToCheck,
  process: string,
  chain: (region: string) => PackChain,
): readonly Problem[] {
  const drawn = steps.get(process) ?? [];
  const names = drawn.map(({ step }) => step);
  const own = tables.filter((table) => table.process === process);
  const grid = gridOf(own, names);
  const depth = (table: RouteTable) => chain(table.region).regions.length;
  const top = Math.min(...own.map(depth));
  return own.flatMap((table) => [
    ...checkRows(table, grid, names),
    ...checkCells(table, grid, chain(table.region)),
    ...checkLimits(table, grid, chain(table.region), drawn),
    ...checkRoles(table, grid, directory, drawn),
    ...(depth(table) === top ? checkGaps(table, grid) : []),
  ]);
}

/** Days on which the rules change, from the first on which the uppermost pack is in force. */
function turningDays(packs: readonly RulePack[]): readonly string[] {
  const days = [...new Set(packs.map(({ effectiveFrom }) => effectiveFrom))].sort();
  const top = packs.filter(({ region }) => region === "000000").map(({ effectiveFrom }) => effectiveFrom);
  const first = top.length === 0 ? (days[0] ?? "") : [...top].sort()[0];
  const later = days.filter((day) => first === undefined || day >= first);
  return later.length > 0 ? later : days.slice(-1).concat(days.length === 0 ? ["9999-12-31"] : []);
}

function versionsThatCollide(packs: readonly RulePack[]): readonly Problem[] {
  return packs.flatMap((pack, at) => {
    const other = packs
      .slice(0, at)
      .find(
        ({ region, version, effectiveFrom }) =>
          region === pack.region && (version === pack.version || effectiveFrom === pack.effectiveFrom),
      );
    if (!other) return [];
    return [
      finding(
        "VERSIONS_COLLIDE",
        packPlace(pack.region, pack.version, "effectiveFrom"),
        `与版本 ${other.version}（${other.effectiveFrom} 起）版本号或生效日相同`,
        `it shares its version or first day with ${other.version} (from ${other.effectiveFrom})`,
      ),
    ];
  });
}

function reversed(pack: RulePack): Problem {
  return finding(
    "PERIOD_REVERSED",
    packPlace(pack.region, pack.version, "effectiveTo"),
    "失效日早于生效日",
    "it ends before it begins",
  );
}

function unknownRegion(one: RulePack | RouteTable): Problem {
  const place = "rows" in one ? tablePlace(one, "(table)", "region") : packPlace(one.region, one.version, "region");
  return finding("REGION_UNKNOWN", place, "区域清单中没有此区划代码", "the list of regions has no such code");
}
