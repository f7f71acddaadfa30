import { givenTo } from "../execution/activities/containers.ts";
import { runsAsInstances } from "../execution/activities/instances.ts";
import type { HeldScope, Resumption } from "../execution/commands.ts";
import type { Evaluator } from "../execution/evaluator.ts";
import { numberOf } from "../execution/run.ts";
import type { CalledVersion, InstanceState, Scope, Token } from "../execution/state.ts";
import { visibleVariables } from "../execution/variables.ts";
import { ExpressionError } from "../expressions/feel.ts";
import { isEventSubProcess } from "../model/look-up.ts";
import type { Activity, FlowNode, ProcessModel } from "../model/process-model.ts";

/** Where a case takes up again after what it was returned for has been corrected; or why it cannot. */
export type WayBack =
  | { readonly possible: true; readonly start: readonly Resumption[] }
  | { readonly possible: false; readonly because: { readonly zh: string; readonly en: string } };

/** The models that a case runs. */
export interface CaseModelsAt {
  /** The model that holds the elements in a scope; `null` where the scope is gone. */
  readonly at: (scope: string | null) => ProcessModel | null;
  /** The model of a version that a call has frozen. */
  readonly called: (version: CalledVersion) => ProcessModel | null;
}

interface Leaving {
  readonly models: CaseModelsAt;
  readonly state: InstanceState;
  readonly evaluator: Evaluator;
}

/**
 * The places that a return takes away, as the case can take them again: open steps begin anew, what had come to a join stands
 * there again, and a called process, a sub-process and each of its runs go on where they stood, with their data and counters.
 */
export function wayBackOf(leaving: Leaving, cancel: readonly string[]): WayBack {
  const start: Resumption[] = [];
  for (const id of cancel) {
    const token = leaving.state.tokens[id];
    if (!token || token.at === "armed") continue;
    const place = placeOf(leaving, token, false);
    if (place === null) return { possible: false, because: notHeld };
    start.push(place);
  }
  return { possible: true, start };
}

const notHeld = {
  zh: "本环节所在的部分不能从中途恢复（自选办理、事件触发或补偿的子流程，或者多次办理中由多人分别办理的环节）；请选择重新逐步办理",
  en: "what the step stands in cannot be taken up in its middle (an ad-hoc, event or compensating sub-process, or a step that several do in one of several runs); let the way be walked again",
};

/** `isOneOfSeveral`: the token stands in one of several runs. `null` where it cannot be taken up again. */
function placeOf(leaving: Leaving, token: Token, isOneOfSeveral: boolean): Resumption | null {
  const node = leaving.models.at(token.scope)?.elements.get(token.element);
  if (!node || isEventSubProcess(node)) return null;
  const again = { element: token.element, scope: token.scope, via: token.at === "joining" ? token.via : null };
  if (token.at !== "hosting" || !("multiInstance" in node)) return again;
  if (isOneStep(node)) return isOneOfSeveral && isSeveral(node) ? null : again;
  if (node.kind === "subProcess" && node.adHoc) return null;
  const hosted = Object.values(leaving.state.scopes)
    .filter(({ host }) => host === token.id)
    .toSorted((a, b) => numberOf(a.id) - numberOf(b.id));
  const held = hosted.map((scope) => heldScope(leaving, { token, node, scope, isOneOfSeveral }));
  return held.some((scope) => scope === null) ? null : { ...again, held: held.flatMap((scope) => scope ?? []) };
}

/** The place of an activity with all that it holds; `null` where it could not be taken up again. */
export function placeHeldBy(leaving: Leaving, token: Token): Resumption | null {
  return placeOf(leaving, token, false);
}

/** The state as the scopes stand when these tokens are gone. */
export function withoutHosted(state: InstanceState, cancel: readonly string[]): InstanceState {
  const gone = new Set(cancel);
  const stays = ({ host }: Scope) => host === null || !hangsOn(state, host, gone);
  return { ...state, scopes: Object.fromEntries(Object.entries(state.scopes).filter(([, scope]) => stays(scope))) };
}

interface Hosted {
  readonly token: Token;
  readonly node: Activity;
  readonly scope: Scope;
  readonly isOneOfSeveral: boolean;
}

function heldScope(leaving: Leaving, { token, node, scope, isOneOfSeveral }: Hosted): HeldScope | null {
  if (scope.kind === "compensation") return null;
  const several = isOneOfSeveral || (scope.kind === "instance" && isSeveral(node));
  const inner = Object.values(leaving.state.tokens).filter(
    ({ scope: at, at: how }) => at === scope.id && how !== "armed",
  );
  const places = inner.map((candidate) => placeOf(leaving, candidate, several));
  if (places.some((place) => place === null)) return null;
  return { scope, places: places.flatMap((place) => place ?? []), given: unchangedOf(leaving, token, node, scope) };
}

/** Names of what a called process was given and has not changed. What can no longer be worked out is left as it is. */
function unchangedOf({ state, evaluator }: Leaving, token: Token, node: Activity, scope: Scope): readonly string[] {
  if (scope.kind !== "calledProcess" || node.kind !== "callActivity") return [];
  try {
    const given = givenTo(node, visibleVariables({ get: (id) => state.scopes[id] }, token.scope), evaluator);
    return Object.keys(given).filter((name) => JSON.stringify(given[name]) === JSON.stringify(scope.variables[name]));
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** A task that several persons do each for themselves begins anew as a whole. */
function isOneStep(node: FlowNode): boolean {
  return node.kind !== "subProcess" && node.kind !== "callActivity";
}

function isSeveral({ multiInstance, standardLoop }: Activity): boolean {
  return multiInstance !== null || standardLoop !== null;
}

/**
 * Steps of several persons that begin anew when these tokens are taken away: votes in them count no more. Each with the scope
 * that it stands in.
 */
export function roundsIn(
  { models, state }: Pick<Leaving, "models" | "state">,
  cancel: readonly string[],
): readonly { readonly element: string; readonly scope: string }[] {
  const gone = new Set(cancel);
  return Object.values(state.tokens).flatMap((token) => {
    const node = token.at === "hosting" ? models.at(token.scope)?.elements.get(token.element) : undefined;
    const isRound = node && "multiInstance" in node && isOneStep(node) && isSeveral(node);
    return isRound && hangsOn(state, token.id, gone) ? [{ element: node.id, scope: token.scope }] : [];
  });
}

/** Whether a token is among these or hangs, through the scopes that they host, on one of them. */
export function hangsOn(state: InstanceState, token: string, tokens: ReadonlySet<string>): boolean {
  for (let current: string | null = token; current !== null;) {
    if (tokens.has(current)) return true;
    current = state.scopes[state.tokens[current]?.scope ?? ""]?.host ?? null;
  }
  return false;
}

/** Versions of called processes that places hold, which a case that has left them names no more. */
export function versionsHeld(places: readonly Pick<Resumption, "held">[]): readonly string[] {
  return places.flatMap(({ held = [] }) =>
    held.flatMap(({ scope, places: inner }) => [
      ...(scope.version === undefined ? [] : [scope.version]),
      ...versionsHeld(inner),
    ]),
  );
}

/**
 * The same places in the state as it is now: a scope that is gone has to be opened again; `null` where an element is gone, or is
 * another than what it held.
 */
export function stillPossible(
  models: CaseModelsAt,
  state: InstanceState,
  start: readonly Resumption[],
): readonly Resumption[] | null {
  const places = start.map((place) => ({
    ...place,
    scope: place.scope !== null && state.scopes[place.scope] ? place.scope : null,
  }));
  const fits = (place: Resumption) => {
    const model = models.at(place.scope);
    return model !== null && fitsIn({ models, state, model }, place, false);
  };
  return places.length > 0 && places.every(fits) ? places : null;
}

interface Fitting {
  readonly models: CaseModelsAt;
  readonly state: InstanceState;
  readonly model: ProcessModel;
}

function fitsIn(fitting: Fitting, { element, via, held }: Resumption, isInstance: boolean): boolean {
  const { model } = fitting;
  const node = model.elements.get(element);
  if (!node || (via !== null && !model.flows.has(via))) return false;
  if (!held) return true;
  if (!("multiInstance" in node)) return false;
  return held.every((inner, index) => {
    const { scope, places } = inner;
    if (fitting.state.scopes[scope.id] || scope.kind !== kindHeldBy(node, isInstance, index)) return false;
    const called = scope.version === undefined ? model : fitting.models.called({ ...scope, version: scope.version });
    if (
      !called ||
      (node.kind === "callActivity" && scope.kind === "calledProcess" && scope.process !== node.calledProcess)
    )
      return false;
    return places.every((place) => fitsIn({ ...fitting, model: called }, place, scope.kind === "instance"));
  });
}

/** What kind of scope an activity opens first, or next. */
function kindHeldBy(node: Activity, isInstance: boolean, index: number): Scope["kind"] {
  if (!isInstance && runsAsInstances(node)) return node.multiInstance && index === 0 ? "multiInstance" : "instance";
  return node.kind === "callActivity" ? "calledProcess" : "subProcess";
}
