import { Checkbox, Select } from "antd";
import type { ChoicesField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import { faultOf, type EntryProps } from "./entry.ts";

export function ChoicesInput({ field, id, value, onChange, invalid }: EntryProps<ChoicesField>) {
  const { pick } = useText();
  const options = field.options.map((option) => ({ value: option.value, label: pick(option.label) }));
  const chosen = Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  if (field.kind === "checklist") return <Checkbox.Group options={options} value={chosen} onChange={onChange} />;
  return (
    <Select
      id={id}
      mode="multiple"
      options={options}
      optionFilterProp="label"
      value={chosen}
      onChange={onChange}
      style={{ width: "100%" }}
      {...faultOf(id, invalid)}
    />
  );
}
