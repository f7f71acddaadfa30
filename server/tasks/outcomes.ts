import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isDeemed } from "../../engine/calendar/deemed-effect.ts";
import type { Bilingual } from "../api/shared/common.schema.ts";
import { packageRoot } from "../content/package-root.ts";
import { termsFile, type Terms } from "../content/terms.schema.ts";

const file = join(packageRoot(), "processes", "terms.json");
const { outcomes, roles } = readTerms(readFileSync(file, "utf8"), file);

/** What officials may conclude, in their words. A code that is not here is shown as it is. */
export const outcomeTerms: Readonly<Record<string, Terms["outcomes"][string]>> = outcomes;

/** Who works at a step, in words. */
export const roleTerms: Readonly<Record<string, Bilingual>> = roles;

/** An outcome in the words of the step that has this form; its code where none are known. */
export function outcomeLabel(code: string, form: string | null): Bilingual {
  const term = outcomeTerms[code];
  return term?.labelAt?.[form ?? ""] ?? term?.label ?? { zh: code, en: code };
}

/**
 * The words of a place. Read once and at once, as every answer, sentence and notice needs them. Throws an error that names the
 * file and every fault.
 */
export function readTerms(content: string, name: string): Terms {
  const parsed = termsFile.safeParse(JSON.parse(content));
  if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What somebody may choose of the outcomes that a task's row lists; what only silence brings about is none of them. */
export function outcomesToChoose(listed: string): readonly string[] {
  return listed.split(" ").filter((outcome) => outcome !== "" && !isDeemed(outcome));
}

/** A role in words; its code where none are known. */
export function roleName(code: string): Bilingual {
  return roleTerms[code] ?? { zh: code, en: code };
}
