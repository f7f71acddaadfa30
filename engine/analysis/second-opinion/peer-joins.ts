import type { Arrivals, PeerActivity } from "./peer-elements.ts";

/**
 * The inclusive gateway that may go on now, by the specification's words (BPMN 2.0 table 13.3) and not by our core's code: of
 * those with a token, the one for which no token elsewhere in its scope has a path to an empty incoming flow without having
 * one to a flow that holds a token; paths through the gateway itself do not count.
 */
export function joinToRelease(arrivals: Arrivals, activities: readonly PeerActivity[]): PeerActivity | null {
  for (const [gateway, come] of arrivals) {
    if (come.length === 0 || !listens(gateway)) continue;
    const beside = activities.filter(
      (other) => other.context === gateway.context && other.parent.id === gateway.parent.id,
    );
    const filled = new Set(come.map(({ content }) => content.id));
    const flows = gateway.inbound;
    const toFilled = leadingTo(
      gateway,
      flows.filter(({ id }) => filled.has(id)),
      beside,
    );
    const toEmpty = leadingTo(
      gateway,
      flows.filter(({ id }) => !filled.has(id)),
      beside,
    );
    const waits = beside.some(
      (other) => other !== gateway && holdsToken(other) && toEmpty.has(other.id) && !toFilled.has(other.id),
    );
    if (!waits) return gateway;
  }
  return null;
}

/** A gateway whose sub-process was interrupted takes nothing any more: what had come to it is gone with the sub-process. */
function listens(gateway: PeerActivity): boolean {
  return gateway.broker.getConsumer("_run-on-inbound") !== undefined;
}

/** Something runs in it, or stands before it. A boundary event that listens is no token. */
function holdsToken(activity: PeerActivity): boolean {
  const waiting = activity.broker.getQueue("inbound-q")?.messageCount ?? 0;
  if (activity.attachedTo) return false;
  return waiting > 0 || Boolean(activity.status);
}

function leadingTo(
  gateway: PeerActivity,
  flows: readonly { readonly sourceId: string }[],
  beside: readonly PeerActivity[],
): ReadonlySet<string> {
  const byId = new Map(beside.map((activity) => [activity.id, activity]));
  const found = new Set<string>();
  const open = flows.map(({ sourceId }) => sourceId);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const activity = byId.get(id);
    if (!activity || found.has(id) || id === gateway.id) continue;
    found.add(id);
    if (activity.attachedTo) open.push(activity.attachedTo.id);
    open.push(...activity.inbound.filter(({ isSequenceFlow }) => isSequenceFlow).map(({ sourceId }) => sourceId));
  }
  return found;
}
