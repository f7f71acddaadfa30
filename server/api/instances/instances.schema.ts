import { z } from "zod";
import { filledForm } from "../shared/filled.schema.ts";
import {
  bilingual,
  clockView,
  instant,
  organisationRef,
  pageOf,
  pageQuery,
  routeExplanation,
} from "../shared/common.schema.ts";

export const instanceSummary = z.object({
  id: z.string(),
  caseNumber: z.string(),
  subject: bilingual,
  process: z.object({ key: z.string(), name: bilingual, definitionId: z.string(), version: z.number().int() }),
  status: z.enum(["running", "suspended", "completed", "terminated", "cancelled"]),
  incidents: z.number().int(),
  applicant: organisationRef,
  provider: organisationRef,
  startedAt: instant,
  endedAt: instant.nullable(),
  dueAt: instant.nullable(),
  signal: z.enum(["ok", "soon", "overdue", "paused", "done"]),
});
export const instanceQuery = pageQuery.extend({
  status: instanceSummary.shape.status.optional(),
  search: z.string().max(100).optional(),
  definitionId: z.string().optional(),
});
export const instancePage = pageOf(instanceSummary);

/** One line of a case's history, written so that a person can read it. */
export const historyLine = z.object({
  seq: z.number().int(),
  at: instant,
  type: z.string(),
  element: z.string().nullable(),
  elementName: z.string().nullable(),
  /** Nothing automatic is written as a person's decision. */
  actor: z.object({
    kind: z.enum(["person", "substitute", "system", "worker"]),
    name: z.string(),
    organisation: organisationRef.nullable(),
  }),
  sentence: bilingual,
  opinion: z.string().nullable(),
  reasonCode: z.string().nullable(),
});
export type HistoryLine = z.infer<typeof historyLine>;

/** Something else that a case is about: its grant, or the case that it came from. */
export const relatedTo = z.object({ kind: z.enum(["grant", "case"]), id: z.string(), number: z.string() });

export const instanceDetail = instanceSummary.extend({
  /** Without what this reader may not see. */
  variables: z.record(z.string(), z.unknown()),
  related: z.array(relatedTo),
  filled: z.array(filledForm),
  path: z.array(z.object({ organisation: organisationRef, state: z.enum(["done", "now", "next"]) })),
  /** Element ids for the picture. */
  picture: z.object({
    active: z.array(z.string()),
    completed: z.array(z.string()),
    flows: z.array(z.string()),
    incidents: z.array(z.string()),
  }),
  steps: z.array(
    z.object({
      taskId: z.string().nullable(),
      element: z.string(),
      /** `decide`, or what somebody was asked for beside it: delegated, consult, coHandle. */
      kind: z.string(),
      name: bilingual,
      organisation: organisationRef.nullable(),
      assignee: z.string().nullable(),
      state: z.enum(["open", "waiting", "completed", "cancelled", "skipped"]),
      /** Of a cancelled step: what ended it, where that is known. */
      closed: bilingual.nullable(),
      outcome: z.string().nullable(),
      enteredAt: instant,
      leftAt: instant.nullable(),
      explanation: routeExplanation.nullable(),
    }),
  ),
  clocks: z.array(clockView),
  history: z.array(historyLine),
  openIncidents: z.array(
    z.object({ token: z.string(), element: z.string(), code: z.string(), message: z.string(), at: instant }),
  ),
});
export type InstanceDetail = z.infer<typeof instanceDetail>;
