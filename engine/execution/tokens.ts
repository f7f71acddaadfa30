import type { Variables } from "../expressions/json.ts";
import { flowsFrom } from "../model/look-up.ts";
import type { Activity, FlowNode, Gateway, SequenceFlow } from "../model/process-model.ts";
import { isDone, completeAdHoc } from "./activities/ad-hoc.ts";
import { completeInstance, isInstanceOf, runsAsInstances } from "./activities/instances.ts";
import { rememberCompleted } from "./events/compensation.ts";
import { CommandError } from "./errors.ts";
import { asIncident, guarded, IncidentError } from "./incidents.ts";
import { endScopeWhenEmpty } from "./scopes.ts";
import type { Run } from "./run.ts";
import type { CompletedActivity, Scope, Token } from "./state.ts";
import { visibleVariables, writeIfAny } from "./variables.ts";
import { cancelWaitsOf } from "./waits.ts";

/**
 * An element has done its work: its outputs are written and the token goes on. Everything that can fail is worked out before
 * anything changes, so that a retry of the incident starts from the same state.
 */
export function completeElement(run: Run, tokenId: string): void {
  guarded(run, tokenId, "leave", () => {
    const token = run.token(tokenId);
    const node = run.node(token);
    const isInstance = "multiInstance" in node && isInstanceOf(run, token, node);
    // The token that stands for all instances writes nothing: each of them has written its own outputs.
    const standsForAll = "multiInstance" in node && runsAsInstances(node) && !isInstance;
    const outputs = standsForAll ? {} : outputsOf(run, token, node);
    if (isInstance) {
      completeInstance(run, token, node, outputs);
      return;
    }
    const seen = { ...visibleVariables(run.scopes, token.scope), ...outputs };
    const flows = chooseFlows(run, token, node, seen);
    const endsAdHoc = "multiInstance" in node && isDone(run, token.scope, seen);
    writeIfAny(run, token.scope, outputs);
    if ("multiInstance" in node) rememberActivity(run, token, node);
    closeHosted(run, tokenId);
    run.emit(node.id, { type: "element.completed", token: tokenId, scope: token.scope });
    take(run, token, flows);
    if (endsAdHoc) completeAdHoc(run, token.scope);
  });
}

/** An activity that loops was remembered instance by instance. */
function rememberActivity(run: Run, token: Token, node: Activity): void {
  if (runsAsInstances(node)) return;
  rememberCompleted(run, token.scope, node, { variables: {}, inner: completedInside(run, token.id) });
}

/** What is done ends here: its outputs are written and no flow is taken. Throws `CommandError` where one cannot be evaluated. */
export function completeAside(run: Run, tokenId: string): void {
  const token = run.token(tokenId);
  const node = run.node(token);
  try {
    writeIfAny(run, token.scope, outputsOf(run, token, node));
  } catch (error) {
    const incident = asIncident(error);
    if (!incident) throw error;
    throw new CommandError("MOVE_IMPOSSIBLE", incident.message, node.id);
  }
  if ("multiInstance" in node) rememberActivity(run, token, node);
  closeHosted(run, tokenId);
  run.emit(node.id, { type: "element.completed", token: tokenId, scope: token.scope });
  run.consume(tokenId);
}

/** What completed inside the sub-process that the token hosts, with the sub-process's own data. */
export function completedInside(run: Run, token: string): readonly CompletedActivity[] {
  return run.scopesHostedBy(token).flatMap((scope) => (scope.completed ?? []).map((record) => asLeft(record, scope)));
}

function asLeft(record: CompletedActivity, { variables, process, version }: Scope): CompletedActivity {
  const called = version === undefined ? {} : { called: { process, version } };
  return { ...record, ...called, variables: { ...variables, ...record.variables } };
}

export function closeHosted(run: Run, token: string): void {
  for (const hosted of run.scopesHostedBy(token)) run.closeScope(hosted.id);
}

/** Values of an element's `jieli:out` entries. A call activity's are read from the process it called. */
function outputsOf(run: Run, token: Token, node: FlowNode): Variables {
  const called =
    node.kind === "callActivity"
      ? run.scopesHostedBy(token.id).find((scope) => scope.kind === "calledProcess")
      : undefined;
  const variables = visibleVariables(run.scopes, called?.id ?? token.scope);
  if (called && node.kind === "callActivity" && node.outputs.length + node.inputs.length === 0) return variables;
  const { evaluator } = run.context;
  return Object.fromEntries(node.outputs.map(({ source, target }) => [target, evaluator.value(source, variables)]));
}

function chooseFlows(run: Run, token: Token, node: FlowNode, variables: Variables): readonly SequenceFlow[] {
  const model = run.modelOf(run.scope(token.scope));
  const flows = flowsFrom(model, node);
  switch (node.kind) {
    case "exclusiveGateway":
      return flows.length === 1 ? flows : (chosenByHand(flows, token) ?? firstTrue(run, flows, node, variables));
    case "parallelGateway":
    case "eventBasedGateway":
      return flows;
    case "complexGateway":
      return ofComplexGateway(run, flows, node, { ...variables, waitingForStart: true });
    default:
      return allTrue(run, flows, node, variables);
  }
}

function chosenByHand(flows: readonly SequenceFlow[], { branch }: Token): readonly SequenceFlow[] | null {
  const flow = flows.find(({ id }) => id === branch);
  return flow ? [flow] : null;
}

function firstTrue(
  run: Run,
  flows: readonly SequenceFlow[],
  node: Gateway,
  variables: Variables,
): readonly SequenceFlow[] {
  const conditional = flows.filter((flow) => flow.id !== node.defaultFlow);
  const chosen =
    conditional.find((flow) => holds(run, flow, variables)) ?? flows.find((flow) => flow.id === node.defaultFlow);
  if (chosen || flows.length === 0) return chosen ? [chosen] : [];
  throw noFlow(node);
}

/** Inclusive gateways and activities: every flow whose condition holds; the default when none does. */
function allTrue(
  run: Run,
  flows: readonly SequenceFlow[],
  node: FlowNode,
  variables: Variables,
): readonly SequenceFlow[] {
  const defaultFlow = "defaultFlow" in node ? node.defaultFlow : null;
  const chosen = flows.filter((flow) => flow.id !== defaultFlow && holds(run, flow, variables));
  if (chosen.length > 0 || flows.length === 0) return chosen;
  const fallback = flows.find((flow) => flow.id === defaultFlow);
  if (fallback) return [fallback];
  throw noFlow(node);
}

/** `waitingForStart` tells the conditions whether the gateway goes on early or has been reset (BPMN 2.0 §13.4.5). */
export function ofComplexGateway(
  run: Run,
  flows: readonly SequenceFlow[],
  node: Gateway,
  variables: Variables,
): readonly SequenceFlow[] {
  if (variables["waitingForStart"] === true) return allTrue(run, flows, node, variables);
  // After a reset nothing needs to go on: the gateway has done so already.
  return flows.filter((flow) => flow.condition !== null && holds(run, flow, variables));
}

function holds(run: Run, flow: SequenceFlow, variables: Variables): boolean {
  return flow.condition === null || run.context.evaluator.holds(flow.condition, variables);
}

function noFlow(node: FlowNode): IncidentError {
  return new IncidentError("NO_FLOW_TAKEN", `no condition after ${node.id} holds and it has no default flow`);
}

/** Sends the token along the first flow and new tokens along the others; with no flow it ends here. */
export function take(run: Run, token: Token, flows: readonly SequenceFlow[]): void {
  const [first, ...others] = manyTimes(run, token, flows);
  if (!first) {
    run.consume(token.id);
    endScopeWhenEmpty(run, token.scope);
    return;
  }
  emitTaken(run, first);
  const brought = branchBrought(run, token, first);
  run.updateToken(token.id, { element: first.target, via: first.id, at: "ready", incident: null, ...brought });
  for (const flow of others) {
    emitTaken(run, flow);
    const placed = run.placeToken(flow.target, token.scope, flow.id);
    const along = branchBrought(run, token, flow);
    if (along.branch !== undefined) run.updateToken(placed.id, along);
  }
}

/** A branch that was chosen by hand goes with the token until its gateway has been passed, and through exclusive gateways only. */
function branchBrought(run: Run, { branch, scope }: Token, flow: SequenceFlow): Pick<Token, "branch"> {
  if (branch === undefined || branch === flow.id) return {};
  return run.nodeIn(scope, flow.target).kind === "exclusiveGateway" ? { branch } : {};
}

/** Each flow as often as the activity's completionQuantity says (BPMN 2.0 §10.3.1). */
function manyTimes(run: Run, token: Token, flows: readonly SequenceFlow[]): readonly SequenceFlow[] {
  const node = run.node(token);
  if (!("completionQuantity" in node) || node.completionQuantity === 1) return flows;
  return flows.flatMap((flow) => Array.from({ length: node.completionQuantity }, () => flow));
}

export function emitTaken(run: Run, flow: SequenceFlow): void {
  run.emit(flow.id, { type: "flow.taken", flow: flow.id, source: flow.source, target: flow.target });
}

/** Takes a token away with all that hangs on it: what it hosts, what it waits for, the clocks it started. Inner things first. */
export function cancelToken(run: Run, tokenId: string): void {
  const token = run.token(tokenId);
  const node = run.node(token);
  const aside = undoesAside(run, tokenId);
  cancelHosted(run, tokenId);
  cancelWaitsOf(run, tokenId);
  if (hasBegun(token)) endDuties(run, token, node, "cancelled", null);
  if (token.incident !== null) run.emit(node.id, { type: "incident.resolved", token: tokenId, how: "cancelled" });
  if (!standsOutside(token) && !aside)
    run.emit(node.id, { type: "element.cancelled", token: tokenId, scope: token.scope });
  run.consume(tokenId);
}

/** Cancels everything in the scopes that a token hosts. They close last: an instance belongs to the body of its loop. */
export function cancelHosted(run: Run, tokenId: string): void {
  const hosted = run.scopesHostedBy(tokenId);
  for (const scope of hosted) cancelTokensIn(run, scope.id);
  for (const scope of hosted) run.closeScope(scope.id);
}

export function cancelScope(run: Run, scope: string): void {
  cancelTokensIn(run, scope);
  run.closeScope(scope);
}

export function cancelTokensIn(run: Run, scope: string): void {
  for (const token of run.tokensIn(scope)) if (run.tokens.has(token.id)) cancelToken(run, token.id);
}

/** A token that has not entered its element: it comes, joins, or listens beside it. */
export function standsOutside({ at, incident }: Token): boolean {
  if (at === "incident") return ["arrive", "join", "arm"].includes(incident?.phase ?? "");
  return at === "ready" || at === "joining" || at === "armed";
}

/** A token that carries an undoing for which its event did not wait: the event itself has completed. */
function undoesAside(run: Run, token: string): boolean {
  return run.scopesHostedBy(token).some(({ undoing }) => undoing?.detached === true);
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
  if (runsAsInstances(node) && !isInstanceOf(run, token, node)) return;
  if (node.limit && run.context.route)
    run.emit(node.id, { type: "limit.stopped", token: token.id, limit: node.limit, how, outcome });
  if (node.pauses) run.emit(node.id, { type: "clocks.resumed", token: token.id, reason: node.pauses });
}
