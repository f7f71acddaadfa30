import { z } from "zod";
import {
  bilingual,
  instant,
  organisationRef,
  pageOf,
  pageQuery,
  personRef,
  routeExplanation,
  ruleSource,
} from "../shared/common.schema.ts";
import { objection } from "../tasks/tasks.schema.ts";

/** One decision: who took it, in which capacity, on what basis, having seen what, and why. */
export const decisionRecord = z.object({
  id: z.string(),
  at: instant,
  instanceId: z.string(),
  caseNumber: z.string(),
  subject: bilingual,
  element: z.string(),
  step: bilingual,
  person: personRef,
  organisation: organisationRef,
  /** The post in which the person acted. */
  role: z.string(),
  roleName: bilingual,
  outcome: z.string().nullable(),
  outcomeName: bilingual.nullable(),
  reasonCode: z.string().nullable(),
  citation: z.string().nullable(),
  opinion: z.string().nullable(),
  objection: objection.nullable(),
  explanation: routeExplanation.nullable(),
  limit: z
    .object({
      code: z.string(),
      value: z.number(),
      unit: z.enum(["workday", "workhour", "hour", "day"]),
      source: ruleSource,
      verified: z.boolean(),
      packRegion: z.string(),
      packVersion: z.string(),
    })
    .nullable(),
  /** Who chose the person for the step; `null` where the role alone made them act. */
  chosenBy: z.object({ name: z.string(), reason: z.string().nullable() }).nullable(),
  /** What the person chose by hand with the decision. */
  chose: z
    .object({
      branch: z.object({ name: bilingual, ruled: bilingual }).nullable(),
      people: z.array(z.object({ step: bilingual, names: z.array(z.string()) })),
      reason: z.string().nullable(),
    })
    .nullable(),
  /** What lay before the person, by hash of its content then. */
  seen: z.array(z.object({ kind: z.enum(["application", "resource", "form"]), part: z.string(), hash: z.string() })),
  /** Hash of what the person wrote into the step's form. */
  written: z.string(),
  definitionId: z.string(),
  ruleSetId: z.string(),
  /** Of the whole record; the case's journal holds it too. */
  hash: z.string(),
});
export type DecisionRecord = z.infer<typeof decisionRecord>;

const scope = z.object({
  /** A person's id; left out together with `instance` it is the reader. */
  person: z.string().max(80).optional(),
  instance: z.string().max(80).optional(),
  /** Days in China Standard Time, both included. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export const ledgerQuery = scope.extend(pageQuery.shape);
export const ledgerPage = pageOf(decisionRecord);
export const exportQuery = scope.extend({
  format: z.enum(["json", "csv"]).default("json"),
  language: z.enum(["zh", "en"]).default("zh"),
});

/** What is handed out: the records with what proves them. */
export const dossier = z.object({
  exportedAt: instant,
  exportedBy: personRef,
  person: personRef.nullable(),
  instanceId: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  algorithm: z.string(),
  records: z.array(decisionRecord),
  /** Last line of each case's journal at the time of the export: whoever holds it can tell later whether the chain was cut. */
  anchors: z.array(z.object({ instanceId: z.string(), seq: z.number().int(), hash: z.string() })),
});
export type Dossier = z.infer<typeof dossier>;
