import { Checkbox } from "antd";
import type { CheckboxField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import type { EntryProps } from "./entry.ts";

/** A tick carries its label itself. */
export function CheckboxInput({ field, id, value, onChange }: EntryProps<CheckboxField>) {
  const { t, pick } = useText();
  return (
    <Checkbox id={id} checked={value === true} onChange={(event) => onChange(event.target.checked)}>
      {pick(field.label)}
      {field.required ? ` (${t("formRequired")})` : ""}
    </Checkbox>
  );
}
