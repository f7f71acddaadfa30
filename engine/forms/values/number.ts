import type { NumberField } from "../form.ts";
import { invalid, refuse, type Checked, type Site } from "./checked.ts";

export function checkNumber(field: NumberField, value: unknown, site: Site): Checked {
  if (typeof value !== "number" || !Number.isFinite(value)) return invalid(field, site);
  const { min, max, decimals } = field;
  if ((min !== null && value < min) || (max !== null && value > max))
    return refuse("FIELD_OUT_OF_RANGE", field, site, (name) => [
      `${name}须在 ${min ?? "−∞"} 与 ${max ?? "∞"} 之间`,
      `${name} lies between ${min ?? "−∞"} and ${max ?? "∞"}`,
    ]);
  if (decimals !== null && Number(value.toFixed(decimals)) !== value)
    return refuse("FIELD_TOO_PRECISE", field, site, (name) => [
      decimals === 0 ? `${name}须为整数` : `${name}最多 ${decimals} 位小数`,
      decimals === 0 ? `${name} is a whole number` : `${name} has at most ${decimals} digits after the point`,
    ]);
  return { value };
}
