import { Input } from "antd";
import type { TextField } from "../../../../engine/forms/form.ts";
import { faultOf, type EntryProps } from "./entry.ts";

export function TextInput({ field, id, value, onChange, invalid }: EntryProps<TextField>) {
  const text = typeof value === "string" ? value : "";
  const fault = faultOf(id, invalid);
  if (field.kind === "textarea")
    return (
      <Input.TextArea id={id} rows={3} value={text} onChange={(event) => onChange(event.target.value)} {...fault} />
    );
  return <Input id={id} value={text} onChange={(event) => onChange(event.target.value)} {...fault} />;
}
