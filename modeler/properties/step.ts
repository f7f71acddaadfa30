import { CheckboxGroup } from "@bpmn-io/properties-panel";
import { isA, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import type { LimitTerm, Term } from "../vocabulary.ts";
import {
  attribute,
  inLanguage,
  pickList,
  textArea,
  textField,
  type Choice,
  type Entry,
  type PanelContext,
} from "./fields.ts";

/** 环节与承办: which step of the route tables this is, and who acts. */
export function stepEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const own = (property: string) => attribute(context, element, element.businessObject, property);
  return [
    textField(context, {
      id: "step",
      label: "Step key",
      description: "Route tables refer to the step by this key; without it the element's id counts.",
      ...own("step"),
    }),
    pickList(context, {
      id: "at",
      label: "Acting at",
      choices: termChoices(context, context.vocabulary.positions),
      ...own("at"),
    }),
    pickList(context, {
      id: "role",
      label: "Acting role",
      choices: termChoices(context, context.vocabulary.roles),
      ...own("role"),
    }),
  ];
}

/** 审批时限: a limit code, never a number. `owner` is the process where a pool is selected. */
export function limitEntries(context: PanelContext, element: DiagramElement, owner: BusinessObject): readonly Entry[] {
  const code = textOf(owner, "limit");
  const limit = context.vocabulary.limits.find((candidate) => candidate.code === code);
  const entries = [
    {
      ...pickList(context, {
        id: "limit",
        label: isA(owner, "bpmn:Process") ? "End-to-end limit" : "Limit code",
        choices: limitChoices(context),
        ...attribute(context, element, owner, "limit"),
      }),
      description: limit ? resolvedText(context, limit) : undefined,
    },
  ];
  if (isA(owner, "bpmn:Process"))
    return [
      ...entries,
      textField(context, {
        id: "material",
        label: "Material fields",
        description: "Fields whose change after a return makes the case walk its way again, such as request.items.",
        ...attribute(context, element, owner, "material"),
      }),
    ];
  return [
    ...entries,
    textField(context, {
      id: "pauses",
      label: "This step pauses",
      description: "Reason for which the case's running clocks stop while this step is open, such as supplement.",
      ...attribute(context, element, owner, "pauses"),
    }),
  ];
}

/** 表单与结论. Outcomes are kept in the order of the vocabulary, codes that it lacks after them. */
export function formEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  const chosen = (textOf(businessObject, "outcomes") ?? "").split(/[\s,]+/).filter((code) => code !== "");
  const known = termChoices(context, context.vocabulary.outcomes);
  const unknown = chosen.filter((code) => !known.some((choice) => choice.value === code));
  const { translate } = context.translation;
  return [
    pickList(context, {
      id: "form",
      label: "Form",
      choices: context.vocabulary.forms.map((form) => ({ value: form.key, label: inLanguage(context, form.name) })),
      ...attribute(context, element, businessObject, "form"),
    }),
    {
      id: "outcomes",
      component: CheckboxGroup,
      label: translate("Outcomes"),
      disabled: context.readOnly,
      options: [
        ...known,
        ...unknown.map((code) => ({ value: code, label: translate("{code} (not in the vocabulary)", { code }) })),
      ],
      getValue: () => chosen,
      setValue: (codes: readonly string[]) =>
        context.drawing.get("modeling").updateModdleProperties(element, businessObject, {
          outcomes: codes.length === 0 ? undefined : codes.join(" "),
        }),
    },
    textField(context, {
      id: "reviews",
      label: "Looks at",
      description:
        "Fields, such as request.items request.purpose. After a return, a step whose fields did not change is not asked again.",
      ...attribute(context, element, businessObject, "reviews"),
    }),
    textField(context, {
      id: "resultVariable",
      label: "Result variable",
      ...attribute(context, element, businessObject, "resultVariable"),
    }),
  ];
}

/** 服务: what an outside worker, or for a rule task an expression, does. */
export function serviceEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const own = (property: string) => attribute(context, element, element.businessObject, property);
  const entries = [
    pickList(context, {
      id: "topic",
      label: "Topic",
      choices: termChoices(context, context.vocabulary.topics),
      ...own("topic"),
    }),
    textField(context, { id: "resultVariable", label: "Result variable", ...own("resultVariable") }),
  ];
  if (isA(element, "bpmn:BusinessRuleTask"))
    entries.push(
      textArea(context, { id: "expression", label: "Expression (FEEL)", monospace: true, ...own("expression") }),
    );
  return entries;
}

/** Limits as they are picked here and for a timer's clock: name, value in force, verified or not. */
export function limitChoices(context: PanelContext): readonly Choice[] {
  const { translate } = context.translation;
  return context.vocabulary.limits.map((limit) => ({
    value: limit.code,
    label: `${inLanguage(context, limit.name)} · ${limit.value} ${translate(limit.unit)} · ${limit.verified ? `✓ ${translate("verified")}` : `? ${translate("not verified")}`} (${limit.code})`,
  }));
}

function resolvedText(context: PanelContext, limit: LimitTerm): string {
  const { translate } = context.translation;
  const sentence = translate("Limit in force: {value} {unit}. Source: {source}.", {
    value: limit.value,
    unit: translate(limit.unit),
    source: limit.source,
  });
  return limit.verified
    ? `✓ ${sentence}`
    : `${sentence} ${translate("The figure has not been compared with its legal source yet.")}`;
}

function termChoices(context: PanelContext, terms: readonly Term[]): readonly Choice[] {
  return terms.map((term) => ({ value: term.code, label: `${inLanguage(context, term.name)} (${term.code})` }));
}
