import { compileExpression, ExpressionError, type CompiledExpression } from "../expressions/feel.ts";
import { asElement, documentationOf, elementsOf, textOf, type ModdleElement } from "./moddle-element.ts";
import { problem, type Problem } from "./problems.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { Assignment } from "./process-model.ts";
import type { Refused } from "./support.ts";

export type Report = (found: Problem) => void;

/** What the elements of a file refer to, found once. */
export interface DefinitionsIndex {
  readonly report: Report;
  /** Message flow by the id of the event or task at either end. */
  readonly messageFlows: ReadonlyMap<string, ModdleElement>;
  readonly correlationProperties: readonly ModdleElement[];
  /** Data path by correlation property, as the process that is being compiled subscribes. */
  readonly correlationBindings: ReadonlyMap<string, CompiledExpression>;
  /** Ids of the data objects that some association reads or writes. */
  readonly usedData: ReadonlySet<string>;
  /** Compensation handler by the id of the boundary event that an association connects it with. */
  readonly handlers: ReadonlyMap<string, string>;
}

const feelLanguages = [/feel/i, /^https?:\/\/www\.omg\.org\/spec\/(DMN|FEEL)\//];

export function isFeel(language: string): boolean {
  return feelLanguages.some((pattern) => pattern.test(language));
}

/** What every flow node has. */
export function nodeBase(element: ModdleElement, parent: string, report: Report) {
  return {
    id: element.id ?? "",
    name: textOf(element["name"]),
    documentation: documentationOf(element),
    parent,
    // Filled from the flows themselves: `bpmn:incoming` and `bpmn:outgoing` are optional in a file.
    incoming: [],
    outgoing: [],
    outputs: assignments(element, "jieli:Out", report),
  };
}

/** `jieli:in` or `jieli:out` entries of the extension elements. */
export function assignments(
  element: ModdleElement,
  type: "jieli:In" | "jieli:Out",
  report: Report,
): readonly Assignment[] {
  const values = elementsOf(asElement(element["extensionElements"])?.["values"]).filter(
    (value) => value.$type === type,
  );
  return values.flatMap((value) => {
    const target = textOf(value["target"]);
    const source = compileOptional(textOf(value["source"]), element, report);
    if (target && source) return [{ source, target }];
    report(breachOf("MAPPING_INCOMPLETE", element.id ?? null));
    return [];
  });
}

/** Compiles a FEEL text of `owner`; reports what is wrong with it and gives `null`. */
export function compileOptional(
  source: string | null,
  owner: ModdleElement,
  report: Report,
): CompiledExpression | null {
  if (source === null) return null;
  try {
    return compileExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    report(
      problem(
        error.code,
        owner.id ?? null,
        `元素 ${owner.id ?? "?"} 的表达式“${source}”无法使用：${error.message}`,
        `The expression “${source}” of ${owner.id ?? "?"} cannot be used: ${error.message}`,
      ),
    );
    return null;
  }
}

/** A `bpmn:FormalExpression` (or plain `bpmn:Expression`) as compiled FEEL. Another language is refused. */
export function formalExpression(value: unknown, owner: ModdleElement, report: Report): CompiledExpression | null {
  const expression = asElement(value);
  if (!expression) return null;
  const language = textOf(expression["language"]);
  if (language && !isFeel(language)) {
    report(
      problem(
        "EXPRESSION_LANGUAGE_UNSUPPORTED",
        owner.id ?? null,
        `元素 ${owner.id ?? "?"} 的表达式语言 ${language} 不受支持，只支持 FEEL`,
        `The expression of ${owner.id ?? "?"} is in ${language}; only FEEL is supported`,
      ),
    );
    return null;
  }
  return compileOptional(textOf(expression["body"]) ?? "", owner, report);
}

export function conditionOf(flow: ModdleElement, report: Report): CompiledExpression | null {
  return asElement(flow["conditionExpression"]) ? formalExpression(flow["conditionExpression"], flow, report) : null;
}

/** Refuses a variant that the support table names, with its reason. */
export function refuse(element: ModdleElement, what: Refused): Problem {
  return unsupported(element, what.zh, what.en);
}

export function unsupported(element: ModdleElement, zh: string, en: string): Problem {
  return problem(
    "ELEMENT_UNSUPPORTED",
    element.id ?? null,
    `元素 ${element.id ?? "?"}：不支持${zh}`,
    `Element ${element.id ?? "?"}: ${en} is not supported`,
  );
}
