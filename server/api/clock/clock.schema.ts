import { z } from "zod";
import { instant } from "../shared/common.schema.ts";

/** Demo and test installations only: moves the server's clock forward and fires what falls due, in due order. */
export const moveClockBody = z.union([
  z.object({ advance: z.string().regex(/^P/) }),
  z.object({ advanceTo: instant }),
  z.object({ advanceToNextTimer: z.literal(true) }),
]);
export const clockNow = z.object({ now: instant, fired: z.number().int() });
