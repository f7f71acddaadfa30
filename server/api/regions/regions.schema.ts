import { z } from "zod";
import { bilingual, level } from "../shared/common.schema.ts";

/** A division by its code, as people know it. */
export const regionView = z.object({
  code: z.string(),
  name: bilingual,
  level,
  /** Code of the division that it lies in; `null` for the country. */
  parent: z.string().nullable(),
});
export type RegionView = z.infer<typeof regionView>;
export const regionList = z.object({ items: z.array(regionView) });
