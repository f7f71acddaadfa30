import type { StartBefore } from "../../execution/commands.ts";
import { joins } from "../../execution/gateways/gateway.ts";
import { processScopeOf } from "../../execution/process-scope.ts";
import type { InstanceState, Scope, Token } from "../../execution/state.ts";
import { problem, type Problem } from "../../model/problems.ts";
import { linkTarget } from "../../model/links.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import { explore, type ExplorationBounds } from "../soundness/explore.ts";

/** What a return to an earlier step takes away and where it begins again; `problems` say why it cannot be done. */
export interface ReturnPlan {
  readonly cancel: readonly string[];
  readonly start: readonly StartBefore[];
  readonly problems: readonly Problem[];
}

/** One of the processes that a case runs, in which a return stays: its own, or one that it has called. */
export interface Home {
  readonly model: ProcessModel;
  /** Scope of the called process; `null` for the case's own. */
  readonly scope: string | null;
}

/**
 * Plans the return of a running case to `element`: what lies on a way on from it is taken away and nothing else, so parallel
 * branches go on, and what has come to a join from elsewhere stays there. A return that would leave a join waiting for ever
 * is found by exploring what follows, and refused.
 */
export async function planReturn(
  model: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  state: InstanceState,
  element: string,
  bounds: ExplorationBounds,
  home: Home = { model, scope: null },
): Promise<ReturnPlan> {
  const node = home.model.elements.get(element);
  if (!node) return impossible("RETURN_NOT_FOUND", element, "流程中没有该环节", "the process has no such step");
  if ("activation" in node && joins(node)) {
    return impossible(
      "RETURN_TO_JOIN",
      element,
      "汇合网关按分支等待，请退回到某个分支中的环节或汇合之后的环节",
      "a join waits branch by branch; return to a step of a branch, or behind the join",
    );
  }
  const place = placeOf(home, state, node);
  if (!place) {
    return impossible(
      "RETURN_NOT_FOUND",
      element,
      "该环节所在的子流程同时进行多次",
      "the sub-process that it stands in runs several times at once",
    );
  }
  if (place.start === null && home.scope !== null) {
    return impossible(
      "RETURN_NOT_FOUND",
      element,
      "它所在的子流程在被调用的流程中已经结束",
      "the sub-process that it stands in has ended in the called process",
    );
  }
  const cancel = tokensBehind(home.model, state, place);
  if (cancel.length === 0) {
    return impossible("RETURN_NOT_BACK", element, "案件尚未经过该环节", "the case is not beyond that step");
  }
  const exploring = { model, called, state, bounds };
  return planTo(exploring, { home: home.model, node, place, cancel });
}

/**
 * Plans a jump to any element, back or forward: besides what a return would take away, whatever was still on its way to the
 * element. A jump that would leave a join waiting for ever is refused like a return.
 */
export async function planJump(
  model: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  state: InstanceState,
  element: string,
  bounds: ExplorationBounds,
): Promise<ReturnPlan> {
  const planned = wayOfJump(model, state, element);
  if ("code" in planned) return { cancel: [], start: [], problems: [planned] };
  return planTo({ model, called, state, bounds }, { ...planned, home: model });
}

/** What a jump lacks that can be seen where the case stands, before what follows is explored; `null` where nothing. */
export function lacksForJump(model: ProcessModel, state: InstanceState, element: string): Problem | null {
  const planned = wayOfJump(model, state, element);
  return "code" in planned ? planned : null;
}

interface Way {
  readonly node: FlowNode;
  readonly place: Place;
  readonly cancel: readonly string[];
}

function wayOfJump(model: ProcessModel, state: InstanceState, element: string): Way | Problem {
  const node = model.elements.get(element);
  const place = node ? placeOf({ model, scope: null }, state, node) : null;
  if (!node || !place)
    return noJump(
      "JUMP_NOT_FOUND",
      element,
      "流程中没有可以进入的该环节",
      "the process has no such step that can be entered",
    );
  const here = Object.values(state.tokens).filter((token) => token.scope === place.scope.id && token.at !== "armed");
  if (here.some((token) => token.element === element))
    return noJump("JUMP_STANDS_THERE", element, "案件正在该环节办理", "the case stands there now");
  const behind = new Set(tokensBehind(model, state, place));
  const isBefore = (token: Token) => elementsBehind(model, token.element).has(place.element);
  const cancel = here.filter((token) => behind.has(token.id) || isBefore(token)).map(({ id }) => id);
  if (cancel.length > 0) return { node, place, cancel };
  return noJump("JUMP_NOT_FOUND", element, "没有通向该环节的办理", "nothing in the case leads to that step");
}

/** Scope in which tokens are compared, and the element in it that the case returns to (a sub-process that is not active). */
interface Place {
  readonly scope: Scope;
  readonly element: string;
  /** Scope to start in; `null` where it has to be opened. */
  readonly start: string | null;
}

function placeOf(home: Home, state: InstanceState, node: FlowNode): Place | null {
  const { model } = home;
  const active = Object.values(state.scopes).filter((scope) => {
    if (isHome(home, scope)) return node.parent === model.id;
    return scope.kind === "subProcess" && scope.element === node.parent && isInHome(home, state, scope);
  });
  const [only, second] = active;
  if (second) return null;
  if (only) return { scope: only, element: node.id, start: only.id };
  const owner = model.elements.get(node.parent);
  const around = owner ? placeOf(home, state, owner) : null;
  return around && { ...around, start: null };
}

function isHome({ scope: home }: Home, { id, kind }: Scope): boolean {
  return home === null ? kind === "process" : id === home;
}

/** A called process may have sub-processes with the names of the caller's. */
function isInHome(home: Home, state: InstanceState, { id }: Scope): boolean {
  const around = processScopeOf({ get: (scope) => state.scopes[scope] }, id);
  return around !== null && isHome(home, around);
}

function tokensBehind(model: ProcessModel, state: InstanceState, { scope, element }: Place): readonly string[] {
  const behind = elementsBehind(model, element);
  const isBehind = (token: Token) => {
    if (token.at !== "joining") return behind.has(token.element);
    const source = token.via === null ? undefined : model.flows.get(token.via)?.source;
    return source !== undefined && (source === element || behind.has(source));
  };
  return Object.values(state.tokens)
    .filter((token) => token.scope === scope.id && token.at !== "armed" && isBehind(token))
    .map(({ id }) => id);
}

/** Elements that a token can come to from `element` in the same scope, by flows, links and boundary events. */
export function elementsBehind(model: ProcessModel, element: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [element];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = model.elements.get(id);
    if (!node) continue;
    const next = [
      ...node.outgoing.flatMap((flow) => model.flows.get(flow)?.target ?? []),
      ...("boundary" in node ? node.boundary : []),
      ...("definitions" in node ? linksOf(model, node) : []),
    ].filter((target) => !found.has(target));
    for (const target of next) found.add(target);
    open.push(...next);
  }
  return found;
}

function linksOf(model: ProcessModel, node: Extract<FlowNode, { definitions: unknown }>): readonly string[] {
  if (node.kind !== "intermediateThrowEvent") return [];
  return node.definitions.flatMap((definition) =>
    definition.type === "link" ? (linkTarget(model, node.parent, definition.name) ?? []) : [],
  );
}

/**
 * Whether a join lies ahead of the target, where it stands or in a sub-process around it that is opened for it: only such a join
 * can be left waiting. What is entered later as a whole begins as it always does, and what goes on elsewhere is not touched.
 */
function leadsToJoin(model: ProcessModel, target: FlowNode, place: Place): boolean {
  for (let node: FlowNode | undefined = target; node; node = model.elements.get(node.parent)) {
    for (const id of elementsBehind(model, node.id)) {
      const behind = model.elements.get(id);
      if (behind && "activation" in behind && joins(behind)) return true;
    }
    if (node.id === place.element) return false;
  }
  return false;
}

interface Exploring {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  readonly state: InstanceState;
  readonly bounds: ExplorationBounds;
}

interface Target extends Way {
  /** The model that holds the target. */
  readonly home: ProcessModel;
}

/** The move to a target that can be entered; with a problem where it would leave a join waiting for ever. */
async function planTo(exploring: Exploring, { home, node, place, cancel }: Target): Promise<ReturnPlan> {
  const plan = { cancel, start: [{ element: node.id, scope: place.start }] };
  return { ...plan, problems: leadsToJoin(home, node, place) ? await blockedJoins(exploring, plan) : [] };
}

async function blockedJoins(
  { model, called, state, bounds }: Exploring,
  plan: Pick<ReturnPlan, "cancel" | "start">,
): Promise<readonly Problem[]> {
  const command = { type: "moveTokens", ...plan, reason: "plan" } as const;
  const { situations } = await explore(model, called, bounds, { state, command });
  const blocked = situations
    .flatMap((situation) => Object.values(situation.state.tokens))
    .find((token) => token.incident?.code === "JOIN_NEVER_COMPLETES");
  if (!blocked) return [];
  return [
    problem(
      "RETURN_WOULD_BLOCK",
      blocked.element,
      `退回后 ${blocked.element} 会永远等待一个已经走过的并行分支；请退回到分支之前的环节`,
      `After the return ${blocked.element} would wait for ever for a parallel branch that has passed; return to a step before the split`,
    ),
  ];
}

function noJump(code: string, element: string, zh: string, en: string): Problem {
  return problem(code, element, `不能跳转到 ${element}：${zh}`, `Cannot jump to ${element}: ${en}`);
}

function impossible(code: string, element: string, zh: string, en: string): ReturnPlan {
  return {
    cancel: [],
    start: [],
    problems: [problem(code, element, `不能退回到 ${element}：${zh}`, `Cannot return to ${element}: ${en}`)],
  };
}
