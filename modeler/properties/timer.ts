import { childOf, textOf, type BusinessObject, type DiagramElement } from "../diagram.ts";
import {
  asOneStep,
  attribute,
  change,
  createChild,
  pickList,
  textField,
  type Entry,
  type PanelContext,
} from "./fields.ts";
import { limitChoices } from "./step.ts";

const isoProperties = { date: "timeDate", duration: "timeDuration", cycle: "timeCycle" } as const;
type IsoKind = keyof typeof isoProperties;
const isoKinds: readonly IsoKind[] = ["date", "duration", "cycle"];

const kindLabels = { clock: "Limit clock", date: "Date and time", duration: "Duration", cycle: "Cycle" } as const;

/** 定时: a moment of a limit's clock, or an ISO 8601 value. One excludes the other. */
export function timerEntries(context: PanelContext, element: DiagramElement, timer: BusinessObject): readonly Entry[] {
  const { translate } = context.translation;
  const kind = isoKinds.find((candidate) => childOf(timer, isoProperties[candidate])) ?? "clock";
  const kindEntry = pickList(context, {
    id: "timerKind",
    label: "Kind of timer",
    value: kind,
    required: true,
    choices: (["clock", ...isoKinds] as const).map((value) => ({ value, label: translate(kindLabels[value]) })),
    change: (next) =>
      asOneStep(context, [
        change(
          element,
          timer,
          emptyTimer(
            context,
            timer,
            isoKinds.find((candidate) => candidate === next),
          ),
        ),
      ]),
  });
  if (kind === "clock") {
    return [
      kindEntry,
      pickList(context, {
        id: "clock",
        label: "Clock",
        choices: limitChoices(context),
        ...attribute(context, element, timer, "clock"),
      }),
      textField(context, {
        id: "when",
        label: "Moment",
        description: "due for the deadline itself, or a share of the limit such as 80%.",
        ...attribute(context, element, timer, "when"),
      }),
    ];
  }
  return [
    kindEntry,
    textField(context, {
      id: "timerValue",
      label: "ISO 8601 value, such as P3D, or FEEL",
      description: "ISO durations count calendar days; a legal limit belongs to a clock.",
      value: textOf(childOf(timer, isoProperties[kind]), "body"),
      change: (body) =>
        context.drawing.get("modeling").updateModdleProperties(element, timer, {
          [isoProperties[kind]]: createChild(context, timer, "bpmn:FormalExpression", { body: body ?? "" }),
        }),
    }),
  ];
}

function emptyTimer(
  context: PanelContext,
  timer: BusinessObject,
  kind: IsoKind | undefined,
): Readonly<Record<string, unknown>> {
  const cleared = {
    clock: undefined,
    when: undefined,
    timeDate: undefined,
    timeDuration: undefined,
    timeCycle: undefined,
  };
  return kind
    ? { ...cleared, [isoProperties[kind]]: createChild(context, timer, "bpmn:FormalExpression", { body: "" }) }
    : cleared;
}
