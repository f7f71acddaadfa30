import { z } from "zod";

/** How an item is shown to the receiver: its first or last characters, a hash that only tells equal from different, or nothing. */
export const maskSchema = z.discriminatedUnion("how", [
  z.strictObject({ how: z.literal("keepFirst"), count: z.number().int().min(1).max(50) }),
  z.strictObject({ how: z.literal("keepLast"), count: z.number().int().min(1).max(50) }),
  z.strictObject({ how: z.literal("hash") }),
  z.strictObject({ how: z.literal("blank") }),
]);
export type Mask = z.infer<typeof maskSchema>;

/** A smaller part of what was asked for; what is `null` or empty stays as it was asked. */
export const narrowingSchema = z.strictObject({
  /** Division codes; records of these areas alone. */
  regions: z
    .array(z.string().regex(/^\d{6}$/))
    .max(50)
    .default([]),
  /** Records at most. */
  rows: z.number().int().min(1).nullable().default(null),
  from: z.iso.date().nullable().default(null),
  to: z.iso.date().nullable().default(null),
});
export type Narrowing = z.infer<typeof narrowingSchema>;

const code = z.string().min(1).max(80);

/**
 * What was decided on one data item (Regulations on Open Government Information art. 37 by analogy: what can be parted is given).
 * A refusal names its reason code, and cites, reasons and offers what that code asks for.
 */
export const itemDecisionSchema = z.discriminatedUnion("decision", [
  z.strictObject({ code, decision: z.literal("granted") }),
  z.strictObject({
    code,
    decision: z.literal("masked"),
    mask: maskSchema,
    narrowing: narrowingSchema.nullable().default(null),
  }),
  z.strictObject({ code, decision: z.literal("narrowed"), narrowing: narrowingSchema }),
  z.strictObject({
    code,
    decision: z.literal("refused"),
    reasonCode: z.string().max(10),
    citation: z.string().max(500).nullable().default(null),
    reason: z.string().max(2_000).default(""),
    /** The narrower scope that would be granted, where the reason code asks for an offer (R4). */
    offer: narrowingSchema.nullable().default(null),
  }),
]);
export type ItemDecision = z.infer<typeof itemDecisionSchema>;
export const itemDecisionsSchema = z.array(itemDecisionSchema).max(500);

/** What the decisions come to: everything as it was asked, nothing, or something in between. */
export type ItemOutcome = "granted" | "partial" | "refused";

export function overallOutcome(decisions: readonly ItemDecision[]): ItemOutcome {
  if (decisions.every(({ decision }) => decision === "refused")) return "refused";
  return decisions.every(({ decision }) => decision === "granted") ? "granted" : "partial";
}

/** The reason that a decision on the whole application gives, for the items that it does not name one by one. */
export interface WholeReason {
  readonly reasonCode: string;
  readonly citation: string | null;
  readonly reason: string;
}

/** Every item decided alike, as a decision on the whole application means it. */
export function wholeDecision(asked: readonly string[], refusal: WholeReason | null): readonly ItemDecision[] {
  return asked.map((item) =>
    refusal === null
      ? { code: item, decision: "granted" }
      : { code: item, decision: "refused", ...refusal, offer: null },
  );
}

/** What a receiver may have: the items with their masks and limits, and how, how long and for which area. */
export interface DeliverySpecification {
  readonly items: readonly DeliveredItem[];
  /** Division code of the applicant's own area. */
  readonly regionFilter: string;
  readonly mode: string | null;
  readonly frequency: string | null;
  readonly volume: string | null;
  /** First and last day of use, `YYYY-MM-DD`. */
  readonly from: string | null;
  readonly to: string | null;
}

/** An item as an application noted it, so that it keeps its name whatever the catalogue says later. */
export interface NamedItem {
  readonly code: string;
  readonly name: string;
  /** Where the catalogue had one. */
  readonly nameEn?: string | undefined;
}

export interface DeliveredItem extends NamedItem {
  readonly mask: Mask | null;
  readonly narrowing: Narrowing | null;
}

/** What a specification takes over from the application. */
export interface Asked extends Omit<DeliverySpecification, "items"> {
  /** Items by code, with their names. */
  readonly items: readonly NamedItem[];
}

/** The specification that follows from the decisions; items that were refused are not in it. */
export function deliverySpecification(asked: Asked, decisions: readonly ItemDecision[]): DeliverySpecification {
  const items = decisions.flatMap((decided): readonly DeliveredItem[] => {
    if (decided.decision === "refused") return [];
    const named = asked.items.find((item) => item.code === decided.code) ?? { code: decided.code, name: decided.code };
    return [{ ...named, ...limitsOf(decided) }];
  });
  return { ...asked, items };
}

export function limitsOf(
  decided: Exclude<ItemDecision, { decision: "refused" }>,
): Pick<DeliveredItem, "mask" | "narrowing"> {
  switch (decided.decision) {
    case "granted":
      return { mask: null, narrowing: null };
    case "masked":
      return { mask: decided.mask, narrowing: decided.narrowing };
    case "narrowed":
      return { mask: null, narrowing: decided.narrowing };
  }
}
