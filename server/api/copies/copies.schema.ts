import { z } from "zod";
import { bilingual, instant, organisationRef, pageOf, pageQuery, personRef } from "../shared/common.schema.ts";

export const copyBody = z.strictObject({
  /** The task from which it is sent; `null` for overseers. */
  task: z
    .strictObject({ id: z.string().max(64), rev: z.number().int() })
    .nullable()
    .default(null),
  to: z
    .array(
      z.union([
        z.strictObject({ person: z.string().max(64) }),
        z.strictObject({ organisation: z.string().max(64), role: z.string().max(40) }),
      ]),
    )
    .min(1)
    .max(50),
  note: z.string().trim().max(500).default(""),
  /** Fields of the form that readers without rights to the case see. */
  fields: z.array(z.string().max(80)).max(50).default([]),
});
export const copyCounts = z.object({ sent: z.number().int(), already: z.number().int() });
export type CopyCounts = z.infer<typeof copyCounts>;

const copyFacts = z.object({
  id: z.string(),
  at: instant,
  by: personRef.extend({ organisation: organisationRef }),
  note: z.string(),
});

/** A copy that I got. */
export const copySummary = copyFacts.extend({
  caseNumber: z.string(),
  subject: bilingual,
  status: z.enum(["running", "suspended", "completed", "terminated", "cancelled"]),
  readAt: instant.nullable(),
});
export type CopySummary = z.infer<typeof copySummary>;
export const copyPage = pageOf(copySummary).extend({ unread: z.number().int() });
export const copyQuery = pageQuery;

/** What I may see of the case by the copy alone: the fields that its sender ticked. */
export const copyDetail = copySummary.extend({
  applicant: organisationRef,
  provider: organisationRef,
  /** The case, where I may see all of it by my posts. */
  instanceId: z.string().nullable(),
  fields: z.array(z.object({ name: z.string(), value: z.unknown() })),
  /** `engine/forms/form.ts`: what the disclosed fields, and no others, are called; `null` for a case without an application. */
  form: z.record(z.string(), z.unknown()).nullable(),
});
export type CopyDetail = z.infer<typeof copyDetail>;

/** A copy that was sent of a case, with its receipt. */
export const sentCopies = z.object({
  items: z.array(copyFacts.extend({ to: personRef, fields: z.array(z.string()), readAt: instant.nullable() })),
  /** The fields that the reader sees and can disclose by a copy. */
  disclosable: z.array(z.object({ name: z.string(), label: bilingual })),
});
export type SentCopies = z.infer<typeof sentCopies>;

export const recipientQuery = z.object({ search: z.string().trim().max(60).default("") });
export const recipientList = z.object({
  people: z.array(personRef.extend({ organisation: organisationRef, role: z.string(), roleName: bilingual })),
});
export type RecipientList = z.infer<typeof recipientList>;

export const receiptList = z.object({
  items: z.array(
    z.object({
      what: z.enum(["task", "copy"]),
      step: bilingual.nullable(),
      by: personRef,
      firstAt: instant,
      lastAt: instant,
    }),
  ),
});
export type ReceiptList = z.infer<typeof receiptList>;
