import { compileActivity, isActivityType } from "./compile-activity.ts";
import { scopeData } from "./compile-data.ts";
import { compileEvent } from "./compile-event.ts";
import { compileGateway } from "./compile-gateway.ts";
import { conditionOf, type DefinitionsIndex, type Report } from "./compile-parts.ts";
import { withoutConsequences } from "./consequences.ts";
import { connected, scopeModel, type ScopeContents } from "./connect.ts";
import { indexDefinitions, indexProcess } from "./definitions-index.ts";
import { gate } from "./gate.ts";
import { checkStructure } from "./structure.ts";
import { asElement, documentationOf, elementsOf, textOf, wordsOf, type ModdleElement } from "./moddle-element.ts";
import { parseBpmn } from "./parse.ts";
import { problem, type Problem } from "./problems.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { FlowNode, LaneModel, ProcessModel, SequenceFlow } from "./process-model.ts";
import { checkSpecificationRules } from "./rules/specification-rules.ts";
import { executable } from "./support.ts";

export interface CompiledDefinitions {
  /** Executable processes in document order; empty when any problem is an error. */
  readonly processes: readonly ProcessModel[];
  readonly problems: readonly Problem[];
}

/**
 * Compiles a BPMN 2.0 file into the models that the engine runs. Never throws for what a file may hold: everything wrong is
 * a problem that names the element, and a file with an error yields no process.
 */
export async function compileDefinitions(xml: string): Promise<CompiledDefinitions> {
  const parsed = await parseBpmn(xml);
  const problems: Problem[] = [...parsed.problems];
  if (!parsed.definitions) return { processes: [], problems };
  const report: Report = (found) => problems.push(found);
  problems.push(...checkSpecificationRules(parsed.definitions));
  const index = indexDefinitions(parsed.definitions, report);
  const executableProcesses = elementsOf(parsed.definitions["rootElements"]).filter(
    (root) => root.$type === "bpmn:Process" && root["isExecutable"] === true,
  );
  if (executableProcesses.length === 0 && !problems.some((found) => found.severity === "error")) {
    const drawn = elementsOf(parsed.definitions["rootElements"]).find((root) => root.$type === "bpmn:Process");
    report(
      problem(
        "PROCESS_NOT_EXECUTABLE",
        drawn?.id ?? null,
        '文件中没有可执行的流程；请在流程上设置 isExecutable="true"',
        'The file has no executable process; set isExecutable="true" on the process',
      ),
    );
  }
  const globalTasks = elementsOf(parsed.definitions["rootElements"]).filter((root) =>
    (executable.globalTasks as readonly string[]).includes(root.$type),
  );
  const processes = [
    ...executableProcesses.map((process) => compileProcess(process, indexProcess(process, index))),
    ...globalTasks.map((task) => compileGlobalTask(task, index)),
  ];
  const failed = problems.some((found) => found.severity === "error");
  return { processes: failed ? [] : processes, problems: withoutConsequences(problems) };
}

function compileProcess(process: ModdleElement, index: DefinitionsIndex): ProcessModel {
  const { report } = index;
  const id = process.id ?? "";
  const elements = new Map<string, FlowNode>();
  const flows = new Map<string, SequenceFlow>();
  const contents: ScopeContents[] = [];
  const lanes: LaneModel[] = [];
  checkId(process, report);
  collectLanes(process, lanes);

  const collect = (scope: ModdleElement, depth: number): void => {
    if (depth > gate.depth) {
      report(
        problem(
          "NESTING_TOO_DEEP",
          scope.id ?? null,
          `子流程嵌套超过 ${gate.depth} 层`,
          `Sub-processes are nested more than ${gate.depth} deep`,
        ),
      );
      return;
    }
    const scopeId = scope.id ?? "";
    const nodes: string[] = [];
    for (const element of elementsOf(scope["flowElements"])) {
      checkId(element, report);
      if (element.$type === "bpmn:SequenceFlow") {
        const flow = compileFlow(element, report);
        if (flow) flows.set(flow.id, flow);
        continue;
      }
      const node = compileNode(element, scopeId, index, scope["triggeredByEvent"] === true);
      if (!node) continue;
      elements.set(node.id, node);
      nodes.push(node.id);
      if (node.kind === "subProcess") collect(element, depth + 1);
    }
    contents.push({ id: scopeId, nodes, data: scopeData(scope, index.usedData) });
  };
  collect(process, 0);
  const attached = connected(elements, flows, index.handlers);
  const scopes = new Map(contents.map((content) => [content.id, scopeModel(content, attached)]));
  const model: ProcessModel = {
    id,
    name: textOf(process["name"]),
    documentation: documentationOf(process),
    limit: textOf(process["limit"]),
    material: wordsOf(process["material"]),
    elements: attached,
    flows,
    scopes,
    lanes,
    calls: [...attached.values()].flatMap((node) => (node.kind === "callActivity" ? [node.calledProcess] : [])),
  };
  checkStructure(model, report);
  return model;
}

/** A global task is called like a process that holds nothing else. */
function compileGlobalTask(task: ModdleElement, index: DefinitionsIndex): ProcessModel {
  const node = compileActivity(task, task.id ?? "", index);
  return {
    id: node.id,
    name: node.name,
    documentation: node.documentation,
    limit: null,
    material: [],
    elements: new Map([[node.id, node]]),
    flows: new Map(),
    scopes: new Map([[node.id, scopeModel({ id: node.id, nodes: [node.id], data: [] }, new Map([[node.id, node]]))]]),
    lanes: [],
    calls: [],
  };
}

function compileNode(
  element: ModdleElement,
  parent: string,
  index: DefinitionsIndex,
  inEventSubProcess: boolean,
): FlowNode | null {
  const type = element.$type;
  if (isActivityType(type)) return compileActivity(element, parent, index);
  if ((executable.gateways as readonly string[]).includes(type)) return compileGateway(element, parent, index.report);
  if ((executable.events as readonly string[]).includes(type))
    return compileEvent(element, parent, index, inEventSubProcess);
  if ((executable.drawn as readonly string[]).includes(type)) return null;
  index.report(
    problem(
      "ELEMENT_UNSUPPORTED",
      element.id ?? null,
      `元素 ${element.id ?? "?"}（${type}）暂不支持执行`,
      `Element ${element.id ?? "?"} (${type}) is not supported for execution`,
    ),
  );
  return null;
}

function compileFlow(element: ModdleElement, report: Report): SequenceFlow | null {
  const source = asElement(element["sourceRef"])?.id;
  const target = asElement(element["targetRef"])?.id;
  if (!element.id || !source || !target) {
    report(breachOf("FLOW_DANGLING", element.id ?? null));
    return null;
  }
  return {
    id: element.id,
    name: textOf(element["name"]),
    documentation: documentationOf(element),
    source,
    target,
    condition: conditionOf(element, report),
  };
}

function collectLanes(process: ModdleElement, lanes: LaneModel[]): void {
  const walk = (sets: readonly ModdleElement[]): void => {
    for (const lane of sets.flatMap((set) => elementsOf(set["lanes"]))) {
      lanes.push({
        id: lane.id ?? "",
        name: textOf(lane["name"]),
        nodes: elementsOf(lane["flowNodeRef"]).flatMap((node) => (node.id ? [node.id] : [])),
      });
      const nested = asElement(lane["childLaneSet"]);
      if (nested) walk([nested]);
    }
  };
  walk(elementsOf(process["laneSets"]));
}

const idPattern = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

function checkId(element: ModdleElement, report: Report): void {
  const id = element.id;
  if (!id || !idPattern.test(id) || id in Object.prototype) {
    report(breachOf("ID_INVALID", id ?? null));
  }
}
