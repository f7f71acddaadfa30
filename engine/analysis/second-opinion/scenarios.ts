import { CommandError } from "../../execution/errors.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState } from "../../execution/state.ts";
import { step } from "../../execution/step.ts";
import { explore, type Edge } from "../soundness/explore.ts";
import { UnknownData } from "../soundness/unknown-data.ts";
import { commandFor, contextOf } from "./our-core.ts";
import { happeningOf, modelsOf, Recording } from "./recording.ts";
import type { Happening, Scenario, ScenarioStep, Subject } from "./scenario.ts";

export interface ScenarioBounds {
  /** Situations that the walk looks at; see `ExplorationBounds`. */
  readonly situations: number;
  /** Scenarios at most; a designer reads no more of them. */
  readonly scenarios: number;
  readonly pause: () => Promise<void>;
}

export interface GeneratedScenarios {
  readonly scenarios: readonly Scenario[];
  /** Sequence flows and events that no scenario passes. */
  readonly uncovered: readonly string[];
  /** Why something may be left uncovered that could be reached. */
  readonly stoppedEarly: boolean;
}

/** Things that happen in one scenario at most; a way that is longer covers nothing that a shorter one does not. */
const longestScenario = 400;

/**
 * A small set of scenarios that together pass every sequence flow and let every event happen, as far as a case can come
 * there: ways through the situations of the soundness check, chosen greedily, the ones that pass most first. Deterministic.
 */
export async function generateScenarios(subject: Subject, bounds: ScenarioBounds): Promise<GeneratedScenarios> {
  const edges: Way[] = [];
  const { situations, pause } = bounds;
  const { stoppedEarly } = await explore(subject.model, subject.called, {
    situations,
    pause,
    onEdge: (edge) => edges.push(wayOf(edge)),
  });
  const ways = new Ways(edges);
  const open = new Set(edges.flatMap(({ covers }) => covers));
  const scenarios: Scenario[] = [];
  for (const edge of edges) {
    if (open.size === 0 || scenarios.length >= bounds.scenarios) break;
    if (!edge.covers.some((thing) => open.has(thing))) continue;
    const way = [...ways.to(edge), ...ways.onFrom(edge.to)].slice(0, longestScenario);
    for (const thing of way.flatMap(({ covers }) => covers)) open.delete(thing);
    const scenario = replay(subject, way);
    if (scenario.steps.length > 0) scenarios.push(scenario);
    await pause();
  }
  const reached = new Set(edges.flatMap(({ covers }) => covers));
  const never = thingsIn(subject).filter((thing) => !reached.has(thing));
  return { scenarios, uncovered: [...never, ...open].sort(), stoppedEarly };
}

/** What of an edge is needed later: there are many thousands of them. */
interface Way extends Pick<Edge, "from" | "to" | "comesTrue" | "answers"> {
  /** `null` for what only our core can do; nothing of the kind is among the moves of a walk. */
  readonly happens: Happening | null;
  readonly covers: readonly string[];
}

function wayOf(edge: Edge): Way {
  const { from, to, comesTrue, answers } = edge;
  return { from, to, comesTrue, answers, happens: happeningOf(edge.command, edge.before), covers: coveredBy(edge) };
}

/** Flows that an edge takes and events that happen on it. */
function coveredBy({ events }: Edge): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "flow.taken") return [event.flow];
    return event.type === "timer.fired" || event.type === "element.completed" ? [event.element] : [];
  });
}

function thingsIn({ model }: Subject): readonly string[] {
  const events = [...model.elements.values()].filter(({ kind }) => kind === "boundaryEvent" || kind === "startEvent");
  return [...model.flows.keys(), ...events.map(({ id }) => id)];
}

/** Ways through the graph of situations. */
class Ways {
  readonly #first = new Map<number, Way>();
  readonly #next = new Map<number, Way>();

  constructor(edges: readonly Way[]) {
    const into = new Map<number, Way[]>();
    const leaves = new Set<number>();
    for (const edge of edges) {
      // Edges come breadth first, so the first that leads to a situation is on a shortest way to it.
      if (!this.#first.has(edge.to)) this.#first.set(edge.to, edge);
      if (edge.from !== null) leaves.add(edge.from);
      const known = into.get(edge.to);
      if (known) known.push(edge);
      else into.set(edge.to, [edge]);
    }
    const queue = [...this.#first.keys()].filter((situation) => !leaves.has(situation));
    const ended = new Set(queue);
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const edge of into.get(at) ?? []) {
        if (edge.from === null || ended.has(edge.from)) continue;
        ended.add(edge.from);
        this.#next.set(edge.from, edge);
        queue.push(edge.from);
      }
    }
  }

  /** From the start of the case up to and with the edge. */
  to(edge: Way): readonly Way[] {
    const way = [edge];
    for (let from = edge.from; from !== null;) {
      const before = this.#first.get(from);
      if (!before) break;
      way.unshift(before);
      from = before.from;
    }
    return way;
  }

  /** A shortest way from a situation to an end of the case. */
  onFrom(situation: number): readonly Way[] {
    const way: Way[] = [];
    for (let edge = this.#next.get(situation); edge && way.length < longestScenario; edge = this.#next.get(edge.to))
      way.push(edge);
    return way;
  }
}

/**
 * Walks the way once more with real states and writes down what each expression answered. Situations stand for all states
 * that can do the same, so the same moves fit; where one does not, the scenario ends before it.
 */
function replay(subject: Subject, way: readonly Way[]): Scenario {
  const unknown = new UnknownData(modelsOf(subject));
  const recording = new Recording(unknown, subject);
  const context = contextOf(subject, recording);
  const steps: ScenarioStep[] = [];
  let state: InstanceState | null = null;
  for (const edge of way) {
    const before: InstanceState | null = state;
    // Waits have other ids here than in the situation, so they are found by what happens.
    const { happens } = edge;
    if (!happens) break;
    unknown.begin(edge.answers, edge.comesTrue);
    try {
      const { state: after, events } = step(
        subject.model,
        before,
        commandFor({ happens, answers: {} }, before),
        context,
      );
      const answers = recording.take();
      steps.push({ happens, became: becameTrue(events), answers });
      state = after;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      break;
    }
  }
  return { steps };
}

export function becameTrue(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === "subscription.closed" && event.subscription === "condition" && event.by === "correlated"
      ? [event.element]
      : [],
  );
}
