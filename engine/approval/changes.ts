import type { Json } from "../expressions/json.ts";

/** One field that differs, by its path (`request.items`). `null` stands for nothing there. */
export interface Change {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What differs between two values, field by field; lists are compared as a whole. Objects are walked into, in order of name. */
export function changesBetween(before: Json, after: Json, path = ""): readonly Change[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      changesBetween(before[name] ?? null, after[name] ?? null, path === "" ? name : `${path}.${name}`),
    );
  }
  return isSame(before, after) ? [] : [{ path, before, after }];
}

/** Whether one of these fields, or anything below it, is among the changes. */
export function touches(changes: readonly Change[], fields: readonly string[]): boolean {
  return changes.some(({ path }) =>
    fields.some((field) => path === field || path.startsWith(`${field}.`) || field.startsWith(`${path}.`)),
  );
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  if (isObject(a) && isObject(b)) return changesBetween(a, b).length === 0;
  return a === b;
}
