import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Problem } from "../../engine/model/problems.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import { checkRules, type RulesToCheck } from "../../engine/routing/publish-check.ts";
import { parseRouteTable } from "../../engine/routing/route-table.ts";
import { parseRulePack } from "../../engine/routing/rule-pack.ts";
import { rulesOf } from "../../server/content/drawn-steps.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";

/** Rules that a file is checked among: those that ship. Read once, however many files are checked. */
let shipped: Promise<RulesToCheck> | null = null;

function shippedRules(): Promise<RulesToCheck> {
  shipped ??= loadContent(join(packageRoot(), "processes")).then(rulesOf);
  return shipped;
}

/** Checks a rule pack as it would stand among the shipped ones, in place of the same region's of the same day. */
export async function checkPackFile(path: string): Promise<readonly Problem[]> {
  return refusals(async () => {
    const pack = parseRulePack(readJson(await readFile(path, "utf8"), path), path);
    const rules = await shippedRules();
    const others = rules.packs.filter(
      ({ region, version, effectiveFrom }) =>
        region !== pack.region || (version !== pack.version && effectiveFrom !== pack.effectiveFrom),
    );
    return checkRules({ ...rules, packs: [...others, pack] });
  });
}

/** Checks a route table, named `<process>/<region>.dmn`, in place of the shipped one of its process and region. */
export async function checkTableFile(path: string): Promise<readonly Problem[]> {
  return refusals(async () => {
    const identity = { process: basename(dirname(path)), region: basename(path, ".dmn").split(".")[0] ?? "" };
    const table = await parseRouteTable(
      await readFile(path, "utf8"),
      { ...identity, version: "checked" },
      `${identity.process}/${basename(path)}`,
    );
    const rules = await shippedRules();
    const others = rules.tables.filter(
      ({ process, region }) => process !== identity.process || region !== identity.region,
    );
    return checkRules({ ...rules, tables: [...others, table] });
  });
}

function readJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RouteError(
      "PACK_UNREADABLE",
      path,
      { zh: `不是可读的 JSON：${reason}`, en: `it is no readable JSON: ${reason}` },
      { zh: "请更正文件", en: "Correct the file" },
    );
  }
}

async function refusals(work: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    return [{ code: error.code, severity: "error", element: error.place, message: error.sentence }];
  }
}
