import { flowsFrom, nodesAfter } from "../../model/look-up.ts";
import type { Gateway } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { completeElement, emitTaken } from "../tokens.ts";
import { openEventWaits, openMessageWait } from "../waits.ts";
import { arriveAtComplex, resetComplex } from "./complex.ts";
import { tokensToJoin } from "./join.ts";

const joining: ReadonlySet<Gateway["kind"]> = new Set(["parallelGateway", "inclusiveGateway", "complexGateway"]);

/** True for a gateway where tokens must wait for each other. */
export function joins(gateway: Gateway): boolean {
  return gateway.incoming.length > 1 && joining.has(gateway.kind);
}

/** A token has come to a joining gateway. A parallel one may be complete now; inclusive ones are looked at when nothing moves. */
export function arriveAtJoin(run: Run, token: Token, gateway: Gateway): void {
  run.updateToken(token.id, { at: "joining" });
  if (gateway.kind === "complexGateway") arriveAtComplex(run, token, gateway);
  else if (gateway.kind === "parallelGateway" && run.joiningCount(token.scope, gateway.id) >= gateway.incoming.length)
    fireJoin(run, gateway, token.scope);
}

/** Fires the gateway if its join is complete: the first token goes on for all. */
function fireJoin(run: Run, gateway: Gateway, scope: string): boolean {
  const tokens = tokensToJoin(run, gateway, scope);
  const [first, ...others] = tokens ?? [];
  if (!first) return false;
  for (const token of others) run.consume(token.id);
  run.emit(gateway.id, { type: "element.entered", token: first.id, scope });
  completeElement(run, first.id);
  return true;
}

/** Fires one join that depends on what can still come: an inclusive one, or the reset of a complex one. */
export function fireDependentJoin(run: Run): boolean {
  return inclusiveJoins(run).some(({ gateway, scope }) => fireJoin(run, gateway, scope)) || resetComplex(run);
}

/** Inclusive gateways where tokens wait, the one with the oldest token first. */
function inclusiveJoins(run: Run) {
  const found = run.joins.flatMap((place) => {
    const [scope = "", element = ""] = place.split(" ");
    const gateway = run.nodeIn(scope, element);
    return gateway.kind === "inclusiveGateway" ? [{ gateway, scope, oldest: run.oldestAt(place) }] : [];
  });
  return found.sort((a, b) => a.oldest - b.oldest);
}

export function executeGateway(run: Run, token: Token, gateway: Gateway): void {
  if (gateway.kind !== "eventBasedGateway") {
    completeElement(run, token.id);
    return;
  }
  for (const target of nodesAfter(run.modelOf(run.scope(token.scope)), gateway)) {
    if (target.kind === "intermediateCatchEvent") openEventWaits(run, token, target);
    else if (target.kind === "receiveTask" && target.message)
      openMessageWait(run, token, { element: target.id, definition: 0 }, target.message);
    else throw new IncidentError("EVENT_GATEWAY_TARGET", `${gateway.id} leads to something that catches no event`);
  }
}

/** A process that begins at an event-based gateway: the event that came is behind it; for `all`, the others are waited for. */
export function startAtGateway(run: Run, token: Token, gateway: Gateway, happened: string): void {
  const model = run.modelOf(run.scope(token.scope));
  const flows = flowsFrom(model, gateway);
  run.emit(gateway.id, { type: "element.entered", token: token.id, scope: token.scope });
  run.emit(gateway.id, { type: "element.completed", token: token.id, scope: token.scope });
  run.consume(token.id);
  for (const flow of flows) {
    if (flow.target !== happened && gateway.instantiates !== "all") continue;
    emitTaken(run, flow);
    const at = flow.target === happened ? "waiting" : "ready";
    const next = run.placeToken(flow.target, token.scope, flow.id, at);
    if (at === "ready") continue;
    run.emit(happened, { type: "element.entered", token: next.id, scope: token.scope });
    completeElement(run, next.id);
  }
}
