import { useState } from "react";
import type { Form } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";
import { FormView, type Values } from "../../parts/forms/form-view.tsx";
import { problemsOf, type BrowserContext } from "../../parts/forms/wire.ts";
import { useMe } from "../../parts/session.tsx";

/** The form by the renderer of officials, with its checks. */
export function FormPreview({ form }: { form: Form }) {
  const me = useMe();
  const { t } = useText();
  const [values, setValues] = useState<Values>({});
  const known: BrowserContext = {
    place: "form",
    facts: { applicant: null, provider: null, resource: null, request: null, direction: null, outcome: null },
    today: me.now.slice(0, 10),
    reasons: [],
  };
  return (
    <section className="card">
      <p className="muted">{t("formsPreviewNote")}</p>
      <FormView
        form={form}
        values={values}
        onChange={(key, value) => setValues((before) => ({ ...before, [key]: value }))}
        known={known}
        problems={problemsOf(form, values, known).filter(({ code }) => code !== "FIELD_MISSING")}
      />
    </section>
  );
}
