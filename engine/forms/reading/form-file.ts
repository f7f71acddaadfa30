import { z } from "zod";

/**
 * The file of a form: form-js JSON (schemaVersion 19) with what form-js has no word for beside it: English texts, legal source,
 * conditional duty, bounds in working days. form-js keeps properties that it does not know, so a form goes through its editor
 * unharmed.
 */
const dateBound = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("date"), date: z.iso.date() }),
  z.strictObject({ type: z.literal("workingDays"), days: z.number().int().min(-2_000).max(2_000) }),
  z.strictObject({ type: z.literal("field"), field: z.string(), months: z.number().int().min(0).max(600).default(0) }),
  z.strictObject({ type: z.literal("longestUse"), field: z.string() }),
]);

const option = z.looseObject({
  value: z.string().min(1),
  label: z.string().default(""),
  labelEn: z.string().default(""),
});

const conditional = z
  .looseObject({ hide: z.string().optional() })
  .nullish()
  .transform((value) => value?.hide ?? null);

const shown = { label: z.string().default(""), labelEn: z.string().default(""), conditional };

const asked = {
  ...shown,
  key: z.string().default(""),
  description: z.string().default(""),
  descriptionEn: z.string().default(""),
  source: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  requiredWhen: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  readonly: z.boolean().default(false),
  validate: z
    .looseObject({
      required: z.boolean().default(false),
      min: z.number().nullish(),
      max: z.number().nullish(),
      minLength: z.number().int().min(0).nullish(),
      maxLength: z.number().int().min(1).nullish(),
      pattern: z.string().nullish(),
    })
    .default({ required: false }),
};

const choosing = { ...asked, values: z.array(option).default([]) };

export const fieldTypes = [
  "textfield",
  "textarea",
  "number",
  "datetime",
  "checkbox",
  "radio",
  "select",
  "checklist",
  "taglist",
  "filepicker",
  "dynamiclist",
  "jieli-organisation",
  "jieli-person",
  "jieli-items",
  "jieli-decisions",
] as const;
export const componentTypes = [...fieldTypes, "group", "text", "spacer", "separator"] as const;

/** One component by its type; nested components are read one by one, so that each fault has its own place. */
export const componentFile = z.discriminatedUnion("type", [
  z.looseObject({ type: z.enum(["textfield", "textarea"]), ...asked }),
  z.looseObject({ type: z.literal("number"), ...asked, decimalDigits: z.number().int().min(0).max(10).nullish() }),
  z.looseObject({
    type: z.literal("datetime"),
    ...asked,
    subtype: z.literal("date").default("date"),
    dateLabel: z.string().default(""),
    earliest: dateBound.nullish(),
    latest: dateBound.nullish(),
  }),
  z.looseObject({ type: z.literal("checkbox"), ...asked }),
  z.looseObject({ type: z.enum(["radio", "select", "checklist", "taglist"]), ...choosing }),
  z.looseObject({
    type: z.literal("filepicker"),
    ...asked,
    multiple: z.boolean().default(false),
    accept: z.string().default(""),
  }),
  z.looseObject({
    type: z.literal("dynamiclist"),
    ...asked,
    path: z.string().default(""),
    components: z.array(z.unknown()).default([]),
    minRows: z.number().int().min(0).max(500).default(0),
    maxRows: z.number().int().min(1).max(500).default(100),
    rowKey: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal("jieli-organisation"),
    ...asked,
    kinds: z.array(z.string()).default([]),
    levels: z.array(z.string()).default([]),
    within: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal("jieli-person"),
    ...asked,
    of: z.string().default("applicant"),
    role: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal("jieli-items"),
    ...asked,
    necessityKey: z.string().nullish(),
    of: z.enum(["resource", "granted"]).default("resource"),
  }),
  z.looseObject({
    type: z.literal("jieli-decisions"),
    ...asked,
    rank: z.enum(["proposal", "decision"]).default("decision"),
  }),
  z.looseObject({ type: z.literal("group"), ...shown, components: z.array(z.unknown()).default([]) }),
  z.looseObject({ type: z.literal("text"), ...shown, text: z.string().default(""), textEn: z.string().default("") }),
  z.looseObject({ type: z.enum(["spacer", "separator"]), ...shown }),
]);
export type ComponentFile = z.infer<typeof componentFile>;

export const formFile = z.looseObject({
  id: z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u),
  name: z.object({ zh: z.string().min(1), en: z.string().min(1) }),
  components: z.array(z.unknown()),
});
/** A form as it stands in its file and in the designer. */
export type FormFile = z.infer<typeof formFile>;
