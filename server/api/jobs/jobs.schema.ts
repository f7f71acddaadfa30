import { z } from "zod";
import { instant } from "../shared/common.schema.ts";

export const claimJobsBody = z.object({
  topic: z.string().max(80),
  worker: z.string().max(80),
  leaseMs: z.number().int().min(1000).max(3_600_000).default(60_000),
  max: z.number().int().min(1).max(50).default(10),
});
export const job = z.object({
  id: z.string(),
  instanceId: z.string(),
  element: z.string(),
  topic: z.string(),
  variables: z.record(z.string(), z.unknown()),
  leaseUntil: instant,
  retries: z.number().int(),
});
export const jobList = z.object({ items: z.array(job) });
export const completeJobBody = z.object({
  worker: z.string(),
  variables: z.record(z.string(), z.unknown()).default({}),
});
export const failJobBody = z.object({
  worker: z.string(),
  errorCode: z.string().nullable().default(null),
  message: z.string().max(2000),
});
