import { z } from "zod";
import { pauseReasons } from "./pause-reasons.ts";
import { bilingualText, ruleSourceSchema } from "./rule-source.ts";

/** A supplement is asked for of the applicant, once and with everything at once; a suspension never stands for it. */
const restingReasons = pauseReasons.filter((reason) => reason !== "supplement");

/** Why a case may be suspended, and what that does to its clocks. */
export const suspensionCauseSchema = z.strictObject({
  code: z.string().regex(/^[a-z][A-Za-z]*$/),
  name: bilingualText,
  /** Clocks rest whose limit excludes this reason (`excludes`); `null` where all of them run on. */
  rests: z.enum(restingReasons).nullable(),
  /** False in a lower region's pack: there a case may not be suspended for it. */
  allowed: z.boolean().default(true),
  rules: z.array(z.string()).default([]),
  source: ruleSourceSchema,
  verified: z.boolean(),
});
export type SuspensionCause = z.infer<typeof suspensionCauseSchema>;

/** The reason that no limit excludes: a suspension during which every clock runs on. */
export const clocksRunOn = "clocksRunOn";

interface Causes {
  readonly suspensionCauses: readonly SuspensionCause[];
}

/**
 * The causes at a place: those of the topmost pack that names any, narrowed by the packs below it (`chain` from the region up to
 * the country). A lower region may forbid a cause, let the clocks run on, or add causes for which they do; it never lets a clock
 * rest that ran above, which would lengthen a limit.
 */
export function suspensionCausesOf(
  chain: readonly string[],
  packs: ReadonlyMap<string, Causes>,
): readonly SuspensionCause[] {
  const causes = new Map<string, SuspensionCause>();
  for (const region of chain.toReversed()) {
    const own = packs.get(region)?.suspensionCauses ?? [];
    const isTopmost = causes.size === 0;
    for (const cause of own) {
      const above = causes.get(cause.code);
      const isKept = isTopmost || above?.rests === cause.rests;
      causes.set(cause.code, {
        ...cause,
        rests: isKept ? cause.rests : null,
        allowed: cause.allowed && (above?.allowed ?? true),
      });
    }
  }
  return [...causes.values()];
}
