import { boundaryEventsOf } from "../../model/look-up.ts";
import type { Activity } from "../../model/process-model.ts";
import type { RouteDecision, RouteQuery } from "../../routing/types.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { completeElement, endDuties } from "../tokens.ts";
import { visibleVariables } from "../variables.ts";
import { cancelWaitsOf, openEventWaits } from "../waits.ts";
import { prepareCall, prepareSubProcess } from "./containers.ts";
import { fillData, isInstanceOf, prepareInstances, runsAsInstances } from "./instances.ts";
import { prepareTask } from "./tasks.ts";

/** What remains to be done once nothing can fail any more. */
export type Begin = () => void;

/** Enters an activity: asks the route, arms its boundary events, starts its clock, begins its work. */
export function executeActivity(run: Run, token: Token, node: Activity): void {
  const isInstance = isInstanceOf(run, token, node);
  if (runsAsInstances(node) && !isInstance) {
    const begin = prepareInstances(run, token, node);
    armBoundaryEvents(run, token, node);
    begin();
    return;
  }
  if (isInstance) fillData(run, token, node);
  const decision = decide(run, token, node);
  if (decision && !decision.perform) {
    run.emit(node.id, { type: "element.skipped", token: token.id, explanation: decision.explanation });
    completeElement(run, token.id);
    return;
  }
  const begin = prepare(run, token, node, decision);
  if (!isInstance) armBoundaryEvents(run, token, node);
  beginDuties(run, token, node, decision);
  begin();
}

/** Starts the clock of an activity's limit and the pause that it stands for. */
export function beginDuties(run: Run, token: Token, node: Activity, decision: RouteDecision | null): void {
  if (node.limit && decision)
    run.emit(node.id, { type: "limit.started", token: token.id, limit: node.limit, decision });
  if (node.pauses) run.emit(node.id, { type: "clocks.paused", token: token.id, reason: node.pauses });
}

/** The activity has done its work: its boundary events fall away, its clock stops, the token goes on. */
export function finishActivity(run: Run, tokenId: string, outcome: string | null): void {
  const token = run.token(tokenId);
  cancelWaitsOf(run, tokenId);
  endDuties(run, token, run.node(token), "completed", outcome);
  completeElement(run, tokenId);
}

/** Asks the route about an activity that names an organisation, a role or a limit; others have nobody to answer for them. */
export function decide(run: Run, token: Token, node: Activity): RouteDecision | null {
  if (!run.context.route || (node.at === null && node.role === null && node.limit === null)) return null;
  return run.context.route(routeQueryOf(node), visibleVariables(run.scopes, token.scope));
}

/** What the route is asked about an activity. */
export function routeQueryOf({ id, step, at, role, limit }: Activity): RouteQuery {
  return { element: id, step, at, role, limit };
}

function prepare(run: Run, token: Token, node: Activity, decision: RouteDecision | null): Begin {
  switch (node.kind) {
    case "subProcess":
      return prepareSubProcess(run, token, node);
    case "callActivity":
      return prepareCall(run, token, node);
    default:
      return prepareTask(run, token, node, decision);
  }
}

function armBoundaryEvents(run: Run, token: Token, node: Activity): void {
  const model = run.modelOf(run.scope(token.scope));
  for (const boundary of boundaryEventsOf(model, node)) openEventWaits(run, token, boundary);
}
