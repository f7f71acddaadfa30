import type { ItemReason } from "../approval/item-problems.ts";
import type { DecidedItems, IsWithin } from "../approval/item-narrowing.ts";
import type { Variables } from "../expressions/json.ts";
import type { WorkingDayCalendar } from "../calendar/working-days.ts";

/** A file as it is named in a form: kept elsewhere by its content, and looked up by its id. */
export interface AttachmentRef {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Media type, as it was found in the content. */
  readonly type: string;
}

/**
 * Why a file that the person uploaded may not be referred to: it was sent with something else already, nobody has looked for
 * harmful content in it yet, or such content was found.
 */
export type AttachmentFault = "elsewhere" | "pending" | "infected";

/** What a form's values are checked against. The browser leaves to the server what it cannot know (`null`). */
export interface FormContext {
  /** Prefix of the places of problems, such as `form`. */
  readonly place: string;
  /** What conditions may ask besides the fields (`reading/condition-problems.ts`). */
  readonly facts: Variables;
  /** Values of the fields that may only be read: conditions and bounds of others ask them. Left out where there are none. */
  readonly fixed?: Variables;
  /** Today in China, `YYYY-MM-DD`. */
  readonly today: string;
  /** Calendar of the region that acts, for bounds in working days. */
  readonly calendar: WorkingDayCalendar | null;
  /** Longest use that the region's rule pack allows, in months; `null` where it says nothing. */
  readonly longestUseMonths: number | null;
  /** The attachment of that id, if the person may refer to it; `null` for one that does not exist or is another's. */
  readonly attachment: ((id: string) => AttachmentRef | AttachmentFault | null) | null;
  readonly reasons: readonly ItemReason[];
  /** Items as an earlier step decided them, with the region that decides now. */
  readonly decided: {
    readonly earlier: DecidedItems | null;
    readonly region: string;
    readonly isWithin: IsWithin;
  } | null;
}
