import type { Variables } from "../../engine/expressions/json.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { NamedItem } from "../../engine/approval/items.ts";
import { namedItems } from "../forms/item-decisions.ts";

/** The name of an item by its code. */
export type NameOfItem = (code: string) => Bilingual;

export function bilingualName({ name, nameEn }: NamedItem): Bilingual {
  return { zh: name, en: nameEn ?? name };
}

/** Items by the names that the case noted when it was applied for; what it did not ask for keeps its code. */
export function itemNames(variables: Variables): NameOfItem {
  const names = new Map(namedItems(variables).map((item) => [item.code, bilingualName(item)]));
  return (code) => names.get(code) ?? { zh: code, en: code };
}
