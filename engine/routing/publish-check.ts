import type { Problem } from "../model/problems.ts";
import { chainOf, type Regions } from "./regions.ts";
import type { RulePack } from "./rule-pack.ts";
import type { RouteTable } from "./route-table.ts";

/** What must hold before packs and tables come into force: no lower region lengthens a limit, every code is known, every row can match. */
export function checkRules(
  packs: readonly RulePack[],
  tables: readonly RouteTable[],
  regions: Regions,
): readonly Problem[] {
  const byRegion = new Map(packs.map((pack) => [pack.region, pack]));
  return [
    ...packs.flatMap((pack) => checkPack(pack, byRegion, regions)),
    ...tables.flatMap((table) => checkTable(table, byRegion, regions)),
  ];
}

function checkPack(pack: RulePack, packs: ReadonlyMap<string, RulePack>, regions: Regions): readonly Problem[] {
  const place = (code: string) => `rule-packs/${pack.region} ${code}`;
  const above = chainOf(regions, pack.region).slice(1);
  return pack.limits.flatMap((limit) => {
    const found: Problem[] = [];
    for (const region of above) {
      const upper = packs.get(region)?.limits.find((candidate) => candidate.code === limit.code);
      if (upper && limit.value > upper.value)
        found.push(longer(place(limit.code), limit.value, upper.value, region, upper.source.title));
      if (upper?.ceiling && limit.unit !== upper.unit) {
        found.push(
          fault(
            "LIMIT_UNIT_DIFFERS",
            place(limit.code),
            `单位 ${limit.unit} 与上级 ${region} 的 ${upper.unit} 不同`,
            `its unit ${limit.unit} differs from ${upper.unit} of ${region}`,
          ),
        );
      }
    }
    if (limit.promised !== null && limit.promised > limit.value) {
      found.push(
        fault(
          "PROMISE_LONGER_THAN_LIMIT",
          place(limit.code),
          `承诺时限 ${limit.promised} 长于法定时限 ${limit.value}`,
          `the promise of ${limit.promised} is longer than the limit of ${limit.value}`,
        ),
      );
    }
    if (limit.onTimeout === "deemedGrant") {
      found.push(
        fault(
          "DEEMED_CONSENT_FORBIDDEN",
          place(limit.code),
          "有条件共享不得以超时视为同意",
          "conditional data are never released by silence; leave onTimeout at escalate",
        ),
      );
    }
    return found;
  });
}

function checkTable(table: RouteTable, packs: ReadonlyMap<string, RulePack>, regions: Regions): readonly Problem[] {
  const chain = chainOf(regions, table.region);
  const limitOf = (code: string) =>
    chain.flatMap((region) => packs.get(region)?.limits.filter((limit) => limit.code === code) ?? []);
  const column = (name: string) => table.outputs.indexOf(name);
  const found: Problem[] = [];
  for (const [index, row] of table.rows.entries()) {
    const place = `routes/${table.process}/${table.region} ${row.id}`;
    const literal = (name: string) => row.values[column(name)]?.source ?? null;
    const code = literal("limit")?.replace(/^"|"$/g, "") ?? null;
    if (code !== null && limitOf(code).length === 0)
      found.push(fault("LIMIT_UNKNOWN", place, `没有规则包定义时限 ${code}`, `no rule pack defines the limit ${code}`));
    const value = literal("value");
    for (const limit of code !== null && value !== null && /^\d+$/.test(value) ? limitOf(code) : []) {
      if (Number(value) > limit.value)
        found.push(longer(place, Number(value), limit.value, code ?? "", limit.source.title));
    }
    const hidden = table.rows
      .slice(0, index)
      .find((earlier) => earlier.tests.every((test, at) => test === null || test === row.tests[at]));
    if (hidden)
      found.push(
        fault(
          "ROW_NEVER_MATCHES",
          place,
          `该行永远不会命中：${hidden.id} 行已覆盖全部情形`,
          `it can never match: row ${hidden.id} takes every case before it`,
        ),
      );
  }
  return found;
}

function longer(place: string, value: number, most: number, region: string, source: string): Problem {
  return fault(
    "LIMIT_LONGER_THAN_ABOVE",
    place,
    `时限 ${value} 超过上级（${region}）的 ${most}，依据《${source}》；下级只能缩短`,
    `its limit of ${value} exceeds the ${most} of the layer above (${region}; ${source}); a region may only shorten it`,
  );
}

function fault(code: string, place: string, zh: string, en: string): Problem {
  return { code, severity: "error", element: place, message: { zh: `${place}：${zh}`, en: `${place}: ${en}` } };
}
