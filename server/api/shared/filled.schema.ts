import { z } from "zod";
import { bilingual } from "./common.schema.ts";

/** A form that was filled in, as its reader may see it. */
export const filledForm = z.object({
  /** Element of the step; `application` for what the case was applied for with. */
  element: z.string(),
  name: bilingual,
  /** `engine/forms/form.ts`, without the fields that are hidden from the reader. */
  form: z.record(z.string(), z.unknown()),
  values: z.record(z.string(), z.unknown()),
});
export type FilledForm = z.infer<typeof filledForm>;

interface Filled {
  readonly element: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly form: object;
  readonly values: object;
}

export function presentFilled(filled: readonly Filled[]): z.input<typeof filledForm>[] {
  return filled.map(({ element, name, form, values }) => ({
    element,
    name: { ...name },
    form: { ...form },
    values: { ...values },
  }));
}
