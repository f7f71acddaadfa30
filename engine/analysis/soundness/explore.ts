import type { CompiledExpression } from "../../expressions/feel.ts";
import type { StepContext } from "../../execution/context.ts";
import { CommandError } from "../../execution/errors.ts";
import type { EngineEvent } from "../../execution/events.ts";
import { processScopeOf } from "../../execution/process-scope.ts";
import type { InstanceState, Token } from "../../execution/state.ts";
import { step } from "../../execution/step.ts";
import type { Command } from "../../execution/commands.ts";
import { linkNameOf, linkTarget } from "../../model/links.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { livenessOf, type Liveness } from "./liveness.ts";
import { movesIn, type Move } from "./moves.ts";
import { situationOf } from "./situation.ts";
import { UnknownData } from "./unknown-data.ts";

export interface Situation {
  readonly id: number;
  readonly state: InstanceState;
  /** Situation and move that led here first; the shortest way, because situations are found breadth first. */
  readonly from: number | null;
  readonly move: Move | null;
  /** Elements that were entered on the way from there. */
  readonly entered: readonly string[];
  /** Something that may happen again and again has happened on the way. */
  readonly multiplied: boolean;
}

export interface Exploration {
  readonly situations: readonly Situation[];
  /** Situations that can follow each one, by id. */
  readonly next: readonly (readonly number[])[];
  readonly entered: ReadonlySet<string>;
  /** Not everything was looked at: the bound came first. */
  readonly stoppedEarly: boolean;
}

/** Tokens at one place beyond which a situation is not followed further: more of the same tells nothing new. */
const mostAlike = 3;
/** Conditions of unknown data in one step; each doubles the ways it can go. */
const mostQuestions = 10;

/**
 * Walks through every situation that a case can come to, by the engine's own `step`, with every outcome, event and answer to
 * a condition in turn. Data are unknown but for the outcomes of tasks. Bounded by the number of situations.
 */
export async function explore(
  model: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  bounds: ExplorationBounds,
  from: Beginning | null = null,
): Promise<Exploration> {
  return new Explorer(model, called, bounds).run(bounds.pause, from);
}

/** A case that runs already, and what is done to it first. */
export interface Beginning {
  readonly state: InstanceState;
  readonly command: Command;
}

export interface ExplorationBounds {
  /** Situations that are looked at; a thousand take about half a second and a few megabytes. */
  readonly situations: number;
  /** Called before each situation: does something else when it is time to, and throws to give up. */
  readonly pause: () => Promise<void>;
  /** Told of every way from one situation to another, also to one that was known. */
  readonly onEdge?: (edge: Edge) => void;
}

/** One move, or the start, with the answers that were given to the conditions on its way. */
export interface Edge {
  /** Situations by id; the case begins where `from` is null. */
  readonly from: number | null;
  readonly to: number;
  readonly before: InstanceState | null;
  readonly command: Command;
  readonly comesTrue: CompiledExpression | null;
  readonly answers: readonly number[];
  readonly events: readonly EngineEvent[];
}

/** A step that enters more goes round in a loop that waits for nothing. */
const mostElementsInAStep = 2_000;

interface Taken {
  readonly from: Situation;
  readonly move: Move;
}

class Explorer {
  readonly #model: ProcessModel;
  readonly #called: ReadonlyMap<string, ProcessModel>;
  readonly #most: number;
  readonly #onEdge: (edge: Edge) => void;
  readonly #data: UnknownData;
  readonly #context: StepContext;
  readonly #situations: Situation[] = [];
  readonly #next: number[][] = [];
  readonly #known = new Map<string, number>();
  readonly #entered = new Set<string>();
  readonly #models: readonly ProcessModel[];
  readonly #live: Liveness;
  readonly #sidePaths = new Map<string, ReadonlySet<string>>();
  #stoppedEarly = false;

  constructor(model: ProcessModel, called: ReadonlyMap<string, ProcessModel>, bounds: ExplorationBounds) {
    this.#model = model;
    this.#called = called;
    this.#most = bounds.situations;
    this.#onEdge = bounds.onEdge ?? (() => undefined);
    this.#models = [model, ...called.values()];
    this.#data = new UnknownData(this.#models);
    this.#live = livenessOf(this.#models);
    this.#context = {
      now: "2026-01-05T01:00:00.000Z",
      route: null,
      evaluator: this.#data,
      budget: mostElementsInAStep,
      calledProcess: (id) => ({ model: this.#modelOf(id), version: id }),
    };
  }

  async run(pause: () => Promise<void>, from: Beginning | null): Promise<Exploration> {
    if (from) this.#take(from.state, from.command, null);
    else this.#start();
    for (let id = 0; id < this.#situations.length && !this.#stoppedEarly; id += 1) {
      await pause();
      const situation = this.#situations[id];
      if (situation && isGoingOn(situation.state)) this.#follow(situation);
    }
    return {
      situations: this.#situations,
      next: this.#next,
      entered: this.#entered,
      stoppedEarly: this.#stoppedEarly,
    };
  }

  #start(): void {
    const { elements, id } = this.#model;
    const starts = [...elements.values()].filter((node) => node.kind === "startEvent" && node.parent === id);
    for (const start of starts.length > 0 ? starts.map((node) => node.id) : [null])
      this.#take(null, { type: "start", startEvent: start, variables: {} }, null);
  }

  #follow(situation: Situation): void {
    const modelAt = (token: Token) => {
      const owner = processScopeOf({ get: (id) => situation.state.scopes[id] }, token.scope);
      return owner && owner.kind !== "process" ? this.#modelOf(owner.process) : this.#model;
    };
    for (const move of movesIn(situation.state, modelAt)) {
      if (!move.multiplies || !this.#runsAlready(situation.state, move.element))
        this.#take(situation.state, move.command, { move, from: situation });
    }
  }

  /** What an event that may happen again has set off is still going on: another one tells nothing new. */
  #runsAlready(state: InstanceState, element: string): boolean {
    const path = this.#sidePath(element);
    return Object.values(state.tokens).some((token) => path.has(token.element) && token.at !== "armed");
  }

  /** Elements behind a boundary event that the activity's own way on does not come to; or an event sub-process. */
  #sidePath(element: string): ReadonlySet<string> {
    const known = this.#sidePaths.get(element);
    if (known) return known;
    const model = this.#models.find(({ elements }) => elements.has(element)) ?? this.#model;
    const path = sidePathOf(model, element);
    this.#sidePaths.set(element, path);
    return path;
  }

  /** Takes one move with every combination of answers to the conditions that it meets. */
  #take(before: InstanceState | null, command: Command, taken: Taken | null): void {
    const open: number[][] = [[]];
    for (let answers = open.pop(); answers && !this.#stoppedEarly; answers = open.pop()) {
      this.#data.begin(answers, taken?.move.comesTrue ?? null);
      const result = this.#step(before, command);
      const { asked } = this.#data;
      if (asked > mostQuestions) this.#stoppedEarly = true;
      for (let question = answers.length; question < asked; question += 1)
        open.push([...answers, ...Array.from<number>({ length: question - answers.length }).fill(0), 1]);
      if (!result || isDataFault(result.events)) continue;
      const to = this.#keep(taken, result.state, result.events);
      if (to === null) continue;
      const { from = null, move = null } = taken ?? {};
      const comesTrue = move?.comesTrue ?? null;
      this.#onEdge({ from: from?.id ?? null, to, before, command, comesTrue, answers, events: result.events });
    }
  }

  #step(before: InstanceState | null, command: Command) {
    try {
      return step(this.#model, before, command, this.#context);
    } catch (error) {
      // A move that does not fit after all (an outcome that the form rules out) leads nowhere.
      if (error instanceof CommandError) return null;
      throw error;
    }
  }

  /** Gives the id of the situation; `null` where the bound leaves no room for it. */
  #keep(taken: Taken | null, state: InstanceState, events: readonly EngineEvent[]): number | null {
    const entered = events.flatMap((event) => (event.type === "element.entered" ? [event.element] : []));
    for (const element of entered) this.#entered.add(element);
    const lived = forgetting(state, this.#live);
    const key = situationOf(lived);
    const known = this.#known.get(key);
    const id = known ?? this.#situations.length;
    if (taken) this.#next[taken.from.id]?.push(id);
    if (known !== undefined) return known;
    if (id >= this.#most) {
      this.#stoppedEarly = true;
      return null;
    }
    this.#known.set(key, id);
    const { from = null, move = null } = taken ?? {};
    const multiplied = (from?.multiplied ?? false) || (move?.multiplies ?? false);
    this.#situations.push({ id, state: lived, from: from?.id ?? null, move, entered, multiplied });
    this.#next.push([]);
    return id;
  }

  #modelOf(process: string): ProcessModel {
    if (process === this.#model.id) return this.#model;
    return this.#called.get(process) ?? nothingInside(process);
  }
}

/** Drops what no expression reads any more, so that situations that differ in it alone are one. */
function forgetting(state: InstanceState, live: Liveness): InstanceState {
  const needed = new Set(Object.values(state.tokens).flatMap((token) => [...live(token.element)]));
  const scopes = Object.entries(state.scopes).map(([id, scope]) => {
    const variables = Object.entries(scope.variables).filter(([name]) => needed.has(name) || isCounter(name));
    return [id, { ...scope, variables: Object.fromEntries(variables) }] as const;
  });
  return { ...state, scopes: Object.fromEntries(scopes) };
}

function isCounter(name: string): boolean {
  return name === "loopCounter" || name.startsWith("numberOf");
}

function sidePathOf(model: ProcessModel, element: string): ReadonlySet<string> {
  const node = model.elements.get(element);
  if (node?.kind === "startEvent") return new Set([node.parent]);
  if (node?.kind !== "boundaryEvent") return new Set([element]);
  const mainWay = reachableFrom(model, model.elements.get(node.attachedTo)?.outgoing ?? []);
  const side = reachableFrom(model, node.outgoing);
  return new Set([...side].filter((id) => !mainWay.has(id) && id !== node.attachedTo));
}

function reachableFrom(model: ProcessModel, flows: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = flows.map((flow) => model.flows.get(flow)?.target);
  while (open.length > 0) {
    const target = open.pop();
    if (target === undefined || found.has(target)) continue;
    found.add(target);
    const node = model.elements.get(target);
    open.push(...(node?.outgoing ?? []).map((flow) => model.flows.get(flow)?.target));
    const link = linkNameOf(model, target, "intermediateThrowEvent");
    if (node && link !== null) open.push(linkTarget(model, node.parent, link) ?? undefined);
  }
  return found;
}

function isGoingOn(state: InstanceState): boolean {
  if (state.status !== "running") return false;
  const places = new Map<string, number>();
  for (const token of Object.values(state.tokens)) {
    const place = `${token.scope} ${token.element}`;
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return [...places.values()].every((count) => count < mostAlike);
}

/** No condition held: data that the process does not expect, which says nothing about its structure. */
function isDataFault(events: readonly EngineEvent[]): boolean {
  return events.some((event) => event.type === "incident.raised" && event.code === "NO_FLOW_TAKEN");
}

/** Stands for a called process that is not at hand: it begins and ends. */
export function nothingInside(id: string): ProcessModel {
  const end = {
    id: `${id} `,
    kind: "endEvent",
    name: null,
    documentation: null,
    parent: id,
    incoming: [],
    outgoing: [],
    outputs: [],
    definitions: [],
    payload: [],
  } as const;
  const scope = {
    id,
    nodes: [end.id],
    starts: [],
    implicitStarts: [end.id],
    eventSubProcesses: [],
    compensationHandler: null,
    data: [],
  };
  return {
    id,
    name: null,
    documentation: null,
    limit: null,
    material: [],
    elements: new Map([[end.id, end]]),
    flows: new Map(),
    scopes: new Map([[id, scope]]),
    lanes: [],
    calls: [],
  };
}
