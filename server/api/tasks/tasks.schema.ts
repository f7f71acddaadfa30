import { z } from "zod";
import { defect } from "../returns/returns.schema.ts";
import { operationNames, workKinds } from "../../../engine/approval/operations.ts";
import { filledForm } from "../shared/filled.schema.ts";
import { policyKinds, policyParameters } from "../../../engine/approval/policy.ts";
import { resultReasons } from "../../../engine/approval/tally.ts";
import {
  bilingual,
  clockView,
  instant,
  organisationRef,
  pageOf,
  pageQuery,
  personRef,
  routeExplanation,
} from "../shared/common.schema.ts";

/** `waiting`: delegated to others, or waiting for a signer, and still one's own to answer for. */
export const taskView = z.enum(["mine", "unclaimed", "waiting", "done"]);
export const taskQuery = pageQuery.extend({
  view: taskView.default("mine"),
  search: z.string().max(100).optional(),
  signal: z.enum(["soon", "overdue"]).optional(),
});

export const taskSummary = z.object({
  id: z.string(),
  instanceId: z.string(),
  caseNumber: z.string(),
  element: z.string(),
  name: bilingual,
  /** Resource asked for. */
  subject: bilingual,
  state: z.enum(["open", "waiting", "completed", "cancelled"]),
  /** `decide`, or what was asked of one: the answer is no decision. */
  kind: z.enum(workKinds),
  organisation: organisationRef,
  role: z.string(),
  assignee: personRef.nullable(),
  /** Who asked for this piece of work. */
  askedBy: personRef.nullable(),
  /** For whom the reader would act as a substitute; after it was done, for whom it was. */
  onBehalfOf: personRef.nullable(),
  /** How often it was handed on. */
  transfers: z.number().int(),
  applicant: organisationRef,
  createdAt: instant,
  completedAt: instant.nullable(),
  outcome: z.string().nullable(),
  dueAt: instant.nullable(),
  signal: z.enum(["ok", "soon", "overdue", "paused", "done"]),
  /** Working days (or hours) left in the limit's unit; negative when overdue. */
  left: z.number().nullable(),
  unit: z.enum(["workday", "workhour", "hour", "day"]).nullable(),
  dueConfidence: z.enum(["official", "provisional", "unknown"]).nullable(),
  /** Read-only otherwise. Grows with each change of the row. */
  rev: z.number().int(),
});
export type TaskSummary = z.infer<typeof taskSummary>;
/** Sorted by due time, the paused last; `counts` are of the whole view, not of the page. */
export const taskPage = pageOf(taskSummary).extend({
  counts: z.object({
    mine: z.number().int(),
    unclaimed: z.number().int(),
    waiting: z.number().int(),
    overdue: z.number().int(),
    soon: z.number().int(),
  }),
});

/** What was asked of others under a task, with their answers. */
export const workItem = z.object({
  id: z.string(),
  kind: z.enum(workKinds),
  state: z.enum(["open", "waiting", "completed", "cancelled"]),
  assignee: personRef.nullable(),
  onBehalfOf: personRef.nullable(),
  organisation: organisationRef,
  askedBy: personRef.nullable(),
  question: z.string(),
  answer: z.string().nullable(),
  dueAt: instant.nullable(),
  createdAt: instant,
  completedAt: instant.nullable(),
  rev: z.number().int(),
  mayDismiss: z.boolean(),
});
export type WorkItem = z.infer<typeof workItem>;

/** One change of hands. */
export const custodyStep = z.object({
  at: instant,
  type: z.enum(["claimed", "released", "assigned", "transferred", "handedOver", "freed"]),
  by: z.string(),
  from: personRef.nullable(),
  to: personRef.nullable(),
  reason: z.string().nullable(),
});

/** What the reader may do with the task now, and otherwise why not. */
export const operationVerdict = z.object({
  operation: z.enum(operationNames),
  name: bilingual,
  allowed: z.boolean(),
  needsReason: z.boolean(),
  code: z.string().nullable(),
  message: bilingual.nullable(),
});

/** A code with the words that people read. */
const term = z.object({ code: z.string(), name: bilingual });

/** How several persons sign the step. */
const tally = z.object({
  for: z.number(),
  against: z.number(),
  abstain: z.number(),
  open: z.number(),
  total: z.number(),
});

export const signingView = z.object({
  policy: z.enum(policyKinds),
  name: bilingual,
  parameters: policyParameters,
  tally,
  /** How the votes stand to each item; `decided` once the round has its result. Empty where the step decides no items. */
  items: z.array(
    z.object({ code: z.string(), name: bilingual, tally, decided: z.record(z.string(), z.unknown()).nullable() }),
  ),
  result: z.object({ outcome: term.nullable(), reason: z.enum(resultReasons) }).nullable(),
  signers: z.array(
    z.object({
      id: z.string(),
      /** Their piece of work, once they are asked. */
      taskId: z.string().nullable(),
      rev: z.number().int(),
      name: z.string().nullable(),
      organisation: organisationRef,
      role: term,
      weight: z.number(),
      required: z.boolean(),
      veto: z.boolean(),
      counts: z.boolean(),
      state: z.enum(["pending", "active", "waiting", "held", "signed", "notNeeded", "removed", "absent"]),
      outcome: term.nullable(),
      opinion: z.string().nullable(),
      addedBy: z.string().nullable(),
      place: z.enum(["before", "beside", "after"]).nullable(),
      mayRemove: z.boolean(),
      mayExcuse: z.boolean(),
    }),
  ),
});
export type SigningView = z.infer<typeof signingView>;

export const taskDetail = taskSummary.extend({
  /** The step's form (`engine/forms/form.ts`) with rights, choices and bounds filled in; null where the step has none. */
  form: z.record(z.string(), z.unknown()).nullable(),
  /** Today in China, for the bounds of dates. */
  today: z.iso.date(),
  /** Values for the form's fields: the application and what earlier steps wrote. */
  data: z.record(z.string(), z.unknown()),
  /** The same to be read: each form that was filled in, with its labels. */
  filled: z.array(filledForm),
  outcomes: z.array(
    z.object({
      code: z.string(),
      label: bilingual,
      needsReasonCode: z.boolean(),
      needsOpinion: z.boolean(),
      /** The only reasons that this outcome may have; `null` for any. */
      reasonCodes: z.array(z.string()).nullable(),
      tone: z.enum(["positive", "negative", "neutral"]),
    }),
  ),
  reasonCodes: z.array(
    z.object({
      code: z.string(),
      name: bilingual,
      needs: bilingual,
      minimumReasonLength: z.number().int(),
      needsCitation: z.boolean(),
      /** What the refusal must offer instead. */
      offers: z.enum(["nothing", "narrowerScope", "holder", "existingGrant", "separablePart"]),
      tellsDisputeRoute: z.boolean(),
    }),
  ),
  clocks: z.array(clockView),
  explanation: routeExplanation.nullable(),
  definitionId: z.string(),
  /** What was asked, for a piece of work that is no decision. */
  question: z.string().nullable(),
  /** The task under which it was asked for. */
  parentId: z.string().nullable(),
  operations: z.array(operationVerdict),
  work: z.array(workItem),
  custody: z.array(custodyStep),
  signing: signingView.nullable(),
  /** Whether the process lets the handler of this step choose a branch or people, and no rule takes it away. */
  chooses: z.boolean(),
  /** Why this reader may not act now; null where they may. */
  blocked: bilingual.nullable(),
  /** What the reader may take back here: the open task that followed their decision (`withdraw` it), or what stands in the way. */
  takingBack: z.object({ taskId: z.string(), rev: z.number().int(), refused: bilingual.nullable() }).nullable(),
});
export type TaskDetail = z.infer<typeof taskDetail>;

/** Told upward in writing and instructed to go on (Civil Servant Law art. 60); enters the responsibility ledger. */
export const objection = z.strictObject({
  statement: z.string().trim().min(1).max(2000),
  superior: z.string().trim().min(1).max(100),
  instruction: z.string().trim().min(1).max(2000),
});

/** What the handler chooses by hand, where the process lets them: another branch than the rule's, the people of later steps. */
export const manualChoice = z.strictObject({
  /** Id of the sequence flow; `null` leaves it to the rule. */
  branch: z.string().max(200).nullable().default(null),
  /** Ids of persons by the element of the step that they are to act at. */
  people: z.record(z.string().max(200), z.array(z.string().max(64)).max(100)).default({}),
  /** Needed for another branch than the rule's, and for people whom nobody asked to choose. */
  reason: z.string().max(2000).default(""),
});

export const completeBody = z.object({
  outcome: z.string().max(60).nullable(),
  reasonCode: z.string().max(10).nullable().default(null),
  /** Law or catalogue condition cited, where the reason code needs one. */
  citation: z.string().max(500).nullable().default(null),
  opinion: z.string().max(4000).default(""),
  /** Values of the step's own form fields; unknown fields are refused. */
  form: z.record(z.string(), z.unknown()).default({}),
  objection: objection.nullable().default(null),
  /** With a request for a supplement: everything that is lacking, told at once. */
  defects: z.array(defect).max(100).default([]),
  choice: manualChoice.nullable().default(null),
  /** Revision that the decision was taken on; a newer one answers 409. */
  rev: z.number().int(),
});
export const revBody = z.object({ rev: z.number().int() });
