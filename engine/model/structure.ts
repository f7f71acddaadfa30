import type { Report } from "./compile-parts.ts";
import { problem, warning } from "./problems.ts";
import type { FlowNode, ProcessModel, ScopeModel } from "./process-model.ts";

/** Structural rules of BPMN that the parser does not know: what may stand where, and what would never run. */
export function checkStructure(model: ProcessModel, report: Report): void {
  for (const scope of model.scopes.values()) checkStarts(model, scope, report);
  for (const flow of model.flows.values()) checkFlowEnds(model, flow.id, report);
  for (const node of model.elements.values()) checkNode(model, node, report);
  reportUnreachable(model, report);
}

function checkStarts(model: ProcessModel, scope: ScopeModel, report: Report): void {
  const noneStarts = scope.starts.filter((id) => {
    const node = model.elements.get(id);
    return node?.kind === "startEvent" && node.definition === null;
  });
  if (noneStarts.length > 1) {
    report(
      problem(
        "START_AMBIGUOUS",
        scope.id,
        `${scope.id} 有多个空开始事件：${noneStarts.join("、")}`,
        `${scope.id} has several none start events: ${noneStarts.join(", ")}`,
      ),
    );
  }
  if (scope.starts.length === 0 && scope.implicitStarts.length === 0) {
    report(problem("START_MISSING", scope.id, `${scope.id} 没有开始事件`, `${scope.id} has no start event`));
  }
}

function checkFlowEnds(model: ProcessModel, flowId: string, report: Report): void {
  const flow = model.flows.get(flowId);
  if (!flow) return;
  const source = model.elements.get(flow.source);
  const target = model.elements.get(flow.target);
  // An end that is no element here was refused already, as unsupported or unknown.
  if (!source || !target) return;
  if (source.parent !== target.parent) {
    report(
      problem(
        "FLOW_CROSSES_SCOPE",
        flow.id,
        `连线 ${flow.id} 穿越了子流程边界`,
        `Flow ${flow.id} crosses the border of a sub-process`,
      ),
    );
  }
  if (target.kind === "startEvent" || target.kind === "boundaryEvent") {
    report(
      problem(
        "FLOW_INTO_START",
        flow.id,
        `连线 ${flow.id} 不能指向开始或边界事件`,
        `Flow ${flow.id} may not lead into a start or boundary event`,
      ),
    );
  }
  if (source.kind === "endEvent") {
    report(
      problem(
        "FLOW_OUT_OF_END",
        flow.id,
        `连线 ${flow.id} 不能从结束事件引出`,
        `Flow ${flow.id} may not leave an end event`,
      ),
    );
  }
}

function checkNode(model: ProcessModel, node: FlowNode, report: Report): void {
  if (node.kind === "boundaryEvent") {
    const host = model.elements.get(node.attachedTo);
    if (!host || !("boundary" in host)) {
      report(
        problem(
          "BOUNDARY_DANGLING",
          node.id,
          `边界事件 ${node.id} 未附着在活动上`,
          `Boundary event ${node.id} is not attached to an activity`,
        ),
      );
    }
  }
  if ("defaultFlow" in node && node.defaultFlow && !node.outgoing.includes(node.defaultFlow)) {
    report(
      problem(
        "DEFAULT_FLOW_FOREIGN",
        node.id,
        `${node.id} 的默认连线不从它引出`,
        `The default flow of ${node.id} does not leave it`,
      ),
    );
  }
  if (node.kind === "eventBasedGateway") checkEventGateway(model, node, report);
  if ((node.kind === "exclusiveGateway" || node.kind === "inclusiveGateway") && node.outgoing.length > 1)
    checkConditions(model, node, report);
  if (node.outgoing.length === 0 && node.kind !== "endEvent") {
    report(
      warning(
        "NO_WAY_ON",
        node.id,
        `${node.id} 之后没有连线，流程在此静默结束`,
        `Nothing follows ${node.id}; the path ends there silently`,
      ),
    );
  }
}

function checkEventGateway(model: ProcessModel, node: FlowNode, report: Report): void {
  for (const flowId of node.outgoing) {
    const target = model.elements.get(model.flows.get(flowId)?.target ?? "");
    if (target && target.kind !== "intermediateCatchEvent" && target.kind !== "receiveTask") {
      report(
        problem(
          "EVENT_GATEWAY_TARGET",
          node.id,
          `事件网关 ${node.id} 只能连到捕获事件或接收任务，而不是 ${target.id}`,
          `Event-based gateway ${node.id} may lead only to catching events and receive tasks, not to ${target.id}`,
        ),
      );
    }
  }
  if (node.outgoing.length === 0) {
    report(
      problem(
        "EVENT_GATEWAY_TARGET",
        node.id,
        `事件网关 ${node.id} 没有后续事件`,
        `Event-based gateway ${node.id} waits for no event`,
      ),
    );
  }
}

function checkConditions(
  model: ProcessModel,
  node: FlowNode & { readonly defaultFlow: string | null },
  report: Report,
): void {
  for (const flowId of node.outgoing) {
    const flow = model.flows.get(flowId);
    if (flow && !flow.condition && flowId !== node.defaultFlow) {
      report(
        warning(
          "CONDITION_MISSING",
          flowId,
          `网关 ${node.id} 的连线 ${flowId} 既无条件也非默认，视为总是成立`,
          `Flow ${flowId} of gateway ${node.id} has no condition and is not the default: it is always taken`,
        ),
      );
    }
  }
}

function reportUnreachable(model: ProcessModel, report: Report): void {
  const reached = new Set<string>();
  const queue: string[] = [];
  const visit = (id: string): void => {
    if (!reached.has(id)) queue.push(id);
    reached.add(id);
  };
  for (const scope of model.scopes.values()) {
    if (scope.id === model.id || reached.has(scope.id)) [...scope.starts, ...scope.implicitStarts].forEach(visit);
  }
  for (const node of model.elements.values()) if (node.kind === "startEvent") visit(node.id);
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = model.elements.get(id);
    if (!node) continue;
    for (const flowId of node.outgoing) {
      const target = model.flows.get(flowId)?.target;
      if (target) visit(target);
    }
    if ("boundary" in node) node.boundary.forEach(visit);
    if (node.kind === "subProcess") {
      const scope = model.scopes.get(node.id);
      if (scope) [...scope.starts, ...scope.implicitStarts].forEach(visit);
    }
  }
  for (const node of model.elements.values()) {
    if (!reached.has(node.id))
      report(warning("UNREACHABLE", node.id, `没有路径能到达 ${node.id}`, `No path leads to ${node.id}`));
  }
}
