import {
  forbiddableName,
  forbiddables,
  operations,
  type Forbiddable,
  type OperationRule,
} from "../../engine/approval/operations.ts";
import { policyKinds, policyNames, readPolicy, type PolicyParameters } from "../../engine/approval/policy.ts";
import { isPosition, positions, type Position } from "../../engine/routing/positions.ts";
import { skipRules } from "../../engine/model/process-model.ts";
import { textOf, type DiagramElement } from "../diagram.ts";
import {
  attribute,
  checkbox,
  checkboxGroup,
  inLanguage,
  pickList,
  textArea,
  textField,
  type Choice,
  type Entry,
  type PanelContext,
} from "./fields.ts";
import { noParameters, readParameters, withRoles, writeParameters } from "./signing-parameters.ts";

const skipTexts = {
  never: "Asked again",
  adjacent: "Carried over from the step right before",
  any: "Carried over from any earlier step",
} as const;

/** 签署: how several persons sign the step, what may not be done with its task, and who need not approve twice. */
export function signingEntries(context: PanelContext, element: DiagramElement): readonly Entry[] {
  const { businessObject } = element;
  const { translate } = context.translation;
  const kind = textOf(businessObject, "approval");
  const json = textOf(businessObject, "approvalParameters");
  const parameters = readParameters(json);
  return [
    {
      ...pickList(context, {
        id: "approval",
        label: "Signing policy",
        choices: policyKinds.map((policy) => ({
          value: policy,
          label: `${inLanguage(context, policyNames[policy])} (${policy})`,
        })),
        value: kind,
        change: (next) => write(context, element, next, parameters ?? noParameters),
      }),
      description: problemOf(context, kind, json),
    },
    ...(kind === undefined
      ? []
      : parameters === null
        ? [rawParameters(context, element)]
        : parameterEntries(context, element, { kind, parameters })),
    forbiddenEntry(context, element),
    pickList(context, {
      id: "skipRepeated",
      label: "Who has approved already",
      choices: skipRules.map((rule) => ({ value: rule, label: `${translate(skipTexts[rule])} (${rule})` })),
      ...attribute(context, element, businessObject, "skipRepeated"),
    }),
  ];
}

function write(
  context: PanelContext,
  element: DiagramElement,
  kind: string | undefined,
  parameters: PolicyParameters,
): void {
  context.drawing.get("modeling").updateModdleProperties(element, element.businessObject, {
    approval: kind,
    approvalParameters: writeParameters(kind, parameters),
  });
}

/** What publication would say of the policy, beside the field. */
function problemOf(context: PanelContext, kind: string | undefined, json: string | undefined): string | undefined {
  if (kind === undefined) return undefined;
  const read = readPolicy(kind, readJson(json));
  return read.ok ? undefined : `⚠ ${inLanguage(context, read.problem.message)}`;
}

function readJson(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "{}");
  } catch (error) {
    if (error instanceof SyntaxError) return "no JSON";
    throw error;
  }
}

function rawParameters(context: PanelContext, element: DiagramElement): Entry {
  return textArea(context, {
    id: "approvalParameters",
    label: "Parameters (JSON)",
    monospace: true,
    ...attribute(context, element, element.businessObject, "approvalParameters"),
  });
}

interface Shown {
  readonly kind: string;
  readonly parameters: PolicyParameters;
}

function parameterEntries(context: PanelContext, element: DiagramElement, shown: Shown): readonly Entry[] {
  const { kind, parameters } = shown;
  const change = (changes: Partial<PolicyParameters>) => write(context, element, kind, { ...parameters, ...changes });
  return [
    ...(kind === "single" ? [] : signerEntries(context, parameters, change)),
    ...(kind === "vote" ? voteEntries(context, parameters, change) : []),
    checkbox(context, {
      id: "signingVeto",
      label: "Every signer has a veto",
      value: parameters.veto,
      change: (veto) => change({ veto }),
    }),
    checkbox(context, {
      id: "hearAll",
      label: "Everybody is heard before there is a result",
      value: parameters.hearAll,
      change: (hearAll) => change({ hearAll }),
    }),
  ];
}

type Change = (changes: Partial<PolicyParameters>) => void;

function voteEntries(context: PanelContext, parameters: PolicyParameters, change: Change): readonly Entry[] {
  const { passShare } = parameters;
  const counted = (id: "passCount" | "refuseCount" | "quorum", label: string): Entry =>
    textField(context, {
      id,
      label,
      value: parameters[id]?.toString(),
      change: (value) => change({ [id]: value === undefined ? undefined : Number(value) }),
      validate: (value) => wholeNumber(context, value),
    });
  return [
    textField(context, {
      id: "passShare",
      label: "Passes with a share in favour (%)",
      value: passShare === undefined ? undefined : String(Math.round(passShare * 1000) / 10),
      change: (value) => change({ passShare: value === undefined ? undefined : Number(value) / 100 }),
      validate: (value) =>
        value === undefined || (Number(value) > 0 && Number(value) <= 100)
          ? null
          : context.translation.translate("A share above 0 and up to 100"),
    }),
    counted("passCount", "Passes with votes in favour"),
    counted("refuseCount", "Fails with votes against"),
    counted("quorum", "Quorum"),
    checkbox(context, {
      id: "abstain",
      label: "Signers may abstain",
      value: parameters.abstain,
      change: (abstain) => change({ abstain }),
    }),
  ];
}

function wholeNumber(context: PanelContext, value: string | undefined): string | null {
  return value === undefined || /^[1-9]\d*$/.test(value)
    ? null
    : context.translation.translate("A whole number above zero");
}

/** Roles that sign, in the order in which they were chosen; each with its weight and rights. */
function signerEntries(context: PanelContext, { signers }: PolicyParameters, change: Change): readonly Entry[] {
  const { translate } = context.translation;
  const known = context.vocabulary.roles.map((role) => ({ value: role.code, label: inLanguage(context, role.name) }));
  const roles = signers.map(({ role }) => role);
  const nameOf = (role: string) => known.find(({ value }) => value === role)?.label ?? role;
  return [
    {
      ...checkboxGroup(context, {
        id: "signers",
        label: translate("Roles that sign"),
        options: withUnknown(context, known, roles),
        value: roles,
        change: (chosen) => change({ signers: withRoles(signers, chosen) }),
      }),
      description: translate("None: everybody who holds the acting role."),
    },
    ...signers.flatMap((signer, at) => {
      const replace = (changed: Partial<typeof signer>) =>
        change({ signers: signers.map((other, index) => (index === at ? { ...other, ...changed } : other)) });
      return [
        {
          ...pickList(context, {
            id: `at-${signer.role}`,
            label: "Organisation that signs",
            choices: positionChoices(context),
            value: signer.at,
            change: (place) => replace({ at: positionOf(place) }),
          }),
          label: translate("Organisation of {role}", { role: nameOf(signer.role) }),
          description: translate("None: the organisation that acts at the step."),
        },
        {
          ...textField(context, {
            id: `weight-${signer.role}`,
            label: "Weight",
            value: String(signer.weight),
            change: (value) => replace({ weight: value === undefined ? 1 : Number(value) }),
            validate: (value) => (value === undefined || Number(value) > 0 ? null : translate("A number above zero")),
          }),
          label: translate("Weight of {role}", { role: nameOf(signer.role) }),
        },
        checkboxGroup(context, {
          id: `rights-${signer.role}`,
          label: translate("Rights of {role}", { role: nameOf(signer.role) }),
          options: [
            { value: "required", label: translate("Must sign") },
            { value: "veto", label: translate("Has a veto") },
          ],
          value: [...(signer.required ? ["required"] : []), ...(signer.veto ? ["veto"] : [])],
          change: (rights) => replace({ required: rights.includes("required"), veto: rights.includes("veto") }),
        }),
      ];
    }),
  ];
}

function positionChoices(context: PanelContext): readonly Choice[] {
  return Object.entries(positions).map(([value, name]) => ({ value, label: inLanguage(context, name) }));
}

function positionOf(code: string | undefined): Position | undefined {
  return code !== undefined && isPosition(code) ? code : undefined;
}

/** 禁止的操作: operations on the task, named as in the matrix. */
function forbiddenEntry(context: PanelContext, element: DiagramElement): Entry {
  const { businessObject } = element;
  const chosen = (textOf(businessObject, "forbids") ?? "").split(/[\s,]+/).filter((name) => name !== "");
  const known = forbiddables
    .filter(isOfStep)
    .map((name) => ({ value: name, label: inLanguage(context, forbiddableName(name)) }));
  return checkboxGroup(context, {
    id: "forbids",
    label: context.translation.translate("Operations that are forbidden here"),
    options: withUnknown(context, known, chosen),
    value: chosen,
    change: (names) =>
      context.drawing.get("modeling").updateModdleProperties(element, businessObject, {
        forbids: names.length === 0 ? undefined : names.join(" "),
      }),
  });
}

/** What is done to the case as a whole is no matter of a step. */
function isOfStep(name: Forbiddable): boolean {
  const rule: OperationRule | null = name === "batch" ? null : operations[name];
  return rule === null || rule.task !== null;
}

function withUnknown(context: PanelContext, known: readonly Choice[], chosen: readonly string[]): readonly Choice[] {
  const unknown = chosen.filter((code) => !known.some(({ value }) => value === code));
  const label = (code: string) => context.translation.translate("{code} (not in the vocabulary)", { code });
  return [...known, ...unknown.map((code) => ({ value: code, label: label(code) }))];
}
