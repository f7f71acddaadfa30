import type { ItemDecision, Narrowing } from "../../../engine/approval/items.ts";

/** A decision on an item while it is being filled in. */
export type ItemDraft = ItemDecision;

export const kinds = ["granted", "masked", "narrowed", "refused"] as const satisfies readonly ItemDraft["decision"][];

export const unnarrowed: Narrowing = { regions: [], rows: null, from: null, to: null };

/** A decision of a kind, with nothing said yet of what it needs. */
export function blankDecision<K extends ItemDraft["decision"]>(
  code: string,
  decision: K,
): Extract<ItemDraft, { decision: K }>;
export function blankDecision(code: string, decision: ItemDraft["decision"]): ItemDraft {
  switch (decision) {
    case "granted":
      return { code, decision };
    case "masked":
      return { code, decision, mask: { how: "keepLast", count: 4 }, narrowing: null };
    case "narrowed":
      return { code, decision, narrowing: unnarrowed };
    case "refused":
      return { code, decision, reasonCode: "", citation: null, reason: "", offer: null };
  }
}
