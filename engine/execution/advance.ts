import { executeActivity } from "./activities/activity.ts";
import { deliverThrown } from "./answer.ts";
import { answerConditions } from "./conditions.ts";
import { executeEvent } from "./events/event.ts";
import { arriveAtJoin, executeGateway, fireDependentJoin, joins } from "./gateways/gateway.ts";
import { guarded, raiseIncident } from "./incidents.ts";
import type { Run } from "./run.ts";
import { isInstanceOf } from "./activities/instances.ts";
import type { Activity, FlowNode } from "../model/process-model.ts";
import type { Token } from "./state.ts";
import { cancelHosted, completeElement } from "./tokens.ts";
import { cancelWaitsOf } from "./waits.ts";

const usualBudget = 20_000;

/** Moves every token as far as it can go without the outside world. */
export function advance(run: Run): void {
  while (run.status === "running") {
    const id = run.ready.shift();
    if (id !== undefined) {
      const token = run.tokens.get(id);
      if (token?.at === "ready") enter(run, token);
      continue;
    }
    const signal = run.signals.shift();
    if (signal !== undefined) deliverThrown(run, signal);
    else if (run.conditionsDue) answerConditions(run);
    else if (!fireDependentJoin(run)) break;
  }
  if (run.status === "running") reportDeadlock(run);
}

function enter(run: Run, token: Token): void {
  run.entered += 1;
  const budget = run.context.budget ?? usualBudget;
  if (run.entered > budget) {
    raiseIncident(run, token.id, {
      code: "STEP_BUDGET_EXCEEDED",
      message: `more than ${budget} elements were entered without a wait; the process loops at ${token.element}`,
      phase: "arrive",
    });
    return;
  }
  const node = run.node(token);
  if ("activation" in node && joins(node)) {
    arriveAtJoin(run, token, node);
    return;
  }
  if (gathers(run, token, node) && !gather(run, token, node)) return;
  run.emit(node.id, { type: "element.entered", token: token.id, scope: token.scope });
  execute(run, run.updateToken(token.id, { at: "waiting" }));
}

/** An activity that needs several tokens to start (BPMN 2.0 §10.3.1). */
function gathers(run: Run, token: Token, node: FlowNode): node is Activity {
  return "startQuantity" in node && node.startQuantity > 1 && !isInstanceOf(run, token, node);
}

/** `false` while too few tokens have come. */
function gather(run: Run, token: Token, { id, startQuantity }: Activity): boolean {
  run.updateToken(token.id, { at: "joining" });
  const come = run.joiningAt(token.scope, id);
  if (come.length < startQuantity) return false;
  // Those that wait stand in the order of their ids, not of their coming: this one may be the first.
  const others = come.filter((other) => other.id !== token.id);
  for (const other of others.slice(0, startQuantity - 1)) run.consume(other.id);
  run.updateToken(token.id, { at: "waiting" });
  return true;
}

/** Performs the element at which the token stands; also when an incident is retried. */
export function execute(run: Run, token: Token): void {
  const node = run.node(token);
  guarded(run, token.id, "enter", () => {
    try {
      switch (node.kind) {
        case "startEvent":
        case "intermediateCatchEvent":
        case "intermediateThrowEvent":
        case "endEvent":
          executeEvent(run, token, node);
          return;
        case "boundaryEvent":
          completeElement(run, token.id);
          return;
        case "exclusiveGateway":
        case "parallelGateway":
        case "inclusiveGateway":
        case "complexGateway":
        case "eventBasedGateway":
          executeGateway(run, token, node);
          return;
        default:
          executeActivity(run, token, node);
      }
    } catch (error) {
      // What was armed or opened before the failure belongs to work that never began.
      if (run.tokens.has(token.id)) {
        cancelWaitsOf(run, token.id);
        cancelHosted(run, token.id);
      }
      throw error;
    }
  });
}

/** A case whose tokens only wait for each other would hang for ever: it becomes an incident that people see. */
function reportDeadlock(run: Run): void {
  if (run.waits.size > 0) return;
  const tokens = [...run.tokens.values()];
  const stuck = tokens.find((token) => token.at === "joining");
  if (!stuck || tokens.some((token) => token.at === "incident")) return;
  raiseIncident(run, stuck.id, {
    code: "JOIN_NEVER_COMPLETES",
    message: `the gateway ${stuck.element} waits for a token that cannot come any more`,
    phase: "join",
  });
}
