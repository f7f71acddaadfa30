import type { Variables } from "../../expressions/json.ts";
import { contentOf } from "../../model/look-up.ts";
import { startGatewayOf, startTriggers } from "../../model/start-triggers.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { finishActivity } from "../activities/activity.ts";
import { CommandError } from "../errors.ts";
import { startAtGateway } from "../gateways/gateway.ts";
import type { Run } from "../run.ts";
import { prepareScope, startScope } from "../scopes.ts";
import type { Scope } from "../state.ts";
import { openEventWait } from "../waits.ts";

/** Starts the instance: at its start event, or at the one of several events that has happened. */
export function start(run: Run, startEvent: string | null, variables: Variables): void {
  const { root } = run;
  const entry = startEvent === null ? onlyStart(root) : requireStart(root, startEvent);
  const decision = endToEndDecision(run, variables);
  const scope = run.openScope({
    kind: "process",
    element: root.id,
    process: root.id,
    parent: null,
    host: null,
    variables,
  });
  run.emit(root.id, { type: "process.started", process: root.id, variables, decision });
  begin(run, scope, entry);
}

function onlyStart(model: ProcessModel): string | null {
  const { starts } = contentOf(model, model.id);
  if (starts.length > 1) {
    throw new CommandError(
      "START_NOT_FOUND",
      `the process ${model.id} has several start events; name one of ${starts.join(", ")}`,
    );
  }
  return null;
}

function requireStart(root: ProcessModel, element: string): string {
  const node = root.elements.get(element);
  const isStartEvent = node?.kind === "startEvent" && node.parent === root.id;
  if (isStartEvent || startTriggers(root).some((trigger) => trigger.element === element)) return element;
  throw new CommandError("START_NOT_FOUND", `the process ${root.id} has no start event ${element}`, element);
}

function endToEndDecision({ root, context }: Run, variables: Variables) {
  if (!root.limit || !context.route) return null;
  const query = { element: root.id, step: root.id, at: "applicantAuthority", role: null, limit: root.limit };
  return context.route(query, variables);
}

function begin(run: Run, scope: Scope, element: string | null): void {
  const node = element === null ? undefined : run.root.elements.get(element);
  if (!node || element === null || node.kind === "startEvent") {
    startScope(run, scope, run.root, element);
    if (node?.kind === "startEvent" && node.parallel) awaitOthers(run, scope, node.id);
    return;
  }
  prepareScope(run, scope, run.root);
  const gateway = startGatewayOf(run.root, node.id);
  if (gateway) {
    startAtGateway(run, run.placeToken(gateway.id, scope.id, null, "waiting"), gateway, node.id);
    return;
  }
  const token = run.placeToken(node.id, scope.id, null, "waiting");
  run.emit(node.id, { type: "element.entered", token: token.id, scope: scope.id });
  finishActivity(run, token.id, null);
}

/** A parallel multiple start event: one of its events has created the instance, which now waits for the others. */
function awaitOthers(run: Run, scope: Scope, element: string): void {
  const token = run.tokensIn(scope.id).find((candidate) => candidate.element === element);
  const node = run.root.elements.get(element);
  if (!token || node?.kind !== "startEvent") return;
  run.ready.splice(run.ready.indexOf(token.id), 1);
  run.emit(element, { type: "element.entered", token: token.id, scope: scope.id });
  run.updateToken(token.id, { at: "waiting" });
  node.definitions.forEach((definition, index) => {
    if (index > 0) openEventWait(run, token, { element, definition: index }, definition);
  });
}
