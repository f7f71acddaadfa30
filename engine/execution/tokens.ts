import { evaluateCondition, evaluateExpression } from "../expressions/feel.ts";
import type { Variables } from "../expressions/json.ts";
import type { FlowNode, SequenceFlow } from "../model/process-model.ts";
import { guarded, IncidentError } from "./incidents.ts";
import { completeInstance, isInstanceOf } from "./activities/multi-instance.ts";
import { endScopeWhenEmpty } from "./scopes.ts";
import type { Run } from "./run.ts";
import type { Token } from "./state.ts";
import { visibleVariables, writeVariables } from "./variables.ts";
import { cancelWaitsOf } from "./waits.ts";

/**
 * An element has done its work: its outputs are written and the token goes on. Everything that can fail is worked out before
 * anything changes, so that a retry of the incident starts from the same state.
 */
export function completeElement(run: Run, tokenId: string): void {
  guarded(run, tokenId, "leave", () => {
    const token = run.token(tokenId);
    const node = run.node(token);
    const outputs = outputsOf(run, token, node);
    if ("multiInstance" in node && isInstanceOf(run, token, node)) {
      completeInstance(run, token, node, outputs);
      return;
    }
    const flows = chooseFlows(run, token, node, { ...visibleVariables(run.scopes, token.scope), ...outputs });
    if (Object.keys(outputs).length > 0) writeVariables(run, token.scope, outputs);
    for (const hosted of run.scopesHostedBy(tokenId)) run.scopes.delete(hosted.id);
    run.emit(node.id, { type: "element.completed", token: tokenId, scope: token.scope });
    take(run, token, flows);
  });
}

/** Values of an element's `jieli:out` entries. A call activity's are read from the process it called. */
function outputsOf(run: Run, token: Token, node: FlowNode): Variables {
  const called =
    node.kind === "callActivity"
      ? run.scopesHostedBy(token.id).find((scope) => scope.kind === "calledProcess")
      : undefined;
  const variables = visibleVariables(run.scopes, called?.id ?? token.scope);
  if (called && node.kind === "callActivity" && node.outputs.length + node.inputs.length === 0) return variables;
  return Object.fromEntries(node.outputs.map(({ source, target }) => [target, evaluateExpression(source, variables)]));
}

function chooseFlows(run: Run, token: Token, node: FlowNode, variables: Variables): readonly SequenceFlow[] {
  const model = run.modelOf(run.scope(token.scope));
  const flows = node.outgoing.map((id) => model.flows.get(id)).filter((flow) => flow !== undefined);
  switch (node.kind) {
    case "exclusiveGateway":
      return flows.length === 1 ? flows : firstTrue(flows, node, variables);
    case "parallelGateway":
    case "eventBasedGateway":
      return flows;
    default:
      return allTrue(flows, node, variables);
  }
}

function firstTrue(
  flows: readonly SequenceFlow[],
  node: FlowNode & { defaultFlow: string | null },
  variables: Variables,
): readonly SequenceFlow[] {
  const conditional = flows.filter((flow) => flow.id !== node.defaultFlow);
  const chosen =
    conditional.find((flow) => flow.condition === null || evaluateCondition(flow.condition, variables)) ??
    flows.find((flow) => flow.id === node.defaultFlow);
  if (chosen || flows.length === 0) return chosen ? [chosen] : [];
  throw noFlow(node);
}

/** Inclusive gateways and activities: every flow whose condition holds; the default when none does. */
function allTrue(flows: readonly SequenceFlow[], node: FlowNode, variables: Variables): readonly SequenceFlow[] {
  const defaultFlow = "defaultFlow" in node ? node.defaultFlow : null;
  const chosen = flows.filter(
    (flow) => flow.id !== defaultFlow && (flow.condition === null || evaluateCondition(flow.condition, variables)),
  );
  if (chosen.length > 0 || flows.length === 0) return chosen;
  const fallback = flows.find((flow) => flow.id === defaultFlow);
  if (fallback) return [fallback];
  throw noFlow(node);
}

function noFlow(node: FlowNode): IncidentError {
  return new IncidentError("NO_FLOW_TAKEN", `no condition after ${node.id} holds and it has no default flow`);
}

/** Sends the token along the first flow and a new token along each other one; with no flow it ends here. */
export function take(run: Run, token: Token, flows: readonly SequenceFlow[]): void {
  const [first, ...others] = flows;
  if (!first) {
    run.consume(token.id);
    endScopeWhenEmpty(run, token.scope);
    return;
  }
  emitTaken(run, first);
  run.updateToken(token.id, { element: first.target, via: first.id, at: "ready", incident: null });
  for (const flow of others) {
    emitTaken(run, flow);
    run.placeToken(flow.target, token.scope, flow.id);
  }
}

export function emitTaken(run: Run, flow: SequenceFlow): void {
  run.emit(flow.id, { type: "flow.taken", flow: flow.id, source: flow.source, target: flow.target });
}

/** Takes a token away with all that hangs on it: what it hosts, what it waits for, the clocks it started. Inner things first. */
export function cancelToken(run: Run, tokenId: string): void {
  const token = run.token(tokenId);
  const node = run.node(token);
  for (const hosted of run.scopesHostedBy(tokenId)) cancelScope(run, hosted.id);
  cancelWaitsOf(run, tokenId);
  if (hasBegun(token)) endDuties(run, token, node, "cancelled", null);
  if (token.at !== "ready" && token.at !== "joining")
    run.emit(node.id, { type: "element.cancelled", token: tokenId, scope: token.scope });
  run.consume(tokenId);
}

export function cancelScope(run: Run, scope: string): void {
  for (const token of run.tokensIn(scope)) if (run.tokens.has(token.id)) cancelToken(run, token.id);
  run.scopes.delete(scope);
}

function hasBegun(token: Token): boolean {
  return token.at === "waiting" || token.at === "hosting" || token.incident?.phase === "work";
}

/** Stops the clock of an activity's limit and ends the pause that it stood for. */
export function endDuties(
  run: Run,
  token: Token,
  node: FlowNode,
  how: "completed" | "cancelled",
  outcome: string | null,
): void {
  if (!("multiInstance" in node)) return;
  if (node.multiInstance && !isInstanceOf(run, token, node)) return;
  if (node.limit && run.context.route)
    run.emit(node.id, { type: "limit.stopped", token: token.id, limit: node.limit, how, outcome });
  if (node.pauses) run.emit(node.id, { type: "clocks.resumed", token: token.id, reason: node.pauses });
}
