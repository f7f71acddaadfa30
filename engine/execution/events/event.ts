import type { CatchEvent, EndEvent, StartEvent, ThrowEvent } from "../../model/process-model.ts";
import type { Run } from "../run.ts";
import { terminateScope } from "../scopes.ts";
import type { Token } from "../state.ts";
import { completeElement } from "../tokens.ts";
import { openEventWait } from "../waits.ts";
import { throwError, throwEscalation, throwMessage, throwSignal } from "./throw.ts";

/** A token has entered a start, intermediate or end event. */
export function executeEvent(run: Run, token: Token, node: StartEvent | CatchEvent | ThrowEvent | EndEvent): void {
  switch (node.kind) {
    case "startEvent":
      completeElement(run, token.id);
      return;
    case "intermediateCatchEvent":
      openEventWait(run, token, node.id, node.definition);
      run.updateToken(token.id, { at: "waiting" });
      return;
    case "intermediateThrowEvent":
    case "endEvent":
      throwFrom(run, token, node);
      return;
  }
}

function throwFrom(run: Run, token: Token, node: ThrowEvent | EndEvent): void {
  const { definition } = node;
  switch (definition?.type) {
    case "error":
      throwError(run, token, definition.code, {});
      return;
    case "terminate":
      run.emit(node.id, { type: "element.completed", token: token.id, scope: token.scope });
      run.consume(token.id);
      terminateScope(run, token.scope, node.id);
      return;
    case "escalation":
      throwEscalation(run, token, definition.code);
      break;
    case "signal":
      throwSignal(run, token, definition.name);
      break;
    case "message":
      throwMessage(run, token, definition.message)();
      break;
    case undefined:
    case "timer":
      break;
  }
  // An interrupting escalation has taken this very token away.
  if (run.tokens.has(token.id)) completeElement(run, token.id);
}
