import { z } from "zod";

export const messageBody = z.object({
  name: z.string().max(200),
  correlationKey: z.string().max(200).nullable().default(null),
  variables: z.record(z.string(), z.unknown()).default({}),
});
export const messageResult = z.object({ instanceIds: z.array(z.string()) });
