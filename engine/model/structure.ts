import { checkChoices } from "./check-choices.ts";
import type { Report } from "./compile-parts.ts";
import { problem, warning } from "./problems.ts";
import { entriesOf, reachableFrom } from "./reachable.ts";
import { breachOf } from "./rules/rule-table.ts";
import type { FlowNode, ProcessModel, ScopeModel } from "./process-model.ts";

/** Structural rules of BPMN that the parser does not know: what may stand where, and what would never run. */
export function checkStructure(model: ProcessModel, report: Report): void {
  for (const scope of model.scopes.values()) checkStarts(model, scope, report);
  for (const flow of model.flows.values()) checkFlowEnds(model, flow.id, report);
  for (const node of model.elements.values()) checkNode(model, node, report);
  checkChoices(model, report);
  reportUnreachable(model, report);
}

function checkStarts(model: ProcessModel, scope: ScopeModel, report: Report): void {
  const noneStarts = scope.starts.filter((id) => {
    const node = model.elements.get(id);
    return node?.kind === "startEvent" && node.definitions.length === 0;
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
  const owner = model.elements.get(scope.id);
  const isAdHoc = owner?.kind === "subProcess" && owner.variant === "adHoc";
  if (scope.starts.length === 0 && scope.implicitStarts.length === 0 && !isAdHoc) {
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
    report(breachOf("FLOW_CROSSES_SCOPE", flow.id));
  }
  if (target.kind === "startEvent") report(breachOf("FLOW_INTO_START", flow.id));
  if (target.kind === "boundaryEvent") report(breachOf("FLOW_INTO_BOUNDARY", flow.id));
  if (source.kind === "endEvent") {
    report(breachOf("FLOW_OUT_OF_END", flow.id));
  }
}

function checkNode(model: ProcessModel, node: FlowNode, report: Report): void {
  if (node.kind === "boundaryEvent") {
    const host = model.elements.get(node.attachedTo);
    if (!host || !("boundary" in host)) {
      report(breachOf("BOUNDARY_DANGLING", node.id));
    }
  }
  if ("defaultFlow" in node && node.defaultFlow && !node.outgoing.includes(node.defaultFlow)) {
    report(breachOf("DEFAULT_FLOW_FOREIGN", node.id));
  }
  if (node.kind === "eventBasedGateway") checkEventGateway(model, node, report);
  if ((node.kind === "exclusiveGateway" || node.kind === "inclusiveGateway") && node.outgoing.length > 1)
    checkConditions(model, node, report);
  if (node.outgoing.length === 0 && needsWayOn(node)) {
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

/** Ends, throwing links, compensation and event sub-processes have no flow out; everything else should have one. */
function needsWayOn(node: FlowNode): boolean {
  if (node.kind === "endEvent") return false;
  if (node.kind === "subProcess" && node.variant === "event") return false;
  if ("forCompensation" in node) return !node.forCompensation;
  return !("definitions" in node && node.definitions.some(({ type }) => type === "link" || type === "compensation"));
}

function checkEventGateway(model: ProcessModel, node: FlowNode, report: Report): void {
  for (const flowId of node.outgoing) {
    const target = model.elements.get(model.flows.get(flowId)?.target ?? "");
    if (target && target.kind !== "intermediateCatchEvent" && target.kind !== "receiveTask") {
      report(breachOf("EVENT_GATEWAY_TARGET", node.id));
    }
  }
  if (node.outgoing.length === 0) {
    report(breachOf("EVENT_GATEWAY_TARGET", node.id));
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
  const reached = reachableFrom(model, entriesOf(model, model.id));
  for (const node of model.elements.values()) {
    if (!reached.has(node.id))
      report(warning("UNREACHABLE", node.id, `没有路径能到达 ${node.id}`, `No path leads to ${node.id}`));
  }
}
