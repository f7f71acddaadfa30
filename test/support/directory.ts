import type { Directory, Organisation, OrganisationKind } from "../../engine/routing/organisations.ts";
import type { Region } from "../../engine/routing/regions.ts";
import type { Level } from "../../engine/routing/types.ts";

/** `code level parent`, one region a line. */
export function regionsOf(lines: string): ReadonlyMap<string, Region> {
  const rows = linesOf(lines).map(([code = "", level, parent]) => ({
    code,
    name: code,
    level: level as Level,
    parent: parent ?? null,
  }));
  return new Map(rows.map((region) => [region.code, region]));
}

/** Regions as above, and organisations as `id kind region [level=…] [superior=…]`, one a line; every role is held everywhere. */
export function directoryOf(regionLines: string, organisationLines: string, roles: readonly string[] = []): Directory {
  const regions = regionsOf(regionLines);
  const organisations = linesOf(organisationLines).map(([id = "", kind, region = "", ...more]): Organisation => {
    const option = (name: string) => more.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
    return {
      id,
      name: { zh: id, en: id },
      kind: kind as OrganisationKind,
      region,
      level: (option("level") as Level | null) ?? regions.get(region)?.level ?? "county",
      roles,
      superior: option("superior"),
    };
  });
  return { regions, organisations: new Map(organisations.map((organisation) => [organisation.id, organisation])) };
}

function linesOf(text: string): readonly string[][] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
}
