import {
  childOf,
  childrenOf,
  isA,
  isBusinessObject,
  textOf,
  type BusinessObject,
  type DiagramElement,
} from "../diagram.ts";
import {
  asOneStep,
  attribute,
  change,
  createChild,
  pickList,
  textArea,
  textField,
  type Entry,
  type PanelContext,
} from "./fields.ts";

interface RootKind {
  readonly type: string;
  readonly reference: string;
  readonly label: string;
  readonly nameLabel: string;
  readonly detail: { readonly property: string; readonly label: string } | null;
}

const message: RootKind = {
  type: "bpmn:Message",
  reference: "messageRef",
  label: "Message",
  nameLabel: "Message name",
  detail: { property: "correlationKey", label: "Correlation key (FEEL)" },
};

const kinds: Readonly<Record<string, RootKind>> = {
  "bpmn:MessageEventDefinition": message,
  "bpmn:SignalEventDefinition": {
    type: "bpmn:Signal",
    reference: "signalRef",
    label: "Signal",
    nameLabel: "Signal name",
    detail: null,
  },
  "bpmn:ErrorEventDefinition": {
    type: "bpmn:Error",
    reference: "errorRef",
    label: "Error",
    nameLabel: "Error name",
    detail: { property: "errorCode", label: "Error code" },
  },
  "bpmn:EscalationEventDefinition": {
    type: "bpmn:Escalation",
    reference: "escalationRef",
    label: "Escalation",
    nameLabel: "Escalation name",
    detail: { property: "escalationCode", label: "Escalation code" },
  },
  "bpmn:SendTask": message,
  "bpmn:ReceiveTask": message,
};

const createNew = "\u0000new";

/** 事件: which message, signal, error or escalation. They belong to the file and are shared by all that refer to them. */
export function referenceEntries(
  context: PanelContext,
  element: DiagramElement,
  owner: BusinessObject,
): readonly Entry[] {
  const kind = kinds[owner.$type];
  const definitions = definitionsOf(context);
  if (!kind || !definitions) return [];
  const roots = childrenOf(definitions, "rootElements").filter((root) => isA(root, kind.type));
  const current = childOf(owner, kind.reference);
  const { translate } = context.translation;
  const picker = pickList(context, {
    id: "reference",
    label: kind.label,
    value: current?.id,
    choices: [
      ...roots.map((root) => ({ value: root.id, label: textOf(root, "name") ?? root.id })),
      { value: createNew, label: translate("New…") },
    ],
    change: (id) => {
      if (id === createNew) return createReference(context, element, owner, kind, definitions);
      asOneStep(context, [change(element, owner, { [kind.reference]: roots.find((root) => root.id === id) })]);
    },
  });
  if (!current) return [picker];
  const entries = [
    picker,
    textField(context, { id: "referenceName", label: kind.nameLabel, ...attribute(context, element, current, "name") }),
  ];
  if (!kind.detail) return entries;
  const detail = {
    id: "referenceDetail",
    label: kind.detail.label,
    ...attribute(context, element, current, kind.detail.property),
  };
  return [
    ...entries,
    kind === message ? textArea(context, { ...detail, monospace: true }) : textField(context, detail),
  ];
}

function createReference(
  context: PanelContext,
  element: DiagramElement,
  owner: BusinessObject,
  kind: RootKind,
  definitions: BusinessObject,
): void {
  const root = createChild(context, definitions, kind.type, {});
  const roots = definitions.get("rootElements");
  asOneStep(context, [
    change(element, definitions, { rootElements: [...(Array.isArray(roots) ? roots : []), root] }),
    change(element, owner, { [kind.reference]: root }),
  ]);
}

function definitionsOf(context: PanelContext): BusinessObject | undefined {
  let owner: unknown = context.drawing.get("canvas").getRootElement().businessObject;
  while (isBusinessObject(owner) && !owner.$instanceOf("bpmn:Definitions"))
    owner = "$parent" in owner ? owner.$parent : undefined;
  return isBusinessObject(owner) ? owner : undefined;
}
