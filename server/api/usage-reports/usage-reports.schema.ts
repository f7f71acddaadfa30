import { z } from "zod";
import { bilingual } from "../shared/common.schema.ts";

export const usageReport = z.object({
  /** The platform's own id; the same id again counts once. */
  id: z.string().min(1).max(100),
  caseNumber: z.string().max(60),
  day: z.iso.date(),
  calls: z.number().int().min(0).max(2_000_000_000),
  rows: z.number().int().min(0).max(2_000_000_000),
  items: z.array(z.string().max(80)).max(500),
  region: z.string().max(6).nullable().default(null),
});
export const usageReportsBody = z.object({ reports: z.array(usageReport).min(1).max(500) });
export const usageReportResults = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      result: z.enum(["taken", "repeated", "unknownCase"]),
      /** In what the use exceeded its grant. */
      excesses: z.array(bilingual),
      suspended: z.boolean(),
    }),
  ),
});
