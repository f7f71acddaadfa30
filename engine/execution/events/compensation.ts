import { contentOf } from "../../model/look-up.ts";
import type { Activity, ProcessModel, SubProcessActivity } from "../../model/process-model.ts";
import type { Json } from "../../expressions/json.ts";
import { guarded, IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import { endScopeWhenEmpty } from "../scopes.ts";
import type { CalledVersion, CompletedActivity, Scope, Token, UndoItem, Undoing } from "../state.ts";
import { cancelToken, completeElement } from "../tokens.ts";
import { cancelBoundaryOf, triggerBoundary } from "./throw.ts";

/**
 * Remembers a completed activity that something can undo, with the data its handler will see (BPMN 2.0 §10.6.1, §13.5.5).
 * `variables` are those of its own scopes, which end now.
 */
export function rememberCompleted(
  run: Run,
  scope: string,
  activity: Activity,
  inside: { readonly variables: Readonly<Record<string, Json>>; readonly inner: readonly CompletedActivity[] },
): void {
  const model = run.modelOf(run.scope(scope));
  const handledInside = contentOf(model, activity.id).compensationHandler;
  if (activity.compensatedBy === null && handledInside === null && inside.inner.length === 0) return;
  const record = { element: activity.id, ...inside };
  run.updateScope(scope, { completed: [...(run.scope(scope).completed ?? []), record] });
}

/** Undoes what has completed in the scope, the last first: all of it, or one activity. The token waits for it, or goes on. */
export function compensate(run: Run, token: Token, activity: string | null, wait: boolean): void {
  const source = scopeToUndo(run, token);
  const completed = source.completed ?? [];
  const concerned = completed.filter(({ element }) => activity === null || element === activity);
  run.updateScope(source.id, { completed: completed.filter((record) => !concerned.includes(record)) });
  const remaining = undoItems(run, concerned, { model: run.modelOf(source), variables: {} });
  if (wait) {
    run.updateToken(token.id, { at: "hosting" });
    undoNext(run, token.id, source.id, { remaining, detached: false });
    return;
  }
  const host = run.placeToken(token.element, token.scope, null, "hosting");
  undoNext(run, host.id, source.id, { remaining, detached: true });
  completeElement(run, token.id);
}

/** Ends everything in the transaction, undoes what had completed in it, and leaves by the cancel boundary event. */
export function cancelTransaction(run: Run, token: Token): void {
  const scope = transactionAround(run, token);
  const end = token.scope === scope.id ? token : raised(run, token, scope);
  for (const other of run.tokensIn(scope.id))
    if (other.id !== end.id && run.tokens.has(other.id)) cancelToken(run, other.id);
  compensate(run, end, null, true);
}

/** A cancel end event deeper inside goes with its sub-process; what it asked for goes on in the transaction itself. */
function raised(run: Run, { element }: Token, scope: Scope): Token {
  const token = run.placeToken(element, scope.id, null, "waiting");
  run.emit(element, { type: "element.entered", token: token.id, scope: scope.id });
  return token;
}

function transactionAround(run: Run, token: Token): Scope {
  let scope: Scope | null = run.scope(token.scope);
  while (scope && scope.version === undefined) {
    if (variantOf(run, scope) === "transaction") return scope;
    scope = scope.parent === null ? null : run.scope(scope.parent);
  }
  throw new IncidentError("CANCEL_OUTSIDE_TRANSACTION", `${token.element} stands in no transaction`);
}

/** An event sub-process undoes what its surroundings have done; anything else what was done beside it. */
function scopeToUndo(run: Run, token: Token): Scope {
  const scope = run.scope(token.scope);
  return variantOf(run, scope) === "event" ? run.scope(scope.parent ?? "") : scope;
}

/** Kind of the sub-process whose contents the scope holds; `null` for any other scope. */
function variantOf(run: Run, scope: Scope): SubProcessActivity["variant"] | null {
  const element = scope.kind === "subProcess" ? run.modelOf(scope).elements.get(scope.element) : undefined;
  return element?.kind === "subProcess" ? element.variant : null;
}

/** What the records stand in: the model that holds their elements, and the data around them. */
interface Surroundings {
  readonly model: ProcessModel;
  readonly called?: CalledVersion;
  readonly variables: Readonly<Record<string, Json>>;
}

/**
 * The handlers to run, last completed first; a sub-process or called process without one of its own is undone by those inside
 * it. Those of a called process are of its model, and see its data alone.
 */
function undoItems(run: Run, records: readonly CompletedActivity[], around: Surroundings): readonly UndoItem[] {
  return records.toReversed().flatMap((record) => {
    const { model, called, variables: outer } = record.called ? calledSurroundings(run, record.called) : around;
    const node = model.elements.get(record.element);
    const boundary = node && "compensatedBy" in node ? node.compensatedBy : null;
    const handler = boundary ?? contentOf(model, record.element).compensationHandler;
    const variables = { ...outer, ...record.variables };
    const place = called ? { called } : {};
    return handler === null
      ? undoItems(run, record.inner, { model, variables, ...place })
      : [{ handler, variables, inner: record.inner, ...place }];
  });
}

function calledSurroundings(run: Run, called: CalledVersion): Surroundings {
  return { model: run.calledModel(called), called, variables: {} };
}

/** Runs the next handler in a scope of its own; after the last one the event that asked for it goes on. */
export function undoNext(run: Run, host: string, source: string, undoing: Undoing): void {
  const [item, ...remaining] = undoing.remaining;
  if (!item) {
    allUndone(run, host, undoing.detached);
    return;
  }
  const token = run.token(host);
  const scope = run.openScope({
    kind: "compensation",
    element: token.element,
    process: run.scope(source).process,
    ...item.called,
    parent: source,
    host,
    variables: item.variables,
    completed: item.inner,
    undoing: { remaining, detached: undoing.detached },
  });
  run.emit(token.element, { type: "compensation.started", handler: item.handler });
  run.placeToken(item.handler, scope.id, null);
}

function allUndone(run: Run, host: string, detached: boolean): void {
  const token = run.token(host);
  const node = run.node(token);
  if (detached) {
    run.consume(host);
    endScopeWhenEmpty(run, token.scope);
    return;
  }
  const cancels = node.kind === "endEvent" && node.definitions.some(({ type }) => type === "cancel");
  if (cancels) leaveTransaction(run, token);
  else completeElement(run, host);
}

function leaveTransaction(run: Run, end: Token): void {
  guarded(run, end.id, "leave", () => {
    const { host } = run.scope(end.scope);
    const transaction = host ? run.token(host) : end;
    const boundary = cancelBoundaryOf(run, transaction);
    run.emit(end.element, { type: "element.completed", token: end.id, scope: end.scope });
    run.consume(end.id);
    triggerBoundary(run, transaction.id, boundary, {});
  });
}
