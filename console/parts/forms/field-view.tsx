import type { Field, FormProblem } from "../../../engine/forms/form.ts";
import { CheckboxInput } from "./kinds/checkbox.tsx";
import { ChoiceInput } from "./kinds/choice.tsx";
import { ChoicesInput } from "./kinds/choices.tsx";
import { DateInput } from "./kinds/date.tsx";
import { FileInput } from "./kinds/file.tsx";
import { ItemDecisionsInput } from "./kinds/item-decisions.tsx";
import { ItemsInput } from "./kinds/items.tsx";
import { NumberInput } from "./kinds/number.tsx";
import { OrganisationInput, PersonInput } from "./kinds/parties.tsx";
import { TableInput } from "./kinds/table.tsx";
import { TextInput } from "./kinds/text.tsx";
import { Frame } from "./frame.tsx";
import { ReadValue } from "./read-value.tsx";
import type { Values } from "./form-view.tsx";
import type { BrowserContext } from "./wire.ts";

interface FieldProps {
  readonly field: Field;
  readonly values: Values;
  readonly onChange: (key: string, value: unknown) => void;
  readonly required: boolean;
  readonly known: BrowserContext;
  readonly problems: readonly FormProblem[];
}

/** One field by its kind, with its label, hint, basis and faults. */
export function FieldView(props: FieldProps) {
  const { field, values, required, problems } = props;
  const single = field.kind !== "table" && field.kind !== "items" && field.kind !== "itemDecisions";
  const several = !single || field.kind === "radio" || field.kind === "checklist" || field.kind === "file";
  return (
    <Frame
      field={field}
      required={required}
      problems={field.kind === "table" || field.kind === "itemDecisions" ? problems.slice(0, 6) : problems}
      as={several || field.access === "read" ? "fieldset" : "label"}
    >
      {field.access === "read" ? <ReadValue field={field} value={values[field.key]} /> : <Entry {...props} />}
    </Frame>
  );
}

function Entry({ field, values, onChange, known, problems }: FieldProps) {
  const value = values[field.key];
  const id = `field-${field.key}`;
  const set = (next: unknown) => onChange(field.key, next);
  const invalid = problems.length > 0;
  const common = { id, invalid, onChange: set, value };
  switch (field.kind) {
    case "text":
    case "textarea":
      return <TextInput {...common} field={field} />;
    case "number":
      return <NumberInput {...common} field={field} />;
    case "date":
      return <DateInput {...common} field={field} values={values} known={known} />;
    case "checkbox":
      return <CheckboxInput {...common} field={field} />;
    case "radio":
    case "select":
      return <ChoiceInput {...common} field={field} />;
    case "checklist":
    case "taglist":
      return <ChoicesInput {...common} field={field} />;
    case "file":
      return <FileInput {...common} field={field} />;
    case "table":
      return <TableInput {...common} field={field} known={known} />;
    case "organisation":
      return <OrganisationInput {...common} field={field} />;
    case "person":
      return <PersonInput {...common} field={field} values={values} />;
    case "items":
      return <ItemsInput {...common} field={field} values={values} onChangeKey={onChange} />;
    case "itemDecisions":
      return <ItemDecisionsInput {...common} field={field} reasons={known.reasons} area={areaIn(known)} />;
  }
}

/** Code of the applicant's area, for which the data are delivered. */
function areaIn({ facts }: BrowserContext): string | null {
  const applicant = facts["applicant"];
  const region =
    typeof applicant === "object" && applicant !== null && "region" in applicant ? applicant["region"] : null;
  return typeof region === "string" ? region : null;
}
