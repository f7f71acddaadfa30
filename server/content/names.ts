import { knownNames, type KnownNames } from "../../engine/analysis/references/known-names.ts";
import type { Content } from "./load-content.ts";

/** The names that a process may use with this content. */
export function namesOf(content: Content): KnownNames {
  return knownNames({
    packs: content.rulePacks,
    organisations: content.organisations.values(),
    tables: content.routeTables,
    forms: content.processes.flatMap((process) => [...process.forms.keys()]),
  });
}
