import type { ChoiceField, ChoicesField } from "../form.ts";
import { refuse, type Checked, type Site } from "./checked.ts";

export function checkChoice(field: ChoiceField, value: unknown, site: Site): Checked {
  return typeof value === "string" && field.options.some((option) => option.value === value)
    ? { value }
    : notOffered(field, site);
}

export function checkChoices(field: ChoicesField, value: unknown, site: Site): Checked {
  if (!Array.isArray(value)) return notOffered(field, site);
  const chosen = value.filter((one): one is string => field.options.some((option) => option.value === one));
  return chosen.length === value.length ? { value: [...new Set(chosen)] } : notOffered(field, site);
}

function notOffered(field: ChoiceField | ChoicesField, site: Site): Checked {
  return refuse("FIELD_OPTION_UNKNOWN", field, site, (name) => [`${name}没有这一选项`, `${name} has no such option`]);
}
