import { z } from "zod";
import { instant } from "../shared/common.schema.ts";

/** Server-sent events at `/api/events`: what changed, only of things the listener may see; fetch to learn more. */
export const liveEvent = z.object({
  id: z.string(),
  at: instant,
  type: z.enum(["task", "instance", "sla", "definition", "clock", "notice"]),
  instanceId: z.string().nullable(),
  taskId: z.string().nullable(),
});
export type LiveEvent = z.infer<typeof liveEvent>;
