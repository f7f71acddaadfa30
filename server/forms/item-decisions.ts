import { z } from "zod";
import {
  deliverySpecification,
  itemDecisionsSchema,
  overallOutcome,
  wholeDecision,
  type DeliverySpecification,
  type ItemDecision,
  type ItemOutcome,
  type NamedItem,
} from "../../engine/approval/items.ts";
import { checkItemDecisions } from "../../engine/forms/values/items.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { fieldsOf, type Form, type FormProblem, type ItemDecisionsField } from "../../engine/forms/form.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { askedCodes, memberOf, type StepForm } from "./step-form.ts";

const namedItem = z.object({ code: z.string(), name: z.string(), nameEn: z.string().optional() });

/** What an outcome says of the items. One that is not here (a return, an extension) decides no item. */
const outcomesOfItems: Readonly<Record<string, readonly ItemOutcome[]>> = {
  approve: ["granted"],
  partial: ["partial"],
  refuse: ["refused"],
  agree: ["granted", "partial"],
};

/** The first of the outcomes that says of the items what was decided on them; `null` where none does. */
export function outcomeOfItems(decisions: readonly ItemDecision[], outcomes: readonly string[]): string | null {
  const come = overallOutcome(decisions);
  return outcomes.find((outcome) => outcomesOfItems[outcome]?.includes(come)) ?? null;
}

/** The field of a step that decides items; `null` where it has none. */
export function decisionsField(form: Form | null): ItemDecisionsField | null {
  const fields = fieldsOf(form?.components ?? []);
  return fields.find((known): known is ItemDecisionsField => known.kind === "itemDecisions") ?? null;
}

/** A decision as it is sent: the outcome for the whole, and the reason that a refusal of everything gives. */
export interface WholeDecision {
  readonly outcome: string | null;
  readonly reasonCode: string | null;
  readonly citation: string | null;
  readonly opinion: string;
}

export interface DecidedByStep {
  readonly field: ItemDecisionsField;
  readonly decisions: readonly ItemDecision[];
}

export type ItemsOfStep =
  | { readonly decided: DecidedByStep | null; readonly problems: readonly [] }
  | { readonly decided: null; readonly problems: readonly FormProblem[] };

/**
 * What a step decides on each item: as the official filled in the table, or, where it was left out, what the outcome says of the
 * whole. The outcome has to say the same as the table.
 */
export function itemsOfStep(
  step: StepForm | null,
  written: Readonly<Record<string, unknown>>,
  whole: WholeDecision,
): ItemsOfStep {
  const field = decisionsField(step?.form ?? null);
  const allowed = outcomesOfItems[whole.outcome ?? ""];
  if (!step || !field || !allowed || field.choices.length === 0) return { decided: null, problems: [] };
  const place = `form.${field.key}`;
  const given = written[field.key] ?? impliedBy(field, whole);
  if (given === null) return wrong("ITEMS_MISSING", place, "请逐项作出决定", "Decide each item");
  const checked = checkItemDecisions(field, given, { context: step.context, place });
  if ("problems" in checked) return { decided: null, problems: checked.problems };
  const decisions = itemDecisionsSchema.parse(checked.value);
  if (allowed.includes(overallOutcome(decisions))) return { decided: { field, decisions }, problems: [] };
  const says = outcomeNames[overallOutcome(decisions)];
  return wrong(
    "OUTCOME_NOT_OF_ITEMS",
    "outcome",
    `结论与逐项决定不一致：逐项决定合计为“${says.zh}”`,
    `The outcome differs from the decisions on the items, which come to: ${says.en}`,
  );
}

const outcomeNames: Readonly<Record<ItemOutcome, { readonly zh: string; readonly en: string }>> = {
  granted: { zh: "同意", en: "granted" },
  partial: { zh: "部分同意", en: "granted in part" },
  refused: { zh: "不予共享", en: "refused" },
};

function impliedBy(field: ItemDecisionsField, { outcome, reasonCode, citation, opinion }: WholeDecision) {
  const asked = field.choices.map(({ value }) => value);
  if (outcome === "approve" || outcome === "agree") return wholeDecision(asked, null);
  if (outcome === "refuse") return wholeDecision(asked, { reasonCode: reasonCode ?? "", citation, reason: opinion });
  return null;
}

function wrong(code: string, place: string, zh: string, en: string): ItemsOfStep {
  return { decided: null, problems: [{ code, place, message: { zh, en } }] };
}

/** Variables that a binding decision leaves in the case: the decisions with the region that took them, and what they give. */
export function variablesOf(
  { field, decisions }: DecidedByStep,
  task: Row,
  instance: Row,
  variables: Variables,
): Variables {
  if (field.rank === "proposal") return {};
  const names = field.choices.map(({ value, label }) => ({ code: value, name: label.zh }));
  return plain({
    decidedItems: { decisions, region: text(task, "region"), element: text(task, "element") },
    delivery: specificationOf(names, decisions, instance, variables),
  });
}

function specificationOf(
  items: readonly { readonly code: string; readonly name: string }[],
  decisions: readonly ItemDecision[],
  instance: Row,
  variables: Variables,
): DeliverySpecification {
  const asked = (name: string) => {
    const value = memberOf(variables["request"], name);
    return typeof value === "string" ? value : typeof value === "number" ? String(value) : null;
  };
  return deliverySpecification(
    {
      items,
      regionFilter: text(instance, "applicant_region"),
      mode: asked("mode"),
      frequency: asked("frequency"),
      volume: asked("volume"),
      from: asked("from"),
      to: asked("to"),
    },
    decisions,
  );
}

/**
 * What is delivered, as far as the case has decided it. A dispute that ended with “to be shared” gives the whole application: it
 * was settled above those who refused. Otherwise the decisions on the items say it; where a process decides only on the whole
 * (unconditional data, an emergency), reaching the grant means the whole. Throws where a partial grant names no items, or where
 * every item was refused: that is an incident, and never a grant of everything.
 */
export function grantedSpecification(
  items: readonly NamedItem[],
  instance: Row,
  variables: Variables,
): DeliverySpecification {
  const whole = () =>
    specificationOf(
      items,
      wholeDecision(
        items.map(({ code }) => code),
        null,
      ),
      instance,
      variables,
    );
  if (variables["disputeResult"] === "share") return whole();
  const decided = itemDecisionsSchema.safeParse(memberOf(variables["decidedItems"], "decisions"));
  if (decided.success) {
    if (decided.data.length > 0 && overallOutcome(decided.data) === "refused")
      throw new Error("every item was refused, so there is nothing to grant");
    return specificationOf(items, decided.data, instance, variables);
  }
  if (variables["decision"] === "partial") throw new Error("the partial grant names no items");
  return whole();
}

/** Items that the application asks for, with the names that the catalogue gave them when it was made; codes where it noted none. */
export function namedItems(variables: Variables): readonly NamedItem[] {
  const noted = z.array(namedItem).safeParse(variables["askedItems"]);
  return noted.success ? noted.data : askedCodes(variables).map((code) => ({ code, name: code }));
}

/** What the journal tells of the decisions, with the items' names, so that a sentence needs no catalogue. */
export function toldItems({ field, decisions }: DecidedByStep): Variables {
  const items = decisions.map((decided) => {
    const label = field.choices.find(({ value }) => value === decided.code)?.label;
    return { ...decided, name: label?.zh ?? decided.code, nameEn: label?.en ?? decided.code };
  });
  return plain({ rank: field.rank, items });
}

function plain(value: object): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(value)) as Readonly<Record<string, Json>>;
}
