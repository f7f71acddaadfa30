import { z } from "zod";
import { deliverySpecification } from "../shared/delivery.schema.ts";
import { filledForm } from "../shared/filled.schema.ts";
import { bilingual, instant, organisationRef, pageOf, pageQuery, routeExplanation } from "../shared/common.schema.ts";

/** What is filled into the application form: its definition checks it (`processes/forms/application.json`). */
export const applicationRequest = z.record(z.string(), z.unknown());

/** The form of an application for one resource by one department, with what it begins with. */
export const applicationFormQuery = z.object({ resource: z.string().max(64), organisation: z.string().max(64) });
export const applicationFormView = z.object({
  process: z.object({ key: z.string(), definitionId: z.string() }),
  /** `engine/forms/form.ts`, with choices and bounds filled in. */
  form: z.record(z.string(), z.unknown()),
  /** What conditions may ask of the case. */
  facts: z.record(z.string(), z.unknown()),
  today: z.iso.date(),
  values: z.record(z.string(), z.unknown()),
  applicant: organisationRef.extend({ uscc: z.string() }),
});
export type ApplicationFormView = z.infer<typeof applicationFormView>;

export const applicationBody = z.object({
  resourceId: z.string(),
  organisationId: z.string(),
  request: applicationRequest,
});
export const previewBody = z.object({
  resourceId: z.string(),
  organisationId: z.string(),
  /** Only what routes ask about; other fields of the form make no difference here. */
  request: z.object({
    mode: z.string().optional(),
    personalInfo: z.string().optional(),
    emergency: z.string().optional(),
    kind: z.string().optional(),
    outsourced: z.boolean().optional(),
  }),
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
  currentSteps: z.array(z.object({ element: z.string(), name: bilingual, organisation: organisationRef.nullable() })),
  /** Organisations in the order the case travels, with the one that holds it now marked. */
  path: z.array(z.object({ organisation: organisationRef, state: z.enum(["done", "now", "next"]) })),
});
export type ApplicationSummary = z.infer<typeof applicationSummary>;
export const applicationPage = pageOf(applicationSummary);
export const applicationQuery = pageQuery.extend({ state: applicationState.optional() });
export const applicationDetail = applicationSummary.extend({
  /** Without what this reader may not see. */
  request: applicationRequest,
  /** The same to be read, with its labels; null for a case of a process without an application form. */
  filled: filledForm.nullable(),
  delivery: z
    .object({
      grantedItems: z.array(z.string()),
      /** What is delivered, item by item; null for what was granted before items were decided one by one. */
      specification: deliverySpecification.nullable(),
      regionFilter: z.string(),
      deliveredAt: instant.nullable(),
      acceptedAt: instant.nullable(),
      endsAt: z.iso.date().nullable(),
    })
    .nullable(),
});
