import { Checkbox, Input, InputNumber, Radio, Select } from "antd";
import { useText } from "../i18n/i18n.ts";

interface Option {
  readonly value: string;
  readonly label: string;
  readonly labelEn?: string;
}

/** A component of a form-js schema, as far as our forms use it. */
export interface FormComponent {
  readonly type: string;
  readonly key?: string;
  readonly label?: string;
  readonly labelEn?: string;
  readonly values?: readonly Option[];
  readonly validate?: { readonly required?: boolean; readonly min?: number; readonly max?: number };
}

interface FieldsProps {
  readonly components: readonly FormComponent[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly onChange: (key: string, value: unknown) => void;
}

/** Renders a step's own form; the server checks it again by the same schema. */
export function FormFields({ components, values, onChange }: FieldsProps) {
  const { t, language } = useText();
  return (
    <>
      {components.map((component) => {
        const key = component.key ?? "";
        const label = (language === "en" ? component.labelEn : component.label) ?? component.label ?? key;
        const text = `${label}${component.validate?.required ? ` (${t("required")})` : ""}`;
        if (component.type === "checkbox") {
          return (
            <div className="field" key={key}>
              <Checkbox checked={values[key] === true} onChange={(event) => onChange(key, event.target.checked)}>
                {text}
              </Checkbox>
            </div>
          );
        }
        if (component.type === "radio" || component.type === "checklist") {
          return (
            <fieldset className="field" key={key}>
              <legend>{text}</legend>
              <Choice component={component} value={values[key]} onChange={(value) => onChange(key, value)} />
            </fieldset>
          );
        }
        return (
          <label className="field" key={key}>
            <span>{text}</span>
            <Entry component={component} value={values[key]} onChange={(value) => onChange(key, value)} />
          </label>
        );
      })}
    </>
  );
}

interface EntryProps {
  readonly component: FormComponent;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function useOptions(component: FormComponent) {
  const { language } = useText();
  return (component.values ?? []).map((option) => ({
    value: option.value,
    label: (language === "en" ? option.labelEn : option.label) ?? option.label,
  }));
}

function Choice({ component, value, onChange }: EntryProps) {
  const options = useOptions(component);
  if (component.type === "radio")
    return <Radio.Group options={options} value={value} onChange={(event) => onChange(event.target.value)} />;
  return <Checkbox.Group options={options} value={Array.isArray(value) ? value : []} onChange={onChange} />;
}

function Entry({ component, value, onChange }: EntryProps) {
  const options = useOptions(component);
  if (component.type === "number") {
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = component.validate ?? {};
    return (
      <InputNumber
        min={min}
        max={max}
        value={typeof value === "number" ? value : null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (component.type === "select")
    return (
      <Select
        options={options}
        value={typeof value === "string" ? value : undefined}
        onChange={onChange}
        style={{ width: "100%" }}
      />
    );
  const text = typeof value === "string" ? value : "";
  if (component.type === "textarea")
    return <Input.TextArea rows={3} value={text} onChange={(event) => onChange(event.target.value)} />;
  return <Input value={text} onChange={(event) => onChange(event.target.value)} />;
}
