import { Select } from "antd";
import type { Option, OrganisationField, PersonField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import type { Values } from "../form-view.tsx";
import { faultOf, type EntryProps } from "./entry.ts";

export function OrganisationInput(props: EntryProps<OrganisationField>) {
  return <Picker {...props} choices={props.field.choices} />;
}

/** People of the organisation that stands in another field, where the form says so. */
export function PersonInput({ values, ...props }: EntryProps<PersonField> & { readonly values: Values }) {
  const { of, choices } = props.field;
  const fitting =
    of.type === "field" ? choices.filter(({ organisation }) => organisation === values[of.field]) : choices;
  return <Picker {...props} choices={fitting} />;
}

function Picker({
  id,
  value,
  choices,
  onChange,
  invalid,
}: Omit<EntryProps<OrganisationField | PersonField>, "field"> & { readonly choices: readonly Option[] }) {
  const { t, pick } = useText();
  return (
    <Select
      id={id}
      showSearch
      allowClear
      optionFilterProp="label"
      placeholder={t("formSearchChoice")}
      options={choices.map((choice) => ({ value: choice.value, label: pick(choice.label) }))}
      value={typeof value === "string" ? value : undefined}
      onChange={(next?: string) => onChange(next)}
      style={{ width: "100%" }}
      {...faultOf(id, invalid)}
    />
  );
}
