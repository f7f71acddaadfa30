import type { TextField } from "../form.ts";
import { matchesWholly } from "../reading/pattern.ts";
import { invalid, refuse, type Checked, type Site } from "./checked.ts";

/** Length in characters as people count them, blanks at the ends left out. */
export function checkText(field: TextField, value: unknown, site: Site): Checked {
  if (typeof value !== "string") return invalid(field, site);
  const length = Array.from(value.trim()).length;
  const { minLength, maxLength, pattern } = field;
  if (minLength !== null && length < minLength)
    return refuse("FIELD_TOO_SHORT", field, site, (name) => [
      `${name}至少 ${minLength} 字`,
      `${name} needs at least ${minLength} characters`,
    ]);
  if (value.length > maxLength)
    return refuse("FIELD_TOO_LONG", field, site, (name) => [
      `${name}最多 ${maxLength} 字`,
      `${name} takes at most ${maxLength} characters`,
    ]);
  if (pattern !== null && !matchesWholly(pattern, value))
    return refuse("FIELD_PATTERN", field, site, (name) => [
      `${name}的格式不符合要求${field.hint ? `：${field.hint.zh}` : ""}`,
      `${name} is not written as it should be${field.hint ? `: ${field.hint.en}` : ""}`,
    ]);
  return { value };
}
