import type { Variables } from "../../expressions/json.ts";
import type { BoundaryEvent, MessageModel } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { cancelToken, completeElement } from "../tokens.ts";
import { visibleVariables, writeVariables } from "../variables.ts";
import { isInstanceOf } from "../activities/multi-instance.ts";
import { correlationKeyOf } from "../waits.ts";

/** Works out a message and gives the act of throwing it. The host delivers it, to this or other instances. */
export function throwMessage(run: Run, token: Token, message: MessageModel): () => void {
  const correlationKey = correlationKeyOf(message, visibleVariables(run.scopes, token.scope));
  const variables = visibleVariables(run.scopes, token.scope);
  return () => run.emit(token.element, { type: "message.thrown", name: message.name, correlationKey, variables });
}

export function throwSignal(run: Run, token: Token, name: string): void {
  run.emit(token.element, { type: "signal.thrown", name, variables: {} });
  run.signals.push(name);
}

/** The nearest boundary event, going outward from the token, that catches `code`; one that names it before one that catches all. */
function findCatcher(
  run: Run,
  from: Token,
  type: "error" | "escalation",
  code: string | null,
): { host: string; boundary: BoundaryEvent } | null {
  for (let token: Token | null = from; token; token = hostOf(run, token)) {
    const caught = boundaryEventsOf(run, token).filter(
      ({ definition }) => definition.type === type && (definition.code === null || definition.code === code),
    );
    const boundary = caught.find(({ definition }) => "code" in definition && definition.code !== null) ?? caught[0];
    if (boundary) return { host: token.id, boundary };
  }
  return null;
}

function hostOf(run: Run, token: Token): Token | null {
  const { host } = run.scope(token.scope);
  return host ? run.token(host) : null;
}

function boundaryEventsOf(run: Run, token: Token): readonly BoundaryEvent[] {
  const node = run.node(token);
  if (!("boundary" in node) || isInstanceOf(run, token, node)) return [];
  return node.boundary.map((id) => run.nodeIn(token.scope, id)).filter((event) => event.kind === "boundaryEvent");
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
  triggerBoundary(run, catcher.host, catcher.boundary, variables);
}

/** Throws an escalation outward. Uncaught it is only told: an escalation does not stop the work (BPMN 2.0 §10.5.7). */
export function throwEscalation(run: Run, token: Token, code: string | null): void {
  const catcher = findCatcher(run, token, "escalation", code);
  run.emit(token.element, { type: "escalation.thrown", code, caught: catcher !== null });
  if (catcher) triggerBoundary(run, catcher.host, catcher.boundary, {});
}

/** A boundary event occurs: an interrupting one ends its activity, and a token leaves the event. */
export function triggerBoundary(run: Run, host: string, boundary: BoundaryEvent, variables: Variables): void {
  const { scope } = run.token(host);
  const token = run.placeToken(boundary.id, scope, null, "waiting");
  if (boundary.interrupting) cancelToken(run, host);
  run.emit(boundary.id, { type: "element.entered", token: token.id, scope });
  if (Object.keys(variables).length > 0) writeVariables(run, scope, variables);
  completeElement(run, token.id);
}
