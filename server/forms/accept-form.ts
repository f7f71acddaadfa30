import { checkForm } from "../../engine/forms/check-form.ts";
import type { FormContext } from "../../engine/forms/context.ts";
import type { Form } from "../../engine/forms/form.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { RuntimeProblem } from "../runtime/errors.ts";

/** What may be kept of the values. Throws 422 FORM_INVALID that names every field at fault, at once. */
export function acceptForm(
  form: Form,
  values: Readonly<Record<string, unknown>>,
  context: FormContext,
): Readonly<Record<string, Json>> {
  const { kept, problems } = checkForm(form, values, context);
  if (kept) return kept;
  throw new RuntimeProblem(
    422,
    "FORM_INVALID",
    { zh: "表单有以下需要更正之处，未作任何处理", en: "The form needs these corrections; nothing was done" },
    { zh: "请更正后再提交", en: "Correct them and send again" },
    problems,
  );
}

/** A step without a form takes nothing in. */
export const noForm: Form = { id: "none", name: { zh: "无表单", en: "No form" }, components: [] };
