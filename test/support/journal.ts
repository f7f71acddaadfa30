import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState, Wait } from "../../engine/execution/state.ts";

/** A wait, clock, pause, incident or visit opened by one event and closed by another. */
type Entry = readonly [kind: string, id: string, by: 1 | -1];

/**
 * What is wrong between a case's state and all the events that it has ever given: the host keeps its tables by the events
 * alone, so both must tell the same. An empty list means that they do.
 */
export function journalFaults(state: InstanceState, events: readonly EngineEvent[]): readonly string[] {
  return [
    ...danglingIn(state),
    ...unbalanced(state, events),
    ...misnumbered(state, events),
    ...lostVariables(state, events),
  ];
}

function danglingIn(state: InstanceState): readonly string[] {
  const faults: string[] = [];
  const { tokens, scopes, waits } = state;
  for (const wait of Object.values(waits))
    if (
      tokens[wait.token]?.at !== "waiting" &&
      tokens[wait.token]?.at !== "hosting" &&
      tokens[wait.token]?.at !== "armed"
    )
      faults.push(`${wait.id} waits for no token that waits`);
  for (const token of Object.values(tokens)) {
    if (!scopes[token.scope]) faults.push(`${token.id} is in no scope`);
    if (token.at === "ready" && state.status === "running") faults.push(`${token.id} has not moved`);
    if ((token.at === "incident") !== (token.incident !== null)) faults.push(`${token.id} and its incident disagree`);
    const hosts = Object.values(scopes).some(({ host }) => host === token.id);
    if (token.at === "hosting" && !hosts) faults.push(`${token.id} hosts no scope`);
    if (token.at === "waiting" && hosts) faults.push(`${token.id} hosts a scope and is said to wait`);
  }
  for (const scope of Object.values(scopes)) {
    if (scope.host !== null && !tokens[scope.host]) faults.push(`${scope.id} has no host`);
    if (scope.parent !== null && !scopes[scope.parent]) faults.push(`${scope.id} has no parent`);
  }
  if (!["running", "suspended"].includes(state.status) && Object.keys(tokens).length + Object.keys(waits).length > 0)
    faults.push(`the case is ${state.status} and still holds tokens or waits`);
  return faults;
}

/** Opened − closed in the journal, against what the state holds open. */
function unbalanced(state: InstanceState, events: readonly EngineEvent[]): readonly string[] {
  const balance = new Map<string, number>();
  for (const [kind, id, by] of [...events.flatMap(entriesOf), ...heldBy(state)])
    balance.set(`${kind} ${id}`, (balance.get(`${kind} ${id}`) ?? 0) + by);
  return [...balance]
    .filter(([, left]) => left !== 0)
    .map(([what, left]) => `${what}: ${left} too many in the journal`);
}

function entriesOf(event: EngineEvent): readonly Entry[] {
  switch (event.type) {
    case "element.entered":
      return [["inside", event.element, 1]];
    case "element.completed":
    case "element.cancelled":
      return [["inside", event.element, -1]];
    case "task.created":
    case "job.created":
    case "adHoc.opened":
    case "timer.scheduled":
    case "subscription.opened":
      return [["wait", `${event.wait} at ${event.element}`, 1]];
    case "task.completed":
    case "task.cancelled":
    case "job.completed":
    case "job.failed":
    case "job.cancelled":
    case "adHoc.closed":
    case "timer.fired":
    case "timer.cancelled":
    case "subscription.closed":
      return [["wait", `${event.wait} at ${event.element}`, -1]];
    case "incident.raised":
      return [["incident", event.token, 1]];
    case "incident.resolved":
      return [["incident", event.token, -1]];
    case "clocks.paused":
      return [["pause", event.token, 1]];
    case "clocks.resumed":
      return [["pause", event.token, -1]];
    case "limit.started":
      return [["limit", event.token, 1]];
    case "limit.stopped":
      return [["limit", event.token, -1]];
    default:
      return [];
  }
}

function heldBy(state: InstanceState): readonly Entry[] {
  const waits = Object.values(state.waits).map((wait: Wait): Entry => ["wait", `${wait.id} at ${wait.element}`, -1]);
  const tokens = Object.values(state.tokens).flatMap((token): readonly Entry[] => {
    const aside = Object.values(state.scopes).some(({ host, undoing }) => host === token.id && undoing?.detached);
    if (token.at === "waiting" || token.at === "hosting") return aside ? [] : [["inside", token.element, -1]];
    if (token.incident === null) return [];
    // An incident before the element, or at a join, stands outside it.
    const inside = !["join", "arrive", "arm"].includes(token.incident.phase);
    return [["incident", token.id, -1], ...(inside ? [["inside", token.element, -1] as const] : [])];
  });
  return [...waits, ...tokens];
}

function misnumbered(state: InstanceState, events: readonly EngineEvent[]): readonly string[] {
  const wrong = events.findIndex(({ seq }, index) => seq !== index + 1);
  const nameless = events.findIndex(({ type, element }) => typeof type !== "string" || typeof element !== "string");
  const faults = wrong < 0 ? [] : [`event ${wrong + 1} has the number ${events[wrong]?.seq}`];
  if (nameless >= 0) faults.push(`event ${nameless + 1} does not tell what it is`);
  return state.seq === events.length ? faults : [...faults, `the state says ${state.seq} events, not ${events.length}`];
}

/** The variables of the process, as the journal tells them, are those of its scope. */
function lostVariables(state: InstanceState, events: readonly EngineEvent[]): readonly string[] {
  const root = Object.values(state.scopes).find(({ parent }) => parent === null);
  if (!root) return [];
  const told = events.flatMap((event) => {
    if (event.type === "process.started" && event.process === state.process) return [event.variables];
    return event.type === "variables.changed" && event.scope === root.id ? [event.variables] : [];
  });
  const [journal, held] = [Object.assign({}, ...told) as object, root.variables].map(sortedJson);
  return journal === held ? [] : [`the journal tells the variables ${journal}, the state ${held}`];
}

function sortedJson(variables: object): string {
  // Data that a process declares is empty until something writes it.
  const written = Object.entries(variables).filter(([, value]) => value !== null);
  return JSON.stringify(written.sort(([a], [b]) => (a < b ? -1 : 1)));
}
