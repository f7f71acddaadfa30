import type { Resumption } from "../execution/commands.ts";
import type { InstanceState, Token } from "../execution/state.ts";
import type { FlowNode, ProcessModel } from "../model/process-model.ts";

/** Where a case takes up again after what it was returned for has been corrected; or why it cannot. */
export type WayBack =
  | { readonly possible: true; readonly start: readonly Resumption[] }
  | { readonly possible: false; readonly because: { readonly zh: string; readonly en: string } };

/** The model that holds the elements in a scope; `null` where the scope is gone. */
export type ModelAt = (scope: string | null) => ProcessModel | null;

/**
 * The places that a return takes away, as the case can take them again: open steps begin anew, and what had come to a join
 * stands there again. A called process, or one of several runs of a sub-process, cannot be entered in its middle.
 */
export function wayBackOf(modelAt: ModelAt, state: InstanceState, cancel: readonly string[]): WayBack {
  const start: Resumption[] = [];
  for (const id of cancel) {
    const token = state.tokens[id];
    if (!token || token.at === "armed") continue;
    const places = placesOf(modelAt, state, token, token.scope);
    if (places === null) return { possible: false, because: inTheMiddle };
    start.push(...places);
  }
  return { possible: true, start };
}

const inTheMiddle = {
  zh: "本环节在被调用的流程或多次进行的子流程之中，不能从中途再进入；请选择重新逐步办理",
  en: "the step stands inside a called process or a sub-process that runs several times, which cannot be entered in its middle; let the way be walked again",
};

function placesOf(
  modelAt: ModelAt,
  state: InstanceState,
  token: Token,
  scope: string | null,
): readonly Resumption[] | null {
  const model = modelAt(token.scope);
  const node = model?.elements.get(token.element);
  if (!node) return null;
  const again = [{ element: token.element, scope, via: token.at === "joining" ? token.via : null }];
  if (token.at !== "hosting" || isOneStep(node)) return again;
  if (node.kind !== "subProcess" || node.multiInstance || node.standardLoop) return null;
  // What has to be opened again is looked for in the case's own process.
  if (model !== modelAt(null)) return null;
  const within = Object.values(state.scopes)
    .filter(({ host }) => host === token.id)
    .map(({ id }) => id);
  const inner = Object.values(state.tokens)
    .filter((candidate) => within.includes(candidate.scope) && candidate.at !== "armed")
    .map((candidate) => placesOf(modelAt, state, candidate, null));
  return inner.some((places) => places === null) ? null : inner.flatMap((places) => places ?? []);
}

/** A task that several persons do each for themselves begins anew as a whole. */
function isOneStep(node: FlowNode): boolean {
  return node.kind !== "subProcess" && node.kind !== "callActivity";
}

/** The same places in the state as it is now: a scope that is gone has to be opened again; `null` where an element is gone. */
export function stillPossible(
  modelAt: ModelAt,
  state: InstanceState,
  start: readonly Resumption[],
): readonly Resumption[] | null {
  const places = start.map((place) => ({
    ...place,
    scope: place.scope !== null && state.scopes[place.scope] ? place.scope : null,
  }));
  const isGone = ({ element, via, scope }: Resumption) => {
    const model = modelAt(scope);
    return !model?.elements.has(element) || (via !== null && !model.flows.has(via));
  };
  return places.length === 0 || places.some(isGone) ? null : places;
}
