import type { OrganisationField, PersonField } from "../form.ts";
import { refuse, type Checked, type Site } from "./checked.ts";

export function checkOrganisation(field: OrganisationField, value: unknown, site: Site): Checked {
  if (typeof value === "string" && field.choices.some((choice) => choice.value === value)) return { value };
  return refuse("ORGANISATION_UNKNOWN", field, site, (name) => [
    `${name}不在可选单位之内`,
    `${name} is none of the organisations to choose from`,
  ]);
}

/** Somebody of the organisation that the form means: a side of the case, or the one chosen in another field. */
export function checkPerson(field: PersonField, value: unknown, site: Site): Checked {
  const wanted = field.of.type === "field" ? site.values[field.of.field] : null;
  const fits = field.choices.some(
    (choice) => choice.value === value && (wanted === null || choice.organisation === wanted),
  );
  if (typeof value === "string" && fits) return { value };
  return refuse("PERSON_UNKNOWN", field, site, (name) => [
    `${name}不在该单位可选人员之内`,
    `${name} is nobody of that organisation to choose from`,
  ]);
}
