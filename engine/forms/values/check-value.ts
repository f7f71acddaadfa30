import type { Field } from "../form.ts";
import { checkChoice, checkChoices } from "./choice.ts";
import type { Checked, Site } from "./checked.ts";
import { invalid } from "./checked.ts";
import { checkDate } from "./date.ts";
import { checkFiles } from "./files.ts";
import { checkItemDecisions, checkItems } from "./items.ts";
import { checkNumber } from "./number.ts";
import { checkOrganisation, checkPerson } from "./parties.ts";
import { checkTable } from "./table.ts";
import { checkText } from "./text.ts";

/** Checks one value that is not empty by the kind of its field. */
export function checkValue(field: Field, value: unknown, site: Site): Checked {
  switch (field.kind) {
    case "text":
    case "textarea":
      return checkText(field, value, site);
    case "number":
      return checkNumber(field, value, site);
    case "date":
      return checkDate(field, value, site);
    case "checkbox":
      return typeof value === "boolean" ? { value } : invalid(field, site);
    case "radio":
    case "select":
      return checkChoice(field, value, site);
    case "checklist":
    case "taglist":
      return checkChoices(field, value, site);
    case "file":
      return checkFiles(field, value, site);
    case "table":
      return checkTable(field, value, site);
    case "organisation":
      return checkOrganisation(field, value, site);
    case "person":
      return checkPerson(field, value, site);
    case "items":
      return checkItems(field, value, site);
    case "itemDecisions":
      return checkItemDecisions(field, value, site);
  }
}
