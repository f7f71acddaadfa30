import { InputNumber } from "antd";
import type { NumberField } from "../../../../engine/forms/form.ts";
import { faultOf, type EntryProps } from "./entry.ts";

export function NumberInput({ field, id, value, onChange, invalid }: EntryProps<NumberField>) {
  const { decimals } = field;
  return (
    <InputNumber
      id={id}
      {...(decimals === null ? {} : { precision: decimals })}
      value={typeof value === "number" ? value : null}
      onChange={(next) => onChange(next ?? undefined)}
      {...faultOf(id, invalid)}
    />
  );
}
