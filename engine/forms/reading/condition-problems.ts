import { compileExpression, ExpressionError, namesRead } from "../../expressions/feel.ts";
import { isField, keysOf, type Component, type Form, type FormProblem } from "../form.ts";
import { problem } from "./field-problems.ts";

/**
 * What conditions may read besides the fields of the form: the facts that every case has (`server/sharing/case-variables.ts`), and
 * of a process begun by hand what it brings along.
 */
export const factNames = ["applicant", "provider", "resource", "request", "direction"] as const;

/** What conditions may read of the decision that the form goes with: the code of the outcome that was chosen, `null` before. */
export const outcomeName = "outcome";

const knownNames: readonly string[] = [...factNames, outcomeName];

interface Condition {
  readonly place: string;
  readonly source: string;
  /** Keys whose fields the condition hides; empty where it only asks for them. */
  readonly hides: readonly string[];
}

/** Conditions that do not parse, that read what is not there, or that wait for each other. */
export function conditionProblems(form: Form, place: string): readonly FormProblem[] {
  const keys = new Set(allKeys(form.components));
  const conditions = conditionsOf(form.components, place);
  const reads = new Map<string, Set<string>>();
  const problems = conditions.flatMap(({ place: at, source, hides }) => {
    const read = readBy(source, at);
    if ("problem" in read) return [read.problem];
    for (const key of hides)
      reads.set(key, new Set([...(reads.get(key) ?? []), ...read.names.filter((name) => keys.has(name))]));
    return read.names
      .filter((name) => !keys.has(name) && !knownNames.includes(name))
      .map((name) =>
        problem(
          "CONDITION_NAME_UNKNOWN",
          at,
          `条件“${source}”中的“${name}”既不是本表单的字段，也不是办件信息（${knownNames.join("、")}）`,
          `“${name}” in the condition “${source}” is neither a field of this form nor a fact of the case (${knownNames.join(", ")})`,
        ),
      );
  });
  return [...problems, ...cycles(reads, place)];
}

function allKeys(components: readonly Component[]): readonly string[] {
  return components.flatMap((component) =>
    component.kind === "group" ? allKeys(component.components) : isField(component) ? keysOf(component) : [],
  );
}

function conditionsOf(components: readonly Component[], place: string): readonly Condition[] {
  return components.flatMap((component, index): readonly Condition[] => {
    const at = `${place}.${isField(component) ? component.key : index}`;
    const hides =
      component.hideWhen === null ? [] : [{ place: at, source: component.hideWhen, hides: allKeys([component]) }];
    if (component.kind === "group") return [...hides, ...conditionsOf(component.components, place)];
    if (!isField(component) || component.requiredWhen === null) return hides;
    return [...hides, { place: at, source: component.requiredWhen, hides: [] }];
  });
}

function readBy(
  source: string,
  place: string,
): { readonly names: readonly string[] } | { readonly problem: FormProblem } {
  try {
    return { names: namesRead(compileExpression(source)) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      problem: problem(
        error.code,
        place,
        `条件“${source}”无法使用：${error.message}`,
        `The condition “${source}” cannot be used: ${error.message}`,
      ),
    };
  }
}

/** A field whose being there depends on itself would be shown or hidden by chance. */
function cycles(reads: ReadonlyMap<string, ReadonlySet<string>>, place: string): readonly FormProblem[] {
  return [...reads.keys()]
    .filter((key) => reaches(reads, key))
    .map((key) =>
      problem(
        "CONDITION_CYCLE",
        `${place}.${key}`,
        `字段“${key}”是否显示取决于它自己`,
        `Whether “${key}” is shown depends on itself`,
      ),
    );
}

function reaches(reads: ReadonlyMap<string, ReadonlySet<string>>, key: string): boolean {
  const seen = new Set<string>();
  const open = [...(reads.get(key) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === key) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(reads.get(next) ?? []));
  }
  return false;
}
