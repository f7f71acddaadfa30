import { executeActivity } from "./activities/activity.ts";
import { deliverSignal } from "./answer.ts";
import { executeEvent } from "./events/event.ts";
import { arriveAtJoin, executeGateway, fireInclusiveJoin, joins } from "./gateways/gateway.ts";
import { guarded, raiseIncident } from "./incidents.ts";
import type { Run } from "./run.ts";
import type { Token } from "./state.ts";
import { completeElement } from "./tokens.ts";
import { cancelWaitsOf } from "./waits.ts";

/** Elements that one step may enter; a loop without a wait would never come back. */
const mostElementsPerStep = 20_000;

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
    if (signal !== undefined) deliverSignal(run, signal, {});
    else if (!fireInclusiveJoin(run)) break;
  }
  if (run.status === "running") reportDeadlock(run);
}

function enter(run: Run, token: Token): void {
  run.entered += 1;
  if (run.entered > mostElementsPerStep) {
    raiseIncident(run, token.id, {
      code: "STEP_BUDGET_EXCEEDED",
      message: `more than ${mostElementsPerStep} elements were entered without a wait; the process loops at ${token.element}`,
      phase: "enter",
    });
    return;
  }
  const node = run.node(token);
  if ("defaultFlow" in node && !("boundary" in node) && joins(node)) {
    arriveAtJoin(run, token, node);
    return;
  }
  run.emit(node.id, { type: "element.entered", token: token.id, scope: token.scope });
  execute(run, token);
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
        case "eventBasedGateway":
          executeGateway(run, token, node);
          return;
        default:
          executeActivity(run, token, node);
      }
    } catch (error) {
      // What was armed before the failure would fire for work that never began.
      if (run.tokens.has(token.id)) cancelWaitsOf(run, token.id);
      throw error;
    }
  });
}

/** A case whose tokens only wait for each other would hang for ever: it becomes an incident that people see. */
function reportDeadlock(run: Run): void {
  const tokens = [...run.tokens.values()];
  const stuck = tokens.find((token) => token.at === "joining");
  if (!stuck || run.waits.size > 0 || tokens.some((token) => token.at === "incident")) return;
  raiseIncident(run, stuck.id, {
    code: "JOIN_NEVER_COMPLETES",
    message: `the gateway ${stuck.element} waits for a token that cannot come any more`,
    phase: "join",
  });
}
