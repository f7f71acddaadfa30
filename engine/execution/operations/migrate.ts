import { boundaryEventsOf, contentOf } from "../../model/look-up.ts";
import { migrationProblems } from "../migration.ts";
import type { Command, MigrationPlan, Resumption } from "../commands.ts";
import { CommandError } from "../errors.ts";
import { decide } from "../activities/activity.ts";
import { isInstanceOf, runsAsInstances } from "../activities/instances.ts";
import { arm } from "../events/event-sub-process.ts";
import { guarded } from "../incidents.ts";
import type { Run } from "../run.ts";
import { processScopeOf } from "../process-scope.ts";
import type { CompletedActivity, Scope, Token, Undoing, UndoItem } from "../state.ts";
import { cancelWaitsOf, closeWait, openEventWaits } from "../waits.ts";

/**
 * Goes on with another version of the process. Every token must have a place there, or nothing changes. Boundary events and
 * event sub-processes that the new version adds begin to wait, those that it has no more fall away, others keep their timers.
 */
export function migrate(run: Run, command: Extract<Command, { type: "migrate" }>): void {
  const { plan, reason } = command;
  const state = run.toState();
  const problems = migrationProblems(run.root, state, plan);
  if (problems.length > 0) {
    throw new CommandError(
      "MIGRATION_IMPOSSIBLE",
      problems.map(({ element, message }) => `${element}: ${message.en}`).join("; "),
      problems[0]?.element ?? null,
    );
  }
  const own = [...run.scopes.values()].filter(({ id }) => processScopeOf(run.scopes, id)?.kind === "process");
  const hosting = [...run.scopes.values()].filter(
    ({ version, parent }) =>
      version !== undefined && parent !== null && processScopeOf(run.scopes, parent)?.kind === "process",
  );
  for (const { id, element, undoing } of hosting)
    run.updateScope(id, { element: renamed(plan.elements, element), ...stillToUndo(undoing, plan) });
  for (const scope of own) rename(run, scope, plan);
  for (const scope of own) rearm(run, scope.id);
  for (const scope of own) arriveAnew(run, scope.id);
  run.emit(run.root.id, { type: "process.migrated", reason, elements: plan.elements });
  for (const scope of own) for (const token of run.tokensIn(scope.id)) takeOverLimit(run, token);
}

/** A step that goes on owes the limit that the new version gives it; where that is the same, its clock just goes on. */
function takeOverLimit(run: Run, token: Token): void {
  const node = run.node(token);
  if (!("multiInstance" in node) || node.limit === null || (token.at !== "waiting" && token.at !== "hosting")) return;
  if (runsAsInstances(node) && !isInstanceOf(run, token, node)) return;
  const { limit } = node;
  guarded(run, token.id, "work", () => {
    const decision = decide(run, token, node);
    if (decision) run.emit(node.id, { type: "limit.started", token: token.id, limit, decision });
  });
}

function rename(run: Run, scope: Scope, plan: MigrationPlan): void {
  const element = scope.kind === "process" ? run.root.id : renamed(plan.elements, scope.element);
  run.updateScope(scope.id, { element, process: run.root.id, ...memoriesOf(scope, plan) });
  for (const token of run.tokensIn(scope.id)) {
    const via = token.via === null ? null : renamed(plan.flows, token.via);
    const spent = token.spent && { spent: token.spent.map((id) => renamed(plan.elements, id)) };
    const branch = token.branch !== undefined && { branch: renamed(plan.flows, token.branch) };
    run.updateToken(token.id, { element: renamed(plan.elements, token.element), via, ...spent, ...branch });
    for (const wait of run.waitsOf(token.id)) run.putWait({ ...wait, element: renamed(plan.elements, wait.element) });
  }
}

/** What the scope remembers by the names of elements: what can be undone, what is being undone, and gateways to be reset. */
function memoriesOf({ completed, undoing, resetting }: Scope, plan: MigrationPlan): Partial<Scope> {
  const gateway = ([id, flows]: readonly [string, readonly string[]]) =>
    [renamed(plan.elements, id), flows.map((flow) => renamed(plan.flows, flow))] as const;
  return {
    ...(completed && { completed: completed.map((record) => renamedRecord(record, plan)) }),
    ...stillToUndo(undoing, plan),
    ...(resetting && { resetting: Object.fromEntries(Object.entries(resetting).map(gateway)) }),
  };
}

/** The handlers that follow are of the scope to undo, also while one of a called process works. */
function stillToUndo(undoing: Undoing | undefined, plan: MigrationPlan): Pick<Scope, "undoing"> {
  if (!undoing) return {};
  const item = (old: UndoItem): UndoItem => ({
    ...old,
    handler: renamed(plan.elements, old.handler),
    inner: old.inner.map((inner) => renamedRecord(inner, plan)),
  });
  return { undoing: { ...undoing, remaining: undoing.remaining.map((old) => (old.called ? old : item(old))) } };
}

/** A called process keeps its own version, also in what is remembered of it. */
function renamedRecord(record: CompletedActivity, plan: MigrationPlan): CompletedActivity {
  if (record.called) return record;
  return {
    ...record,
    element: renamed(plan.elements, record.element),
    inner: record.inner.map((inner) => renamedRecord(inner, plan)),
  };
}

function renamed(names: Readonly<Record<string, string>>, id: string): string {
  return Object.hasOwn(names, id) ? (names[id] ?? id) : id;
}

/** The same place under the names that the case's own elements have in the new version. A called process keeps its own. */
export function renamedPlace(place: Resumption, plan: MigrationPlan): Resumption {
  const held = place.held?.map((inner) => {
    const scope = { ...inner.scope, element: renamed(plan.elements, inner.scope.element) };
    if (scope.version !== undefined) return { ...inner, scope };
    return {
      ...inner,
      scope: { ...scope, ...memoriesOf(scope, plan) },
      places: inner.places.map((inside) => renamedPlace(inside, plan)),
    };
  });
  const via = place.via === null ? null : renamed(plan.flows, place.via);
  return { ...place, element: renamed(plan.elements, place.element), via, ...(held && { held }) };
}

/** What waits for other tokens comes once more: the new version may need fewer of them. */
function arriveAnew(run: Run, scope: string): void {
  for (const { id, at } of run.tokensIn(scope)) if (at === "joining") run.updateToken(id, { at: "ready" });
}

function rearm(run: Run, scopeId: string): void {
  for (const token of run.tokensIn(scopeId)) guarded(run, token.id, "work", () => rearmBoundary(run, token));
  const scope = run.scope(scopeId);
  if (scope.kind !== "process" && scope.kind !== "subProcess") return;
  const wanted = contentOf(run.root, scope.element).eventSubProcesses;
  const armed = run.tokensIn(scopeId).filter(({ at }) => at === "armed");
  for (const token of armed.filter(({ element }) => !wanted.includes(element))) {
    cancelWaitsOf(run, token.id);
    run.consume(token.id);
  }
  const running = new Set(run.tokensIn(scopeId).map(({ element }) => element));
  for (const element of wanted) if (!running.has(element)) arm(run, run.placeToken(element, scopeId, null, "armed"));
}

function rearmBoundary(run: Run, token: Token): void {
  if (token.at !== "waiting" && token.at !== "hosting") return;
  const node = run.node(token);
  if (!("boundary" in node)) return;
  // One instance of a loop has no boundary events of its own.
  if (run.scope(token.scope).kind === "instance") return;
  const open = run.waitsOf(token.id);
  for (const wait of open) {
    const isBoundary = wait.type !== "task" && wait.type !== "job" && wait.type !== "adHoc" && wait.element !== node.id;
    if (isBoundary && !node.boundary.includes(wait.element)) closeWait(run, wait, "cancelled");
  }
  for (const boundary of boundaryEventsOf(run.root, node)) {
    const isSpent = token.spent?.includes(boundary.id) === true;
    if (!isSpent && !open.some((wait) => wait.element === boundary.id)) openEventWaits(run, token, boundary);
  }
}
