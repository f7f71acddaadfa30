import { mapFields, keysOf, fieldsOf, type Form } from "./form.ts";

/** What whoever acts at a step may do with a field. `required` is to write, and not to leave empty. */
export const fieldRights = ["hidden", "read", "write", "required"] as const;
export type FieldRight = (typeof fieldRights)[number];

/** A right that a step sets (`jieli:fieldRight` of a user task): on a field of its own form, or of one that was filled in before. */
export interface StepFieldRight {
  readonly form: string;
  readonly field: string;
  readonly right: FieldRight;
}

/** The form as a step fills it in: without what it may not see, fixed what it may only read. */
export function formForStep(form: Form, rights: readonly StepFieldRight[]): Form {
  return mapFields(form, (field) => {
    const right = rights.find((known) => known.form === form.id && known.field === field.key)?.right;
    switch (right) {
      case undefined:
        return field;
      case "hidden":
        return null;
      case "read":
        return { ...field, access: "read" };
      case "write":
        return { ...field, access: "write" };
      case "required":
        return { ...field, access: "write", required: true };
    }
  });
}

/** A step of a process as its readers are told from each other. */
export interface RightsOfStep {
  readonly element: string;
  readonly rights: readonly StepFieldRight[];
}

/**
 * Fields of `form` that a reader may not see. `held` are the steps that the reader acts at: one that shows a field is enough.
 * A field that no step hides is open to everybody who may see the case; one that some step hides is closed to those who act at
 * none, whoever they are.
 */
export function hiddenFields(
  form: Form,
  steps: readonly RightsOfStep[],
  held: ReadonlySet<string>,
): ReadonlySet<string> {
  const hides = (step: RightsOfStep, field: string) =>
    step.rights.some((right) => right.form === form.id && right.field === field && right.right === "hidden");
  const closed = fieldsOf(form.components).filter(({ key }) => {
    const hiding = steps.filter((step) => hides(step, key));
    if (hiding.length === 0) return false;
    return !steps.some((step) => held.has(step.element) && !hides(step, key));
  });
  return new Set(closed.flatMap(keysOf));
}
