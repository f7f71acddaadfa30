import { knownNames, type KnownNames } from "../../engine/analysis/references/known-names.ts";
import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { Content } from "./load-content.ts";

/** The names that a process may use with this content; published rule packs stand in the place of those that ship. */
export function namesOf(content: Content, packs: readonly RulePack[] = content.rulePacks): KnownNames {
  return knownNames({
    packs,
    organisations: content.organisations.values(),
    tables: content.routeTables,
    forms: content.processes.flatMap((process) => [...process.forms.keys()]),
  });
}
