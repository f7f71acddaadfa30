import { shownWith } from "../../../engine/forms/visible.ts";
import type { Component, Field, Form, FormProblem } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";
import { FieldView } from "./field-view.tsx";
import type { BrowserContext } from "./wire.ts";
import "./forms.css";

export type Values = Readonly<Record<string, unknown>>;

interface FormViewProps {
  readonly form: Form;
  readonly values: Values;
  readonly onChange: (key: string, value: unknown) => void;
  readonly known: BrowserContext;
  /** Faults to show beside their fields. */
  readonly problems: readonly FormProblem[];
}

/** A form as officials fill it in: what conditions hide is not there, and each fault stands at its field. */
export function FormView({ form, values, onChange, known, problems }: FormViewProps) {
  const shown = shownWith(form, values, known.facts);
  const view = (field: Field) => (
    <FieldView
      key={field.key}
      field={field}
      values={values}
      onChange={onChange}
      required={shown.required.has(field.key)}
      known={known}
      problems={problems.filter(({ place }) => `${place}.`.startsWith(`${known.place}.${field.key}.`))}
    />
  );
  return <Components components={shown.components} view={view} />;
}

function Components({
  components,
  view,
}: {
  components: readonly Component[];
  view: (field: Field) => React.ReactNode;
}) {
  const { pick } = useText();
  return components.map((component, index) => {
    switch (component.kind) {
      case "group":
        return component.components.length === 0 ? null : (
          <fieldset key={`${component.label.zh}${index}`} className="form-group">
            <legend>{pick(component.label)}</legend>
            <Components components={component.components} view={view} />
          </fieldset>
        );
      case "note":
        return <p key={`${component.text.zh}${index}`}>{pick(component.text)}</p>;
      case "spacer":
        return <div key={`spacer${index}`} className="form-spacer" />;
      case "separator":
        return <hr key={`separator${index}`} />;
      default:
        return view(component);
    }
  });
}
