import { Select } from "antd";
import { fieldsOf, type Form } from "../../../engine/forms/form.ts";
import { fieldRights, type StepFieldRight, type StepOfForms } from "../../../modeler/forms/index.ts";
import { useText } from "../../i18n/i18n.ts";

interface MatrixProps {
  readonly form: Form;
  readonly steps: readonly StepOfForms[];
  readonly rights: ReadonlyMap<string, readonly StepFieldRight[]>;
  readonly readOnly: boolean;
  readonly onChange: (rights: ReadonlyMap<string, readonly StepFieldRight[]>) => void;
}

/** Step by field: what whoever acts at a step may do with each field of this form. Only its own form may a step fill in. */
export function RightsMatrix({ form, steps, rights, readOnly, onChange }: MatrixProps) {
  const { t, pick } = useText();
  const fields = fieldsOf(form.components);
  const rightOf = (step: string, field: string) =>
    rights.get(step)?.find((known) => known.form === form.id && known.field === field)?.right ?? "default";
  const set = (step: string, field: string, right: string) => {
    const others = (rights.get(step) ?? []).filter((known) => known.form !== form.id || known.field !== field);
    const chosen = fieldRights.find((known) => known === right);
    onChange(new Map(rights).set(step, chosen ? [...others, { form: form.id, field, right: chosen }] : others));
  };
  return (
    // Scrolls by itself; the keyboard has to reach it for that.
    <div className="rights-matrix" tabIndex={0} role="region" aria-label={t("formsRights")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("formsField")}</th>
            {steps.map((step) => (
              <th key={step.id} scope="col">
                {pick(step.name)}
                {step.form === form.id && " ✎"}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.key}>
              <th scope="row">{pick(field.label)}</th>
              {steps.map((step) => (
                <td key={step.id}>
                  <Select
                    size="small"
                    aria-label={t("formsRightOf", { step: pick(step.name), field: pick(field.label) })}
                    disabled={readOnly}
                    style={{ width: 96 }}
                    value={rightOf(step.id, field.key)}
                    onChange={(right) => set(step.id, field.key, right)}
                    options={(step.form === form.id
                      ? ["default", ...fieldRights]
                      : (["default", "hidden", "read"] as const)
                    ).map((right) => ({
                      value: right,
                      label: t(`right_${right as "default"}`),
                    }))}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
