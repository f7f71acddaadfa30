import { z } from "zod";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { startPlace } from "./attachments.ts";

/** Place of what a running case was told last; what it was begun with stands under `startPlace`. */
export const toldPlace = "told";

const variableOf = { [startPlace]: "begunWith", [toldPlace]: "toldLast" } as const;
type ToldPlace = keyof typeof variableOf;

/** Names of the variables that keep a form which no step filled in. */
export const toldVariables: ReadonlySet<string> = new Set(Object.values(variableOf));

/** A form that somebody filled in beside the steps: to begin the case, or to tell it something while it runs. */
export interface ToldForm {
  readonly place: string;
  /** Key of the form in the version that the case runs on. */
  readonly form: string;
  readonly values: Variables;
}

/** The variable by which a case keeps what was told, so that those who act on it can read it. */
export function keptAs(place: ToldPlace, form: string, values: Variables): Variables {
  return { [variableOf[place]]: { form, values } };
}

const kept = z.object({ form: z.string(), values: z.record(z.string(), z.json()) });

/** What a case was begun with and told last, as far as it was. */
export function toldForms(variables: Variables): readonly ToldForm[] {
  return ([startPlace, toldPlace] as const).flatMap((place) => {
    const found = toldForm(variables[variableOf[place]]);
    return found ? [{ place, ...found }] : [];
  });
}

/** A kept form by the value of its variable; `null` for anything else of that name. */
export function toldForm(value: Json | undefined): Omit<ToldForm, "place"> | null {
  return kept.safeParse(value).data ?? null;
}
