import { z } from "zod";
import { bilingual, instant, level, organisationRef, routeExplanation, ruleSource } from "../shared/common.schema.ts";
import { previewBody } from "../applications/applications.schema.ts";

const confidence = z.enum(["official", "provisional", "unknown"]);

export const whatIfBody = previewBody.extend({
  /** Day of submission; today where it is left out. */
  date: z.iso.date().optional(),
  /** Sets the same case of departments at the other levels beside it. */
  besideOtherLevels: z.boolean().default(false),
});

/** What may be asked about: departments that apply, and route tables that may be changed. */
export const whatIfOptions = z.object({
  applicants: z.array(organisationRef),
  tables: z.array(z.object({ process: z.string(), region: z.string() })),
});
export type WhatIfOptions = z.infer<typeof whatIfOptions>;

const walkEnd = z.object({
  how: z.enum(["ended", "incident", "depends", "waits", "endless"]),
  element: z.string().nullable(),
  name: bilingual.nullable(),
  message: z.string().nullable(),
});

const imaginedLimit = z.object({
  code: z.string(),
  value: z.number(),
  unit: z.enum(["workday", "workhour", "hour", "day"]),
  promised: z.number().nullable(),
  source: ruleSource,
  verified: z.boolean(),
});

export const imaginedStep = z.object({
  element: z.string(),
  name: bilingual,
  visit: z.number().int(),
  organisation: organisationRef.nullable(),
  role: bilingual.nullable(),
  limit: imaginedLimit.nullable(),
  /** A range where it depends on how soon the steps before are done. */
  due: z.object({ earliest: instant.nullable(), latest: instant.nullable(), confidence: confidence.nullable() }),
  outcome: bilingual.nullable(),
  explanation: routeExplanation.nullable(),
});

/** The way of one case, imagined. `problem` tells why there is none. */
export const imaginedCase = z.object({
  applicant: organisationRef,
  process: z.object({ key: z.string(), name: bilingual }).nullable(),
  problem: bilingual.nullable(),
  steps: z.array(imaginedStep),
  skipped: z.array(z.object({ element: z.string(), name: bilingual, sentence: bilingual })),
  end: walkEnd.nullable(),
  deviations: z.array(
    z.object({
      element: z.string(),
      name: bilingual,
      outcome: bilingual,
      steps: z.array(bilingual),
      end: walkEnd,
    }),
  ),
  total: z
    .object({
      workingDays: z.number().int(),
      endsBy: instant.nullable(),
      promisedBy: instant.nullable(),
      promised: z.object({ code: z.string(), value: z.number(), unit: z.string() }).nullable(),
      withinPromise: z.boolean(),
    })
    .nullable(),
});
export type ImaginedCaseView = z.infer<typeof imaginedCase>;

/** The case asked about first, then the same of other levels. */
export const whatIfAnswer = z.object({ date: z.iso.date(), cases: z.array(imaginedCase) });
export type WhatIfAnswer = z.infer<typeof whatIfAnswer>;

export const gridCell = z.object({
  applicantLevel: level,
  levelRelation: z.string(),
  regionRelation: z.string(),
  shareClass: z.string(),
  grade: z.number().int(),
  name: bilingual,
  process: z.string(),
  applicant: organisationRef,
  provider: organisationRef,
  verdict: z.enum(["covered", "uncovered", "endless", "overLimit"]),
  place: z.string().nullable(),
  message: z.string().nullable(),
  workingDays: z.number().int().nullable(),
});
export const gridAnswer = z.object({
  asOf: instant,
  cells: z.array(gridCell),
  /** Combinations that no two departments of the directory stand for. */
  withoutCase: z.number().int(),
});
export type GridAnswer = z.infer<typeof gridAnswer>;

export const replayBody = z.object({
  process: z.string().max(40),
  region: z.string().max(6),
  /** The changed route table, DMN 1.3. */
  dmn: z.string().min(1).max(1_000_000),
  last: z.number().int().min(1).max(500).default(100),
});
export const replayAnswer = z.object({
  looked: z.number().int(),
  changed: z.array(
    z.object({
      instanceId: z.string(),
      caseNumber: z.string(),
      changes: z.array(
        z.object({
          element: z.string(),
          name: z.string(),
          change: z.enum(["added", "removed", "actor", "limit"]),
          from: z.string().nullable(),
          to: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type ReplayAnswer = z.infer<typeof replayAnswer>;
