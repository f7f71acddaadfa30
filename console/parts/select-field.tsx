import { Select, type SelectProps } from "antd";

interface SelectFieldProps<T> extends SelectProps<T> {
  readonly id: string;
  readonly label: string;
}

/** A choice with its label, as wide as the form; what is not said here is antd's own. */
export function SelectField<T>({ label, ...select }: SelectFieldProps<T>) {
  return (
    <label className="field" htmlFor={select.id}>
      <span>{label}</span>
      <Select<T> style={{ width: "100%" }} {...select} />
    </label>
  );
}
