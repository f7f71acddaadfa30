import { z } from "zod";
import { bilingual, instant, organisationRef, pageOf, pageQuery, routeExplanation } from "../shared/common.schema.ts";

/** Application form of domain rule a5. */
export const applicationRequest = z.object({
  items: z.array(z.string()).min(1),
  purpose: z.string().min(10).max(2000),
  matter: z.string().min(2).max(200),
  legalBasis: z.string().min(4).max(1000),
  scope: z.string().min(2).max(1000),
  mode: z.enum(["verify", "query", "batch", "file", "view"]),
  frequency: z.enum(["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "once"]),
  from: z.iso.date(),
  to: z.iso.date(),
  volume: z.string().max(200),
  personalInfo: z.enum(["none", "pi", "sensitive", "tenMillion"]),
  security: z.array(z.enum(["accessControl", "log", "desensitise", "encryption", "storage", "disposal"])),
  outsourced: z.boolean(),
  emergency: z.enum(["none", "I", "II", "III", "IV"]).default("none"),
  kind: z.enum(["new", "renew", "widen", "narrow"]).default("new"),
  commitment: z.literal(true),
});

export const applicationBody = z.object({
  resourceId: z.string(),
  organisationId: z.string(),
  request: applicationRequest,
});
export const previewBody = z.object({
  resourceId: z.string(),
  organisationId: z.string(),
  request: applicationRequest
    .pick({ mode: true, personalInfo: true, emergency: true, kind: true, outsourced: true })
    .partial(),
});

/** "Which route will apply, why, and how long it may take", by the evaluator that the engine uses. */
export const routePreview = z.object({
  process: z.object({ key: z.string(), name: bilingual }),
  sentence: bilingual,
  hops: z.array(organisationRef),
  steps: z.array(
    z.object({
      element: z.string(),
      name: bilingual,
      organisation: organisationRef.nullable(),
      perform: z.boolean(),
      limit: z.object({ code: z.string(), value: z.number(), unit: z.string(), verified: z.boolean() }).nullable(),
      explanation: routeExplanation.nullable(),
      problem: bilingual.nullable(),
    }),
  ),
  endToEnd: z
    .object({
      value: z.number(),
      unit: z.string(),
      dueAt: instant.nullable(),
      confidence: z.enum(["official", "provisional", "unknown"]),
    })
    .nullable(),
});
export type RoutePreview = z.infer<typeof routePreview>;

export const applicationState = z.enum(["running", "granted", "refused", "withdrawn", "closed"]);

export const applicationSummary = z.object({
  id: z.string(),
  number: z.string(),
  instanceId: z.string(),
  resource: z.object({ id: z.string(), code: z.string(), name: bilingual }),
  applicant: organisationRef,
  provider: organisationRef,
  state: applicationState,
  submittedAt: instant,
  dueAt: instant.nullable(),
  currentSteps: z.array(z.object({ element: z.string(), name: z.string(), organisation: organisationRef.nullable() })),
  /** Organisations in the order the case travels, with the one that holds it now marked. */
  path: z.array(z.object({ organisation: organisationRef, state: z.enum(["done", "now", "next"]) })),
});
export type ApplicationSummary = z.infer<typeof applicationSummary>;
export const applicationPage = pageOf(applicationSummary);
export const applicationQuery = pageQuery.extend({ state: applicationState.optional() });
export const applicationDetail = applicationSummary.extend({
  request: applicationRequest,
  delivery: z
    .object({
      grantedItems: z.array(z.string()),
      regionFilter: z.string(),
      deliveredAt: instant.nullable(),
      acceptedAt: instant.nullable(),
      endsAt: z.iso.date().nullable(),
    })
    .nullable(),
});
