import {
  compileExpression,
  evaluateExpression,
  ExpressionError,
  type CompiledExpression,
} from "../expressions/feel.ts";
import type { Json, Variables } from "../expressions/json.ts";
import { fieldsOf, isField, keysOf, type Component, type Field, type Form } from "./form.ts";

type Values = Readonly<Record<string, unknown>>;

/** A form as it looks with certain values: what is shown, and which of it has to be filled in. */
export interface Shown {
  /** The components that are shown; groups without the parts that are hidden. */
  readonly components: readonly Component[];
  readonly required: ReadonlySet<string>;
}

/**
 * What of a form is shown with these values. A hidden field counts as empty for the conditions of others; conditions never wait
 * for each other (`reading/condition-problems.ts`), so as many rounds as there are fields settle them.
 */
export function shownWith(form: Form, values: Values, facts: Variables): Shown {
  const all = fieldsOf(form.components);
  let hidden: ReadonlySet<string> = new Set();
  for (let round = 0; round <= all.length; round += 1) {
    const next = hiddenKeys(form.components, scopeOf(all, values, facts, hidden));
    if (next.size === hidden.size && [...next].every((key) => hidden.has(key))) break;
    hidden = next;
  }
  const scope = scopeOf(all, values, facts, hidden);
  const components = withoutHidden(form.components, scope);
  const required = fieldsOf(components).filter(
    (field) =>
      field.access === "write" &&
      (field.required || (field.requiredWhen !== null && holds(field.requiredWhen, scope, true))),
  );
  return { components, required: new Set(required.map(({ key }) => key)) };
}

/** What a condition reads: the facts, and each field's value; what is empty or hidden is `null`. */
function scopeOf(all: readonly Field[], values: Values, facts: Variables, hidden: ReadonlySet<string>): Variables {
  const filled = all.flatMap(keysOf).map((key): [string, Json] => [key, hidden.has(key) ? null : asJson(values[key])]);
  return { ...facts, ...Object.fromEntries(filled) };
}

function hiddenKeys(components: readonly Component[], scope: Variables): ReadonlySet<string> {
  const keys = components.flatMap((component): readonly string[] => {
    const inner = component.kind === "group" ? fieldsOf(component.components) : isField(component) ? [component] : [];
    if (component.hideWhen !== null && holds(component.hideWhen, scope, false)) return inner.flatMap(keysOf);
    return component.kind === "group" ? [...hiddenKeys(component.components, scope)] : [];
  });
  return new Set(keys);
}

function withoutHidden(components: readonly Component[], scope: Variables): readonly Component[] {
  return components
    .filter(({ hideWhen }) => hideWhen === null || !holds(hideWhen, scope, false))
    .map((component) =>
      component.kind === "group" ? { ...component, components: withoutHidden(component.components, scope) } : component,
    );
}

const compiled = new Map<string, CompiledExpression>();

/**
 * Whether a condition holds. One that meets empty fields gives null and does not hold. Where a fact of the case is missing
 * altogether the cautious answer is given: the field is shown, and has to be filled in.
 */
function holds(source: string, scope: Variables, cautious: boolean): boolean {
  const expression = compiled.get(source) ?? compileExpression(source);
  compiled.set(source, expression);
  try {
    return evaluateExpression(expression, scope) === true;
  } catch (error) {
    if (error instanceof ExpressionError) return cautious;
    throw error;
  }
}

/** Values come from a JSON request or a screen; anything else counts as empty. */
function asJson(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)]));
  return null;
}
