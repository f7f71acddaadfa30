import { localDate } from "../../engine/calendar/dates.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import type { DecidedItems } from "../../engine/approval/item-narrowing.ts";
import { itemDecisionsSchema } from "../../engine/approval/items.ts";
import type { FormContext } from "../../engine/forms/context.ts";
import { dressForm } from "../../engine/forms/dress.ts";
import type { Form } from "../../engine/forms/form.ts";
import { factNames, outcomeName } from "../../engine/forms/reading/condition-problems.ts";
import { formForStep } from "../../engine/forms/rights.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { grantedItemsOf } from "../sharing/granted-items.ts";
import { chosenReasons } from "../tasks/reason-codes.ts";
import { definitionAt } from "./case-steps.ts";
import { choicesFor, itemChoices } from "./choices.ts";

/** A task, the case that it belongs to, and the case's state. */
export interface TaskSite {
  readonly task: Row;
  readonly instance: Row;
  readonly state: InstanceState;
}

export interface StepForm {
  /** With the rights of the step applied, and the choices and bounds of the case filled in. */
  readonly form: Form;
  /** Looks up no attachments yet. */
  readonly context: FormContext;
}

/** The form of a step as it was published with the version that the case runs on; `null` where the step has none. */
export async function stepForm(runtime: Runtime, site: TaskSite): Promise<StepForm | null> {
  const { task, instance, state } = site;
  const wait = text(task, "wait_id");
  const definition = definitionAt(state, wait, instance);
  const form = (await runtime.forms.of(definition)).get(optionalText(task, "form") ?? "");
  if (!form) return null;
  const element = (await runtime.models.get(definition)).elements.get(text(task, "element"));
  const rights = element?.kind === "userTask" ? element.fieldRights : [];
  const variables = variablesAt(state, wait);
  const context = contextOf(runtime, text(task, "region"), variables);
  const sides = { applicant: text(instance, "applicant_org"), provider: text(instance, "provider_org") };
  return {
    form: dressForm(
      formForStep(form, rights),
      await choicesFor(runtime, form, sides, itemsOf(runtime, variables)),
      context,
    ),
    context,
  };
}

/** What a form is checked against when an organisation of this region acts. */
export function contextOf(runtime: Runtime, region: string, variables: Variables): FormContext {
  const today = localDate(runtime.clock.now());
  return {
    place: "form",
    facts: factsIn(variables),
    today,
    calendar: runtime.rules.calendar(region),
    longestUseMonths: runtime.rules.placeOf(region, today).longestUseMonths,
    attachment: () => null,
    reasons: chosenReasons(runtime),
    decided: {
      earlier: decidedItems(variables),
      region,
      isWithin: (inner, outer) => isWithin(runtime.content.regions, inner, outer),
    },
  };
}

/**
 * What conditions may ask; a case that knows nothing of one of them says so with `null`. The outcome is never one of an earlier
 * step, whatever variable has its name.
 */
export function factsIn(variables: Variables): Variables {
  return { ...Object.fromEntries(factNames.map((name) => [name, variables[name] ?? null])), [outcomeName]: null };
}

/** The same context, once an outcome was chosen. */
export function withOutcome(context: FormContext, outcome: string | null): FormContext {
  return { ...context, facts: { ...context.facts, [outcomeName]: outcome } };
}

/** Items as they were decided last by a step whose decision binds. */
export function decidedItems(variables: Variables): DecidedItems | null {
  const decisions = itemDecisionsSchema.safeParse(memberOf(variables["decidedItems"], "decisions"));
  const region = memberOf(variables["decidedItems"], "region");
  return decisions.success && typeof region === "string" ? { decisions: decisions.data, region } : null;
}

/** Items of the resource, and those of them that the application asks for, named as the catalogue names them. */
export function itemsOf(runtime: Runtime, variables: Variables) {
  const id = memberOf(variables["resource"], "id");
  const resource = runtime.content.resources.find((known) => known.id === id);
  return {
    items: itemChoices(resource, null),
    asked: itemChoices(resource, askedCodes(variables)),
    granted: itemChoices(resource, grantedItemsOf(variables)),
  };
}

export function askedCodes(variables: Variables): readonly string[] {
  const asked = memberOf(variables["request"], "items");
  return Array.isArray(asked) ? asked.filter((code): code is string => typeof code === "string") : [];
}

export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? value[name] : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
