import { Input } from "antd";
import type { DateField } from "../../../../engine/forms/form.ts";
import { boundDay } from "../../../../engine/forms/values/date.ts";
import type { Values } from "../form-view.tsx";
import { contextOf, type BrowserContext } from "../wire.ts";
import { faultOf, type EntryProps } from "./entry.ts";

interface DateProps extends EntryProps<DateField> {
  readonly values: Values;
  readonly known: BrowserContext;
}

/** A day, with the bounds that the browser's own picker offers. */
export function DateInput({ field, id, value, values, known, onChange, invalid }: DateProps) {
  const site = { values, context: contextOf(known) };
  return (
    <Input
      id={id}
      type="date"
      style={{ maxWidth: 200 }}
      min={boundDay(field.earliest, site) ?? undefined}
      max={boundDay(field.latest, site) ?? undefined}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      {...faultOf(id, invalid)}
    />
  );
}
