import { boundDay } from "./values/date.ts";
import type { FormContext } from "./context.ts";
import {
  mapFields,
  type Field,
  type Form,
  type ItemChoice,
  type OrganisationField,
  type PersonChoice,
  type PersonField,
} from "./form.ts";

/** Where the choices of a case come from. */
export interface ChoiceSources {
  readonly organisations: (filter: OrganisationField["filter"]) => OrganisationField["choices"];
  readonly persons: (field: PersonField) => readonly PersonChoice[];
  /** Items of the resource, for those who apply. */
  readonly items: readonly ItemChoice[];
  /** Items that were asked for, for those who decide. */
  readonly asked: readonly ItemChoice[];
  /** Items that were granted, for those who receive. */
  readonly granted: readonly ItemChoice[];
}

/**
 * The form with what depends on the case filled in: choices of the directory and of the catalogue, and bounds in working days as
 * days. Whoever holds it needs neither directory nor calendar to check an entry.
 */
export function dressForm(
  form: Form,
  sources: ChoiceSources,
  context: Pick<FormContext, "today" | "calendar" | "longestUseMonths">,
): Form {
  return mapFields(form, (field) => dressField(field, sources, context));
}

function dressField(
  field: Field,
  sources: ChoiceSources,
  context: Pick<FormContext, "today" | "calendar" | "longestUseMonths">,
): Field {
  switch (field.kind) {
    case "date": {
      const fixed = (bound: typeof field.earliest): typeof field.earliest => {
        if (bound?.type === "longestUse")
          return context.longestUseMonths === null
            ? null
            : { type: "field", field: bound.field, months: context.longestUseMonths };
        if (bound?.type !== "workingDays") return bound;
        const date = boundDay(bound, { values: {}, context: { ...unbound, ...context } });
        return date === null ? null : { type: "date", date };
      };
      return { ...field, earliest: fixed(field.earliest), latest: fixed(field.latest) };
    }
    case "organisation":
      return { ...field, choices: sources.organisations(field.filter) };
    case "person":
      return { ...field, choices: sources.persons(field) };
    case "items":
      return { ...field, choices: field.of === "granted" ? sources.granted : sources.items };
    case "itemDecisions":
      return { ...field, choices: sources.asked };
    case "text":
    case "textarea":
    case "number":
    case "checkbox":
    case "radio":
    case "select":
    case "checklist":
    case "taglist":
    case "file":
    case "table":
      return field;
  }
}

/** The parts of a context that bounds do not look at. */
const unbound: FormContext = {
  place: "form",
  facts: {},
  today: "",
  calendar: null,
  longestUseMonths: null,
  attachment: null,
  reasons: [],
  decided: null,
};
