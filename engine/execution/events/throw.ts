import type { Variables } from "../../expressions/json.ts";
import type {
  BoundaryEvent,
  EventDefinition,
  MessageModel,
  StartEvent,
  ThrowEvent,
} from "../../model/process-model.ts";
import { boundaryEventsOf } from "../../model/look-up.ts";
import { isInstanceOf } from "../activities/instances.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { cancelToken, completeElement } from "../tokens.ts";
import { visibleVariables, writeIfAny } from "../variables.ts";
import { keyOf } from "../waits.ts";
import { startOf, triggerEventSubProcess } from "./event-sub-process.ts";

/** Works out a message and gives the act of throwing it. The host delivers it, to this or other instances. */
export function throwMessage(
  run: Run,
  token: Token,
  message: MessageModel,
  payload: ThrowEvent["payload"] = [],
): () => void {
  const seen = visibleVariables(run.scopes, token.scope);
  const variables =
    payload.length === 0
      ? seen
      : Object.fromEntries(payload.map(({ source, target }) => [target, run.context.evaluator.value(source, seen)]));
  const correlationKey = keyOf(run, message, "correlationKey", { ...seen, ...variables });
  return () => run.emit(token.element, { type: "message.thrown", name: message.name, correlationKey, variables });
}

export function throwSignal(run: Run, token: Token, name: string): void {
  run.emit(token.element, { type: "signal.thrown", name, variables: {} });
  const by = new Set<string>();
  for (let thrower: Token | null = token; thrower; thrower = hostOf(run, thrower)) by.add(thrower.id);
  run.signals.push({ name, by, last: run.lastId });
}

type Catcher =
  { readonly token: Token; readonly event: BoundaryEvent } | { readonly token: Token; readonly event: StartEvent };

/**
 * The nearest event, going outward from the token, that catches `code`: at each level the boundary events of the activity,
 * then the event sub-processes beside it; one that names the code before one that catches all (BPMN 2.0 §10.5.6).
 */
function findCatcher(run: Run, from: Token, type: "error" | "escalation", code: string | null): Catcher | null {
  for (let token: Token | null = from; token; token = hostOf(run, token)) {
    const host = token;
    const beside = eventSubProcessesBeside(run, host);
    const catcher =
      bestOf(
        boundaryEventsAt(run, host).map((event) => ({ token: host, event })),
        type,
        code,
      ) ?? bestOf(beside, type, code);
    if (catcher) return catcher;
  }
  return null;
}

function bestOf(catchers: readonly Catcher[], type: "error" | "escalation", code: string | null): Catcher | null {
  const catches = ({ event }: Catcher, wanted: string | null) =>
    event.definitions.some((definition) => definition.type === type && definition.code === wanted);
  const named = code === null ? undefined : catchers.find((catcher) => catches(catcher, code));
  return named ?? catchers.find((catcher) => catches(catcher, null)) ?? null;
}

function hostOf(run: Run, token: Token): Token | null {
  const { host } = run.scope(token.scope);
  return host ? run.token(host) : null;
}

function boundaryEventsAt(run: Run, token: Token): readonly BoundaryEvent[] {
  const node = run.node(token);
  if (!("boundary" in node) || isInstanceOf(run, token, node)) return [];
  return boundaryEventsOf(run.modelOf(run.scope(token.scope)), node);
}

function eventSubProcessesBeside(run: Run, token: Token): readonly Catcher[] {
  return run.tokensIn(token.scope).flatMap((armed) => {
    const event = armed.at === "armed" ? startOf(run, armed) : null;
    return event ? [{ token: armed, event }] : [];
  });
}

function handle(run: Run, { token, event }: Catcher, variables: Variables): void {
  if (event.kind === "boundaryEvent") triggerBoundary(run, token.id, event, variables);
  else triggerEventSubProcess(run, token, event, variables);
}

/** Throws a BPMN error from a token outward. Uncaught it is an incident: a case never ends well because an error got lost. */
export function throwError(run: Run, token: Token, code: string | null, variables: Variables): void {
  const catcher = findCatcher(run, token, "error", code);
  run.emit(token.element, { type: "error.thrown", code, caught: catcher !== null });
  if (!catcher)
    throw new IncidentError(
      "ERROR_UNCAUGHT",
      `nothing catches the error ${code ?? "(no code)"} thrown at ${token.element}`,
    );
  handle(run, catcher, variables);
}

/** Throws an escalation outward. Uncaught it is only told: an escalation does not stop the work (BPMN 2.0 §10.5.7). */
export function throwEscalation(run: Run, token: Token, code: string | null): void {
  const catcher = findCatcher(run, token, "escalation", code);
  run.emit(token.element, { type: "escalation.thrown", code, caught: catcher !== null });
  if (catcher) handle(run, catcher, {});
}

/** The event by which a cancelled transaction is left (BPMN 2.0 §13.5.3). */
export function cancelBoundaryOf(run: Run, transaction: Token): BoundaryEvent {
  const boundary = boundaryEventsAt(run, transaction).find(({ definitions }) =>
    definitions.some(({ type }) => type === "cancel"),
  );
  if (!boundary)
    throw new IncidentError("CANCEL_UNCAUGHT", `the transaction ${transaction.element} has no cancel boundary event`);
  return boundary;
}

/** A boundary event occurs: an interrupting one ends its activity, and a token leaves the event. */
export function triggerBoundary(run: Run, host: string, boundary: BoundaryEvent, variables: Variables): void {
  const { scope } = run.token(host);
  const token = run.placeToken(boundary.id, scope, null, "waiting");
  if (boundary.interrupting) cancelToken(run, host);
  run.emit(boundary.id, { type: "element.entered", token: token.id, scope });
  writeIfAny(run, scope, variables);
  completeElement(run, token.id);
}

/** Throws what goes outward without ending the path: messages, signals, escalations. */
export function throwOutward(
  run: Run,
  token: Token,
  definition: EventDefinition,
  payload: ThrowEvent["payload"] = [],
): void {
  switch (definition.type) {
    case "message":
      throwMessage(run, token, definition.message, payload)();
      return;
    case "signal":
      throwSignal(run, token, definition.name);
      return;
    case "escalation":
      throwEscalation(run, token, definition.code);
      return;
    case "error":
      throwError(run, token, definition.code, {});
      return;
    case "terminate":
    case "cancel":
    case "compensation":
    case "link":
    case "timer":
    case "conditional":
      return;
  }
}
