import type { Gateway } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { completeElement } from "../tokens.ts";
import { openEventWait, openMessageWait } from "../waits.ts";
import { tokensToJoin } from "./join.ts";

/** True for a gateway where tokens must wait for each other. */
export function joins(gateway: Gateway): boolean {
  return gateway.incoming.length > 1 && (gateway.kind === "parallelGateway" || gateway.kind === "inclusiveGateway");
}

/** A token has come to a joining gateway. A parallel one may be complete now; inclusive ones are looked at when nothing moves. */
export function arriveAtJoin(run: Run, token: Token, gateway: Gateway): void {
  run.updateToken(token.id, { at: "joining" });
  if (gateway.kind === "parallelGateway") fireJoin(run, gateway, token.scope);
}

/** Fires the gateway if its join is complete: the first token goes on for all. */
export function fireJoin(run: Run, gateway: Gateway, scope: string): boolean {
  const tokens = tokensToJoin(run, gateway, scope);
  const [first, ...others] = tokens ?? [];
  if (!first) return false;
  for (const token of others) run.consume(token.id);
  run.updateToken(first.id, { at: "waiting" });
  run.emit(gateway.id, { type: "element.entered", token: first.id, scope });
  completeElement(run, first.id);
  return true;
}

/** Fires one inclusive join that is complete; `false` when none is. */
export function fireInclusiveJoin(run: Run): boolean {
  for (const token of run.tokens.values()) {
    if (token.at !== "joining") continue;
    const node = run.node(token);
    if (node.kind === "inclusiveGateway" && fireJoin(run, node, token.scope)) return true;
  }
  return false;
}

export function executeGateway(run: Run, token: Token, gateway: Gateway): void {
  if (gateway.kind !== "eventBasedGateway") {
    completeElement(run, token.id);
    return;
  }
  const model = run.modelOf(run.scope(token.scope));
  for (const flow of gateway.outgoing) {
    const target = model.elements.get(model.flows.get(flow)?.target ?? "");
    if (target?.kind === "intermediateCatchEvent") openEventWait(run, token, target.id, target.definition);
    else if (target?.kind === "receiveTask" && target.message) openMessageWait(run, token, target.id, target.message);
    else throw new IncidentError("EVENT_GATEWAY_TARGET", `${gateway.id} leads to something that catches no event`);
  }
  run.updateToken(token.id, { at: "waiting" });
}
