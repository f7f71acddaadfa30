import { evaluate, parseExpression } from "feelin";
import { compileExpression, ExpressionError } from "../expressions/feel.ts";
import type { Bilingual } from "./notes.ts";
import { NotTranslatable } from "./juel/not-translatable.ts";
import { juelToFeel } from "./juel/to-feel.ts";

/** How a file writes expressions: `${…}` (Camunda 7, Flowable, Activiti) or `=…` in FEEL (Camunda 8). */
export type Dialect = "juel" | "feel";

export type Said =
  /** A fixed text. */
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "feel"; readonly source: string }
  | { readonly type: "refused"; readonly reason: Bilingual };

/** What a text of another engine says in ours. */
export function sayInFeel(text: string, dialect: Dialect): Said {
  const trimmed = text.trim();
  if (dialect === "feel") return trimmed.startsWith("=") ? checked(trimmed.slice(1).trim()) : { type: "text", text };
  if (!/[$#]\{/.test(trimmed)) return { type: "text", text };
  try {
    return checked(juelToFeel(insideOf(trimmed)));
  } catch (error) {
    if (error instanceof NotTranslatable) return { type: "refused", reason: error.reason };
    throw error;
  }
}

/** A fixed text as FEEL. */
export function textInFeel(text: string): string {
  return JSON.stringify(text);
}

/** What stands in the braces, where they hold the whole text. */
function insideOf(text: string): string {
  const inner = /^[$#]\{([\s\S]*)\}$/.exec(text)?.[1];
  if (inner === undefined || /[$#]\{/.test(inner))
    throw new NotTranslatable("表达式与文字混写", "it mixes text and expressions");
  return inner;
}

/** Holds the source to the fences of our own FEEL, and to the functions that it has. */
function checked(source: string): Said {
  try {
    compileExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      type: "refused",
      reason: { zh: `FEEL 检查未通过（${error.message}）`, en: `it does not pass our FEEL check (${error.message})` },
    };
  }
  const unknown = calledFunctions(source).find((name) => !isBuiltIn(name));
  if (unknown === undefined) return { type: "feel", source };
  return {
    type: "refused",
    reason: { zh: `没有函数 ${unknown}()`, en: `there is no function ${unknown}()` },
  };
}

function calledFunctions(source: string): readonly string[] {
  const names: string[] = [];
  parseExpression(source, {}, undefined).iterate({
    enter({ name, node }) {
      const called = name === "FunctionInvocation" ? node.firstChild : null;
      if (called?.name === "VariableName") names.push(source.slice(called.from, called.to));
    },
  });
  return names;
}

/** A built-in function evaluates to itself; any other name is an unknown variable, and a warning. */
function isBuiltIn(name: string): boolean {
  return evaluate(name, {}).warnings.length === 0;
}
