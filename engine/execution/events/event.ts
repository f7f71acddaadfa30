import type { CatchEvent, EndEvent, EventDefinition, StartEvent, ThrowEvent } from "../../model/process-model.ts";
import { linkTarget } from "../../model/links.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import { terminateScope } from "../scopes.ts";
import type { Token } from "../state.ts";
import { completeElement } from "../tokens.ts";
import { openEventWaits } from "../waits.ts";
import { cancelTransaction, compensate } from "./compensation.ts";
import { throwOutward } from "./throw.ts";

/** A token has entered a start, intermediate or end event. */
export function executeEvent(run: Run, token: Token, node: StartEvent | CatchEvent | ThrowEvent | EndEvent): void {
  switch (node.kind) {
    case "startEvent":
      completeElement(run, token.id);
      return;
    case "intermediateCatchEvent":
      catchAt(run, token, node);
      return;
    case "intermediateThrowEvent":
    case "endEvent":
      throwFrom(run, token, node);
      return;
  }
}

function catchAt(run: Run, token: Token, node: CatchEvent): void {
  if (node.definitions[0]?.type === "link") {
    completeElement(run, token.id);
    return;
  }
  openEventWaits(run, token, node);
}

/** Throws each definition in turn; what was thrown may take this very token away, or decide how it goes on. */
function throwFrom(run: Run, token: Token, node: ThrowEvent | EndEvent): void {
  for (const definition of node.definitions) {
    if (!run.tokens.has(token.id)) return;
    if (goesOnByItself(run, token, definition)) return;
    throwOutward(run, token, definition, node.payload);
  }
  if (run.tokens.has(token.id)) completeElement(run, token.id);
}

/** What leaves the event in a way of its own; `true` when it did. */
function goesOnByItself(run: Run, token: Token, definition: EventDefinition): boolean {
  switch (definition.type) {
    case "error":
      throwOutward(run, token, definition);
      return true;
    case "terminate":
      run.emit(token.element, { type: "element.completed", token: token.id, scope: token.scope });
      run.consume(token.id);
      terminateScope(run, token.scope, token.element);
      return true;
    case "compensation":
      compensate(run, token, definition.activity, definition.wait);
      return true;
    case "cancel":
      cancelTransaction(run, token);
      return true;
    case "link":
      followLink(run, token, definition.name);
      return true;
    default:
      return false;
  }
}

function followLink(run: Run, token: Token, name: string): void {
  const target = linkTarget(run.modelOf(run.scope(token.scope)), run.node(token).parent, name);
  if (target === null) throw new IncidentError("LINK_MISSING", `no event catches the link ${name}`);
  run.emit(token.element, { type: "element.completed", token: token.id, scope: token.scope });
  run.updateToken(token.id, { element: target, via: null, at: "ready" });
}
