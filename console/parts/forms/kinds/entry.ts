import type { Field } from "../../../../engine/forms/form.ts";

/** What every kind of entry is given. */
export interface EntryProps<F extends Field> {
  readonly field: F;
  /** Of the entry itself, which its label names. */
  readonly id: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly invalid: boolean;
}

/** How antd and readers' aids are told that an entry has a fault. */
export function faultOf(
  id: string,
  invalid: boolean,
): { status?: "error"; "aria-invalid"?: true; "aria-describedby"?: string } {
  return invalid ? { status: "error", "aria-invalid": true, "aria-describedby": `${id}-problems` } : {};
}
