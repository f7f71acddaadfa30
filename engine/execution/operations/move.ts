import { boundaryEventsOf, isEventSubProcess } from "../../model/look-up.ts";
import type { Activity, CallActivity, FlowNode, ProcessModel } from "../../model/process-model.ts";
import { beginDuties, decide } from "../activities/activity.ts";
import { instanceTerminated } from "../activities/multi-instance.ts";
import { givenTo } from "../activities/containers.ts";
import { isInstanceOf, runsAsInstances } from "../activities/instances.ts";
import type { Command, HeldScope, Resumption, StartBefore } from "../commands.ts";
import { CommandError } from "../errors.ts";
import { joins } from "../gateways/gateway.ts";
import { asIncident } from "../incidents.ts";
import type { Run } from "../run.ts";
import { endScopeWhenEmpty, openSubScope, prepareScope } from "../scopes.ts";
import { RouteError } from "../../routing/errors.ts";
import type { RouteDecision } from "../../routing/types.ts";
import type { Scope, Token } from "../state.ts";
import { cancelToken } from "../tokens.ts";
import { visibleVariables, writeIfAny } from "../variables.ts";
import { openEventWaits } from "../waits.ts";
import { rootScope } from "./control.ts";

/**
 * Takes tokens away with all that hangs on them, and puts new ones before elements: a case returns to an earlier step, or is
 * led round an obstacle. Sub-processes that the new tokens need are opened, those that nothing is left in are cancelled.
 */
export function moveTokens(run: Run, command: Extract<Command, { type: "moveTokens" }>): void {
  const { cancel, start, reason } = command;
  for (const id of cancel)
    if (!run.tokens.has(id)) throw new CommandError("MOVE_IMPOSSIBLE", `the instance has no token ${id}`);
  for (const target of start) requireTarget(run, target);
  const cancelled = cancel.map((id) => run.token(id).element);
  const left = cancel.map((id) => run.token(id).scope);
  for (const id of cancel) if (run.tokens.has(id)) cancelToken(run, id);
  writeIfAny(run, rootScope(run).id, command.variables ?? {});
  for (const target of start) place(run, { ...target, via: null });
  for (const scope of left) tidy(run, scope);
  run.emit(run.root.id, {
    type: "tokens.moved",
    reason,
    cancelled,
    started: start.map(({ element }) => element),
    ...(command.supplement ? { supplement: true } : {}),
  });
}

export function requireTarget(run: Run, { element, scope, via = null }: StartBefore & Partial<Resumption>): void {
  const model = scope === null ? run.root : run.modelOf(requireScope(run, scope));
  const node = model.elements.get(element);
  if (!node) throw new CommandError("MOVE_IMPOSSIBLE", `the process ${model.id} has no element ${element}`, element);
  if (!canStartBefore(node, model)) {
    throw new CommandError(
      "MOVE_IMPOSSIBLE",
      `a token cannot be put before ${element}: it begins only by its own event`,
      element,
    );
  }
  if (via === null && "activation" in node && joins(node)) {
    throw new CommandError(
      "MOVE_IMPOSSIBLE",
      `a token cannot be put before the join ${element}: it would have come by none of its flows and never count; ` +
        "put it before a step of the branch that is missing, or behind the join",
      element,
    );
  }
  if (scope !== null && node.parent !== contentId(requireScope(run, scope)))
    throw new CommandError("MOVE_IMPOSSIBLE", `${element} does not stand in the scope ${scope}`, element);
  if (scope === null) scopeFor(run, model, node.parent);
}

function canStartBefore(node: FlowNode, model: ProcessModel): boolean {
  if (node.kind === "boundaryEvent" || ("forCompensation" in node && node.forCompensation)) return false;
  if (node.kind === "startEvent") return !isEventSubProcess(model.elements.get(node.parent));
  return !isEventSubProcess(node);
}

function requireScope(run: Run, id: string): Scope {
  const scope = run.scopes.get(id);
  if (!scope) throw new CommandError("SCOPE_NOT_FOUND", `the instance has no scope ${id}`);
  return scope;
}

/** Id under which the model lists the contents of a scope; `null` for a scope of a loop or of an undoing. */
function contentId({ kind, element, process }: Scope): string | null {
  if (kind === "subProcess") return element;
  return kind === "process" || kind === "calledProcess" ? process : null;
}

/** The active scope that holds the contents of `parent`, or `null` when it must be opened. Several are ambiguous. */
function scopeFor(run: Run, model: ProcessModel, parent: string): Scope | null {
  if (parent === model.id) return rootScope(run);
  const active = [...run.scopes.values()].filter(
    (scope) => scope.kind === "subProcess" && scope.element === parent && scope.process === model.id,
  );
  if (active.length > 1)
    throw new CommandError("MOVE_IMPOSSIBLE", `${parent} is active ${active.length} times; name the scope`, parent);
  const owner = model.elements.get(parent);
  if (active.length === 0 && owner && "multiInstance" in owner && (owner.multiInstance ?? owner.standardLoop)) {
    throw new CommandError(
      "MOVE_IMPOSSIBLE",
      `${parent} runs as several instances and is not active; put the token before ${parent} itself`,
      parent,
    );
  }
  return active[0] ?? null;
}

/** Puts a token before an element, in the scope that is named or in the one that has to be opened for it; or back into what it held. */
export function place(run: Run, { element, scope, via, held }: Resumption): void {
  const model = scope === null ? run.root : run.modelOf(run.scope(scope));
  const parent = model.elements.get(element)?.parent ?? model.id;
  const target = scope === null ? openFor(run, model, parent) : run.scope(scope);
  if (held) reenter(run, { element, scope: target.id }, held);
  else run.placeToken(element, target.id, via);
}

/** Enters an activity as it was left, with all that it hosted: its scopes keep their ids, their data and how far they had come. */
function reenter(
  run: Run,
  { element, scope }: { readonly element: string; readonly scope: string },
  held: readonly HeldScope[],
): void {
  const model = run.modelOf(run.scope(scope));
  const node = model.elements.get(element);
  if (!node || !("multiInstance" in node))
    throw new CommandError("MOVE_IMPOSSIBLE", `${element} holds nothing that could be entered again`, element);
  const host = run.placeToken(element, scope, null, "hosting");
  run.emit(element, { type: "element.entered", token: host.id, scope });
  const isInstance = isInstanceOf(run, host, node);
  if (!isInstance) for (const boundary of boundaryEventsOf(model, node)) openEventWaits(run, host, boundary);
  if (isInstance || !runsAsInstances(node)) beginDuties(run, host, node, routed(run, host, node));
  const known = new Set(held.map(({ scope: { id } }) => id));
  for (const { scope: was, given, places } of held) {
    const parent = was.parent !== null && known.has(was.parent) ? was.parent : scope;
    const opened = run.putScope({ ...was, parent, host: host.id });
    if (given.length > 0 && node.kind === "callActivity") giveAnew(run, host, { node, given, scope: opened.id });
    if (opened.kind === "subProcess" || opened.kind === "calledProcess") prepareScope(run, opened, run.modelOf(opened));
    for (const inner of places) place(run, inner);
  }
}

interface Given {
  readonly node: CallActivity;
  readonly given: readonly string[];
  readonly scope: string;
}

/** What the caller corrected meanwhile is known to the called process as to one that is called now. */
function giveAnew(run: Run, host: Token, { node, given, scope }: Given): void {
  try {
    const all = Object.entries(givenTo(node, visibleVariables(run.scopes, host.scope), run.context.evaluator));
    run.declare(scope, Object.fromEntries(all.filter(([name]) => given.includes(name))));
  } catch (error) {
    const incident = asIncident(error);
    if (!incident) throw error;
    throw new CommandError("MOVE_IMPOSSIBLE", incident.message, node.id);
  }
}

/** The scope that holds the contents of `parent`, opened from the outside in where it is not active. */
function openFor(run: Run, model: ProcessModel, parent: string): Scope {
  const active = scopeFor(run, model, parent);
  if (active) return active;
  const owner = model.elements.get(parent);
  if (owner?.kind !== "subProcess")
    throw new CommandError("MOVE_IMPOSSIBLE", `${parent} cannot be opened to put a token into it`, parent);
  const outer = openFor(run, model, owner.parent);
  const host = run.placeToken(owner.id, outer.id, null, "hosting");
  run.emit(owner.id, { type: "element.entered", token: host.id, scope: outer.id });
  for (const boundary of boundaryEventsOf(model, owner)) openEventWaits(run, host, boundary);
  beginDuties(run, host, owner, routed(run, host, owner));
  const inner = openSubScope(run, host, { kind: "subProcess", process: outer.process, variables: {} });
  prepareScope(run, inner, model);
  return inner;
}

/** What is opened from inside owes its limit like what is entered from outside. */
function routed(run: Run, host: Token, owner: Activity): RouteDecision | null {
  try {
    return decide(run, host, owner);
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    throw new CommandError("MOVE_IMPOSSIBLE", `nobody can act at ${owner.id}: ${error.message}`, owner.id);
  }
}

/** A sub-process that the move has emptied is cancelled with its host, outward; a loop goes on without the instance. */
export function tidy(run: Run, scopeId: string): void {
  const scope = run.scopes.get(scopeId);
  if (!scope || run.isBusy(scopeId)) return;
  const { host, parent } = scope;
  if (!host || !parent || !run.tokens.has(host)) {
    endScopeWhenEmpty(run, scopeId);
    return;
  }
  const node = run.nodeIn(parent, scope.element);
  if (scope.kind === "instance" && "multiInstance" in node && node.multiInstance) {
    run.closeScope(scopeId);
    instanceTerminated(run, node, parent, host);
    return;
  }
  const outer = run.token(host).scope;
  cancelToken(run, host);
  tidy(run, outer);
}
