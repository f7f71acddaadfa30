import { messageOf, type DefinitionsIndex } from "./compile-event.ts";
import { assignments, compileOptional, formalExpression, nodeBase, unsupported, type Report } from "./compile-parts.ts";
import { asElement, elementsOf, textOf, type ModdleElement } from "./parse.ts";
import { problem } from "./problems.ts";
import type { Activity, MultiInstanceModel, TaskActivity } from "./process-model.ts";
import { executable } from "./support.ts";

export function isActivityType(type: string): boolean {
  return (executable.activities as readonly string[]).includes(type);
}

const taskKinds: Readonly<Record<string, TaskActivity["kind"]>> = {
  "bpmn:UserTask": "userTask",
  "bpmn:ServiceTask": "serviceTask",
  "bpmn:BusinessRuleTask": "businessRuleTask",
  "bpmn:SendTask": "sendTask",
  "bpmn:ReceiveTask": "receiveTask",
  "bpmn:ManualTask": "manualTask",
  "bpmn:Task": "task",
};

export function compileActivity(element: ModdleElement, parent: string, index: DefinitionsIndex): Activity {
  const { report } = index;
  refuseVariants(element, report);
  const base = {
    ...nodeBase(element, parent, report),
    step: textOf(element["step"]) ?? element.id ?? "",
    at: textOf(element["at"]),
    role: textOf(element["role"]),
    limit: textOf(element["limit"]),
    pauses: textOf(element["pauses"]),
    defaultFlow: asElement(element["default"])?.id ?? null,
    multiInstance: multiInstanceOf(element, report),
    boundary: [],
  };
  if (element.$type === "bpmn:SubProcess") return { ...base, kind: "subProcess" };
  if (element.$type === "bpmn:CallActivity") {
    const calledProcess = textOf(element["calledElement"]);
    if (!calledProcess) {
      report(
        problem(
          "CALLED_PROCESS_MISSING",
          base.id,
          `调用活动 ${base.id} 未指定被调用流程（calledElement）`,
          `Call activity ${base.id} names no process (calledElement)`,
        ),
      );
    }
    return {
      ...base,
      kind: "callActivity",
      calledProcess: calledProcess ?? "",
      inputs: assignments(element, "jieli:In", report),
    };
  }
  const kind = taskKinds[element.$type] ?? "task";
  return {
    ...base,
    kind,
    form: textOf(element["form"]),
    outcomes: (textOf(element["outcomes"]) ?? "").split(/[\s,]+/).filter((outcome) => outcome !== ""),
    resultVariable: textOf(element["resultVariable"]),
    topic: ["serviceTask", "sendTask", "businessRuleTask"].includes(kind)
      ? (textOf(element["topic"]) ?? base.id)
      : null,
    expression: kind === "businessRuleTask" ? compileOptional(textOf(element["expression"]), element, report) : null,
    message: ["receiveTask", "sendTask"].includes(kind)
      ? messageOf(element["messageRef"], element, index, kind === "receiveTask")
      : null,
  };
}

function refuseVariants(element: ModdleElement, report: Report): void {
  if (element["isForCompensation"] === true) report(unsupported(element, "补偿活动", "a compensation activity"));
  if (element["triggeredByEvent"] === true) report(unsupported(element, "事件子流程", "an event sub-process"));
  if (element["instantiate"] === true)
    report(unsupported(element, "启动流程的接收任务", "an instantiating receive task"));
  if (Number(element["startQuantity"] ?? 1) !== 1 || Number(element["completionQuantity"] ?? 1) !== 1) {
    report(
      unsupported(element, "startQuantity 或 completionQuantity", "a startQuantity or completionQuantity other than 1"),
    );
  }
  if (
    elementsOf(element["dataInputAssociations"]).length + elementsOf(element["dataOutputAssociations"]).length > 0 ||
    asElement(element["ioSpecification"])
  ) {
    report(
      unsupported(
        element,
        "数据关联（请使用 jieli:in / jieli:out）",
        "a data association (use jieli:in and jieli:out)",
      ),
    );
  }
}

function multiInstanceOf(element: ModdleElement, report: Report): MultiInstanceModel | null {
  const loop = asElement(element["loopCharacteristics"]);
  if (!loop) return null;
  if (loop.$type !== "bpmn:MultiInstanceLoopCharacteristics") {
    report(unsupported(element, "标准循环", "a standard loop"));
    return null;
  }
  if (loop["behavior"] && loop["behavior"] !== "All")
    report(unsupported(element, "多实例事件行为", "a multi-instance event behaviour"));
  if (asElement(loop["loopDataInputRef"]) || asElement(loop["loopDataOutputRef"])) {
    report(
      unsupported(element, "loopDataInputRef（请使用 jieli:collection）", "loopDataInputRef (use jieli:collection)"),
    );
  }
  const model: MultiInstanceModel = {
    sequential: loop["isSequential"] === true,
    cardinality: formalExpression(loop["loopCardinality"], element, report),
    collection: compileOptional(textOf(loop["collection"]), element, report),
    elementVariable: textOf(loop["elementVariable"]),
    completionCondition: formalExpression(loop["completionCondition"], element, report),
    outputElement: compileOptional(textOf(loop["outputElement"]), element, report),
    outputCollection: textOf(loop["outputCollection"]),
  };
  if (!model.cardinality && !model.collection) {
    report(
      problem(
        "MULTI_INSTANCE_INCOMPLETE",
        element.id ?? null,
        `多实例 ${element.id ?? "?"} 既无次数也无集合`,
        `Multi-instance ${element.id ?? "?"} has neither a cardinality nor a collection`,
      ),
    );
  }
  return model;
}
