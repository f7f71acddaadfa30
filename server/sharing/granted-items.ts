import { z } from "zod";
import type { Variables } from "../../engine/expressions/json.ts";

const delivery = z.object({ items: z.array(z.object({ code: z.string() })) });

/** Codes of the items that a case grants, as its delivery specification names them; none before there is one. */
export function grantedItemsOf(variables: Variables): readonly string[] {
  const read = delivery.safeParse(variables["delivery"]);
  return read.success ? read.data.items.map(({ code }) => code) : [];
}
