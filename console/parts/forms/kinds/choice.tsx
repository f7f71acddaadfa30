import { Radio, Select } from "antd";
import type { ChoiceField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import { faultOf, type EntryProps } from "./entry.ts";

export function ChoiceInput({ field, id, value, onChange, invalid }: EntryProps<ChoiceField>) {
  const { pick } = useText();
  const options = field.options.map((option) => ({ value: option.value, label: pick(option.label) }));
  const chosen = typeof value === "string" ? value : undefined;
  if (field.kind === "radio")
    return <Radio.Group options={options} value={chosen} onChange={(event) => onChange(event.target.value)} />;
  return (
    <Select
      id={id}
      allowClear={!field.required}
      options={options}
      value={chosen}
      onChange={(next?: string) => onChange(next)}
      style={{ width: "100%" }}
      {...faultOf(id, invalid)}
    />
  );
}
