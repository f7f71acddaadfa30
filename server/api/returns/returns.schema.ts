import { z } from "zod";
import { bilingual, instant, organisationRef } from "../shared/common.schema.ts";

const reason = z.string().trim().min(1).max(500);
export const afterwards = z.enum(["backToMe", "walkAgain"]);

/** One thing that is wrong. All of them are told at once. */
export const defect = z.strictObject({
  place: z.string().trim().min(1).max(200),
  what: z.string().trim().min(1).max(1000),
  basis: z.string().trim().min(1).max(500),
});

export const returnBody = z.strictObject({
  to: z.union([z.enum(["applicant", "previous"]), z.strictObject({ element: z.string().max(120) })]),
  afterwards,
  defects: z.array(defect).min(1).max(100),
  reason,
  rev: z.number().int(),
  /** Tasks of others that will end and that the returner has seen. */
  confirmedSiblings: z.array(z.string().max(64)).max(200).default([]),
});
export type ReturnBody = z.infer<typeof returnBody>;

/** A return that is only imagined needs no defects yet. */
export const previewBody = returnBody.pick({ to: true, afterwards: true });

const step = z.object({ element: z.string(), name: bilingual });
const sibling = step.extend({ task: z.string(), organisation: organisationRef, assignee: z.string().nullable() });

export const returnTargets = z.object({
  targets: z.array(
    step.extend({
      kind: z.enum(["applicant", "previous", "element"]),
      supplement: z.boolean(),
      /** What is usual for such a return. */
      afterwards,
      /** Why the case could not come straight back from there; `null` where it can. */
      noWayBack: bilingual.nullable(),
      siblings: z.array(sibling),
    }),
  ),
  refused: z.array(step.extend({ code: z.string(), because: bilingual })),
  supplement: z.object({ used: z.boolean(), permitted: z.boolean() }),
});
export type ReturnTargets = z.infer<typeof returnTargets>;

export const returnPreview = z.object({
  target: step,
  fallen: z.array(
    step.extend({ task: z.string(), who: z.string().nullable(), outcome: bilingual, decidedAt: instant }),
  ),
  /** Who acts, in this order; the last ones after the correction. */
  acting: z.array(
    step.extend({ organisation: organisationRef, role: bilingual, person: z.string().nullable(), again: z.boolean() }),
  ),
  clocks: z.array(
    z.object({
      limit: z.string(),
      name: bilingual,
      dueBefore: instant.nullable(),
      dueAfter: instant.nullable(),
      effect: z.enum(["started", "paused", "stopped", "goesOn", "restarted", "moved"]),
      /** What happens to it when its step is entered again; `null` where it is not left. */
      later: z.enum(["resume", "restart"]).nullable(),
    }),
  ),
  siblings: z.array(sibling),
  supplement: z.object({ uses: z.boolean(), used: z.boolean(), permitted: z.boolean() }),
});
export type ReturnPreview = z.infer<typeof returnPreview>;

/** The application as its applicant may correct it. */
export const correctionView = z.object({
  /** `engine/forms/form.ts`, with the rights of the step, choices and bounds filled in. */
  form: z.record(z.string(), z.unknown()),
  /** What conditions may ask of the case. */
  facts: z.record(z.string(), z.unknown()),
  today: z.iso.date(),
  values: z.record(z.string(), z.unknown()),
  /** What may only be read. */
  fixed: z.record(z.string(), z.unknown()),
});
export type CorrectionView = z.infer<typeof correctionView>;

/** One field that says something else than before. */
export const fieldChange = z.object({
  path: z.string(),
  /** The step whose form it is; `null` for the application. */
  step: bilingual.nullable(),
  label: bilingual,
  before: z.unknown(),
  after: z.unknown(),
  /** `engine/forms/form.ts`, with the names of what can be chosen, to read the values by. */
  field: z.record(z.string(), z.unknown()),
  /** Of a table, what became of each row; `null` for what is no table. */
  rows: z.array(z.object({ row: z.string(), type: z.enum(["added", "removed", "changed"]) })).nullable(),
  material: z.boolean(),
});
export type FieldChangeView = z.infer<typeof fieldChange>;

export const changes = z.object({
  /** The latest return of the case; `null` where it was never returned. */
  returned: z
    .object({
      at: instant,
      by: z.string(),
      reason: z.string(),
      defects: z.array(defect),
      afterwards,
      state: z.enum(["open", "corrected", "over"]),
      correctedAt: instant.nullable(),
    })
    .nullable(),
  /** The form to correct the application by, for whoever may do so at this task; else `null`. */
  correction: correctionView.nullable(),
  changes: z.array(fieldChange),
});
export type Changes = z.infer<typeof changes>;

export const takeBackBody = z.strictObject({ rev: z.number().int(), reason: reason.nullable().default(null) });
export const permitBody = z.strictObject({ rev: z.number().int(), reason });

/** Fields of the application that a correction gives anew; `null` empties one. */
export const correctionBody = z.strictObject({
  rev: z.number().int(),
  request: z.record(z.string().min(1).max(60), z.unknown()),
});
export type CorrectionBody = z.infer<typeof correctionBody>;
