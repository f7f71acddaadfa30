import { z } from "zod";
import { maskSchema, narrowingSchema } from "../../../engine/approval/items.ts";

/** What a receiver may have, item by item (`engine/approval/items.ts`). */
export const deliverySpecification = z.object({
  items: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      nameEn: z.string().optional(),
      mask: maskSchema.nullable(),
      narrowing: narrowingSchema.nullable(),
    }),
  ),
  regionFilter: z.string(),
  mode: z.string().nullable(),
  frequency: z.string().nullable(),
  volume: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type DeliverySpecificationView = z.infer<typeof deliverySpecification>;
