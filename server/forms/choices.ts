import { z } from "zod";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { dressForm, type ChoiceSources } from "../../engine/forms/dress.ts";
import { fieldsOf, type Form, type ItemChoice, type PersonChoice } from "../../engine/forms/form.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import type { ResourceEntry } from "../content/content.schema.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";

/** The two sides of a case, for fields that choose a person of one of them. */
export interface Sides {
  readonly applicant: string;
  readonly provider: string;
}

/** Where the choices of a form come from: the directory, the people in it, and the catalogue entry. */
export async function choicesFor(
  runtime: Runtime,
  form: Form,
  sides: Sides,
  items: Pick<ChoiceSources, "items" | "asked" | "granted">,
): Promise<ChoiceSources> {
  const people = await peopleFor(runtime, form);
  const { organisations, regions } = runtime.content;
  return {
    ...items,
    organisations: ({ kinds, levels, within }) =>
      [...organisations.values()]
        .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
        .filter(({ level }) => levels.length === 0 || levels.includes(level))
        .filter(({ region }) => within === null || isWithin(regions, region, within))
        .map(({ id, name }) => ({ value: id, label: name })),
    persons: ({ of, role }) => {
      const wanted = of.type === "side" ? sides[of.side] : null;
      const fitting = people.filter(
        (person) => (role === null || person.role === role) && (wanted === null || person.organisation === wanted),
      );
      const seen = new Set<string>();
      return fitting.flatMap(({ value, label, organisation }): readonly PersonChoice[] => {
        if (seen.has(`${value} ${organisation}`)) return [];
        seen.add(`${value} ${organisation}`);
        return [{ value, label, organisation }];
      });
    },
  };
}

async function peopleFor(runtime: Runtime, form: Form): Promise<readonly (PersonChoice & { readonly role: string })[]> {
  if (!fieldsOf(form.components).some(({ kind }) => kind === "person")) return [];
  const rows = await runtime.store.read(
    "SELECT person.id, person.name, post.organisation_id, post.role FROM person JOIN post ON post.person_id = person.id ORDER BY person.name, person.id",
  );
  return rows.map((row) => ({
    value: text(row, "id"),
    label: { zh: text(row, "name"), en: text(row, "name") },
    organisation: text(row, "organisation_id"),
    role: text(row, "role"),
  }));
}

/**
 * The form with the names of what was chosen, for reading: items as the application noted them, else as the catalogue has them
 * now; organisations and persons of the directory.
 */
export async function namedChoices(runtime: Runtime, form: Form, variables: Variables): Promise<Form> {
  const resource = runtime.content.resources.find(({ id }) => id === memberText(variables["resource"], "id"));
  const items = itemChoices(resource, null);
  const sources = await choicesFor(
    runtime,
    form,
    { applicant: "", provider: "" },
    { items, asked: items, granted: items },
  );
  const people = await peopleFor(runtime, form);
  const named = { ...sources, persons: () => people };
  return dressForm(form, named, { today: "", calendar: null, longestUseMonths: null });
}

function memberText(value: Json | undefined, name: string): string | null {
  const record = z.record(z.string(), z.unknown()).safeParse(value).data?.[name];
  return typeof record === "string" ? record : null;
}

/** Items of a catalogue entry as they are chosen from; all of them, or those of these codes. */
export function itemChoices(
  resource: ResourceEntry | undefined,
  codes: readonly string[] | null,
): readonly ItemChoice[] {
  const all = (resource?.items ?? []).map(({ code, name, nameEn, personalInfo }) => ({
    value: code,
    label: { zh: name, en: nameEn ?? name },
    personalInfo,
  }));
  if (codes === null) return all;
  return codes.map(
    (code) =>
      all.find(({ value }) => value === code) ?? { value: code, label: { zh: code, en: code }, personalInfo: false },
  );
}
