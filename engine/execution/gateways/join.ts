import type { Gateway, ProcessModel } from "../../model/process-model.ts";
import { linkNameOf, linkSources } from "../../model/links.ts";
import { nodesBefore } from "../../model/look-up.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";

/**
 * Tokens that a joining gateway takes together now, or `null` while it must wait. They stand at the gateway as `joining`.
 * One token a flow is taken; further ones that came by the same flow stay for the next round.
 */
export function tokensToJoin(run: Run, gateway: Gateway, scope: string): readonly Token[] | null {
  const arrived = firstByFlow(run, gateway, scope);
  if (gateway.kind === "parallelGateway")
    return arrived.size === gateway.incoming.length ? [...arrived.values()] : null;
  const isComplete = arrived.size > 0 && !canStillArrive(run, gateway, scope, arrived);
  return isComplete ? [...arrived.values()] : null;
}

function firstByFlow(run: Run, gateway: Gateway, scope: string): ReadonlyMap<string, Token> {
  const arrived = new Map<string, Token>();
  for (const token of run.joiningAt(scope, gateway.id))
    if (token.via && !arrived.has(token.via)) arrived.set(token.via, token);
  return arrived;
}

/**
 * BPMN 2.0 §13.4.3, inclusive gateway: it waits while some token could still reach an incoming flow that has none, unless the
 * same token could also reach one that has a token; paths through the gateway itself do not count.
 */
export function canStillArrive(
  run: Run,
  gateway: Gateway,
  scope: string,
  filled: { has(flow: string): boolean },
): boolean {
  const reach = reachability(run.modelOf(run.scope(scope)), gateway);
  return run.tokensIn(scope).some((token) => {
    const reached = reach.get(token.element);
    return reached !== undefined && !reached.some((flow) => filled.has(flow));
  });
}

/** For each element: the incoming flows of the gateway to which a path leads from it without visiting the gateway. */
type Reach = ReadonlyMap<string, readonly string[]>;
const reachByModel = new WeakMap<ProcessModel, Map<string, Reach>>();

function reachability(model: ProcessModel, gateway: Gateway): Reach {
  const byGateway = reachByModel.get(model) ?? new Map<string, Reach>();
  reachByModel.set(model, byGateway);
  const known = byGateway.get(gateway.id);
  if (known) return known;
  const reach = new Map<string, string[]>();
  for (const flow of gateway.incoming)
    for (const element of elementsLeadingTo(model, flow, gateway.id)) {
      const reached = reach.get(element) ?? [];
      reached.push(flow);
      reach.set(element, reached);
    }
  byGateway.set(gateway.id, reach);
  return reach;
}

function elementsLeadingTo(model: ProcessModel, flow: string, without: string): ReadonlySet<string> {
  const found = new Set<string>([without]);
  const queue = [model.flows.get(flow)?.source ?? ""];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const node = model.elements.get(id);
    if (!node || found.has(id)) continue;
    found.add(id);
    // An activity that still runs can send a token by its boundary events, too.
    if (node.kind === "boundaryEvent") queue.push(node.attachedTo);
    const link = linkNameOf(model, id, "intermediateCatchEvent");
    if (link !== null) queue.push(...linkSources(model, node.parent, link));
    queue.push(...nodesBefore(model, node).map((before) => before.id));
  }
  found.delete(without);
  return found;
}
