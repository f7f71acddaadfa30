import { signingRules } from "./compile-signing.ts";
import { dataOf } from "./compile-data.ts";
import { fieldRightsOf } from "./compile-field-rights.ts";
import { multiInstanceOf, standardLoopOf } from "./compile-loop.ts";
import { messageOf } from "./compile-message.ts";
import {
  assignments,
  compileOptional,
  formalExpression,
  isFeel,
  nodeBase,
  refuse,
  type DefinitionsIndex,
} from "./compile-parts.ts";
import { asElement, textOf, wordsOf, type ModdleElement } from "./moddle-element.ts";
import { problem } from "./problems.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { Activity, AdHocModel, CallActivity, SubProcessActivity, TaskActivity } from "./process-model.ts";
import { executable, refused } from "./support.ts";

export function isActivityType(type: string): boolean {
  return (executable.activities as readonly string[]).includes(type);
}

const taskKinds: Readonly<Record<string, TaskActivity["kind"]>> = {
  "bpmn:UserTask": "userTask",
  "bpmn:GlobalUserTask": "userTask",
  "bpmn:ServiceTask": "serviceTask",
  "bpmn:BusinessRuleTask": "businessRuleTask",
  "bpmn:GlobalBusinessRuleTask": "businessRuleTask",
  "bpmn:ScriptTask": "scriptTask",
  "bpmn:GlobalScriptTask": "scriptTask",
  "bpmn:SendTask": "sendTask",
  "bpmn:ReceiveTask": "receiveTask",
  "bpmn:ManualTask": "manualTask",
  "bpmn:GlobalManualTask": "manualTask",
  "bpmn:Task": "task",
  "bpmn:GlobalTask": "task",
};

export function compileActivity(element: ModdleElement, parent: string, index: DefinitionsIndex): Activity {
  const base = {
    ...nodeBase(element, parent, index.report),
    step: textOf(element["step"]) ?? element.id ?? "",
    at: textOf(element["at"]),
    role: textOf(element["role"]),
    limit: textOf(element["limit"]),
    pauses: textOf(element["pauses"]),
    defaultFlow: asElement(element["default"])?.id ?? null,
    multiInstance: multiInstanceOf(element, index),
    standardLoop: standardLoopOf(element, index),
    data: dataOf(element, index.report),
    forCompensation: element["isForCompensation"] === true,
    // Filled when the boundary events are known.
    compensatedBy: null,
    startQuantity: Number(element["startQuantity"] ?? 1),
    completionQuantity: Number(element["completionQuantity"] ?? 1),
    boundary: [],
  };
  switch (element.$type) {
    case "bpmn:SubProcess":
    case "bpmn:Transaction":
    case "bpmn:AdHocSubProcess":
      return { ...base, ...subProcessParts(element, index) };
    case "bpmn:CallActivity":
      return { ...base, ...callParts(element, index) };
    default:
      return { ...base, ...taskParts(element, index) };
  }
}

type Parts<T extends Activity> = Pick<T, Exclude<keyof T, keyof Omit<Activity, "kind">> | "kind">;

function subProcessParts(element: ModdleElement, index: DefinitionsIndex): Parts<SubProcessActivity> {
  const kind = "subProcess";
  if (element["triggeredByEvent"] === true) return { kind, variant: "event", adHoc: null };
  if (element.$type === "bpmn:Transaction") return { kind, variant: "transaction", adHoc: null };
  if (element.$type === "bpmn:AdHocSubProcess") return { kind, variant: "adHoc", adHoc: adHocOf(element, index) };
  return { kind, variant: "embedded", adHoc: null };
}

function adHocOf(element: ModdleElement, { report }: DefinitionsIndex): AdHocModel {
  return {
    sequential: element["ordering"] === "Sequential",
    completionCondition: formalExpression(element["completionCondition"], element, report),
    cancelRemaining: element["cancelRemainingInstances"] !== false,
  };
}

function callParts(element: ModdleElement, { report }: DefinitionsIndex): Parts<CallActivity> {
  const calledProcess = textOf(element["calledElement"]);
  const binding = textOf(element["binding"]) ?? "latest";
  if (!calledProcess) {
    report(breachOf("CALLED_PROCESS_MISSING", element.id ?? null));
  }
  if (binding !== "latest" && binding !== "deployment") {
    report(
      problem(
        "BINDING_INVALID",
        element.id ?? null,
        `调用活动 ${element.id ?? "?"} 的版本绑定 “${binding}” 应为 latest 或 deployment`,
        `The binding “${binding}” of call activity ${element.id ?? "?"} must be latest or deployment`,
      ),
    );
  }
  return {
    kind: "callActivity",
    calledProcess: calledProcess ?? "",
    binding: binding === "deployment" ? "deployment" : "latest",
    inputs: assignments(element, "jieli:In", report),
  };
}

function taskParts(element: ModdleElement, index: DefinitionsIndex): Parts<TaskActivity> {
  const kind = taskKinds[element.$type] ?? "task";
  const withMessage = kind === "receiveTask" || kind === "sendTask";
  const withTopic = kind === "serviceTask" || kind === "sendTask" || kind === "businessRuleTask";
  return {
    kind,
    form: textOf(element["form"]),
    fieldRights: fieldRightsOf(element, index.report),
    signing: signingRules(element, index.report),
    choices: {
      branches: wordsOf(element["branches"]),
      peopleFor: wordsOf(element["peopleFor"]),
      peopleRequired: element["peopleRequired"] === true,
    },
    outcomes: wordsOf(element["outcomes"]),
    reviews: wordsOf(element["reviews"]),
    resultVariable: textOf(element["resultVariable"]),
    topic: withTopic ? (textOf(element["topic"]) ?? element.id ?? "") : null,
    expression: expressionOf(element, kind, index),
    message: withMessage ? messageOf(element["messageRef"], element, index, kind === "receiveTask") : null,
    instantiate: kind === "receiveTask" && element["instantiate"] === true,
  };
}

function expressionOf(element: ModdleElement, kind: TaskActivity["kind"], { report }: DefinitionsIndex) {
  if (kind === "businessRuleTask") return compileOptional(textOf(element["expression"]), element, report);
  if (kind !== "scriptTask") return null;
  const language = textOf(element["scriptFormat"]) ?? textOf(element["scriptLanguage"]);
  if (language === null || !isFeel(language)) {
    report(refuse(element, refused.scriptLanguage));
    return null;
  }
  return compileOptional(textOf(element["script"]), element, report);
}
