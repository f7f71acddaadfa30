import type { CompiledExpression } from "../../expressions/feel.ts";
import type { Json } from "../../expressions/json.ts";
import type { Command } from "../../execution/commands.ts";
import type { StepContext } from "../../execution/context.ts";
import { CommandError } from "../../execution/errors.ts";
import type { Evaluator } from "../../execution/evaluator.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState, Wait } from "../../execution/state.ts";
import { step } from "../../execution/step.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { nothingInside } from "../soundness/explore.ts";
import { UnknownData } from "../soundness/unknown-data.ts";
import { modelsOf, placesOf } from "./recording.ts";
import { Telling } from "./telling.ts";
import type { Answer, Executor, Scenario, ScenarioStep, Subject, TraceStep } from "./scenario.ts";

/** A case of a scenario has no calendar: its timers fire when the scenario says so. */
const now = "2026-01-05T01:00:00.000Z";
const mostElementsInAStep = 2_000;

/** Our own core, which answers every question as the scenario does. */
export const ourCore: Executor = {
  name: "Jieli",
  run: async (subject, scenario) => runOurs(subject, scenario).map(({ trace }) => trace),
};

/** One step of our run, with what the classification of a difference needs to know about it. */
export interface OurStep {
  readonly trace: TraceStep;
  /** Elements that something happened to in the step. */
  readonly touched: ReadonlySet<string>;
  /** Elements at which two tokens of one scope stood before or after the step, or came to in it. */
  readonly crowded: ReadonlySet<string>;
  readonly events: readonly EngineEvent[];
}

/** Throws where the scenario asks for something that does not wait. */
export function runOurs(subject: Subject, scenario: Scenario): readonly OurStep[] {
  const answers = new GivenAnswers(subject);
  const context = contextOf(subject, answers);
  let state: InstanceState | null = null;
  const steps: OurStep[] = [];
  for (const scenarioStep of scenario.steps) {
    answers.begin(scenarioStep.answers);
    const before: InstanceState | null = state;
    const result = step(subject.model, before, commandFor(scenarioStep, before), context);
    state = result.state;
    steps.push(ourStep(subject, { before, after: result.state, events: result.events }));
  }
  return steps;
}

export function contextOf(subject: Subject, evaluator: Evaluator): StepContext {
  return {
    now,
    route: null,
    evaluator,
    budget: mostElementsInAStep,
    calledProcess: (id) => {
      const model = id === subject.model.id ? subject.model : (subject.called.get(id) ?? nothingInside(id));
      return { model, version: id };
    },
  };
}

/** What a step of our core has done. */
export interface Done {
  readonly before: InstanceState | null;
  readonly after: InstanceState;
  readonly events: readonly EngineEvent[];
}

export function ourStep(subject: Subject, { before, after, events }: Done): OurStep {
  const told = new Telling(subject);
  const reached = events.flatMap((event) => (event.type === "flow.taken" ? [event.target] : []));
  const places = [before, after].flatMap((state) => crowdedIn(placesIn(state)));
  const entered = events.flatMap((event) =>
    event.type === "element.entered" ? [`${event.scope} ${event.element}`] : [],
  );
  return {
    trace: traceStepOf(told, after, events),
    touched: new Set([...events.map(({ element }) => element), ...reached]),
    crowded: new Set([...places, ...crowdedIn(entered)]),
    events,
  };
}

/** `scope element` of each token that does not only listen. */
function placesIn(state: InstanceState | null): readonly string[] {
  return Object.values(state?.tokens ?? {})
    .filter(({ at }) => at !== "armed")
    .map(({ scope, element }) => `${scope} ${element}`);
}

function crowdedIn(places: readonly string[]): readonly string[] {
  return places
    .filter((place, index) => places.indexOf(place) !== index)
    .map((place) => place.slice(place.indexOf(" ") + 1));
}

function traceStepOf(told: Telling, state: InstanceState, events: readonly EngineEvent[]): TraceStep {
  return {
    completed: told.completed(events.flatMap((event) => (event.type === "element.completed" ? [event.element] : []))),
    taken: told.taken(events.flatMap((event) => (event.type === "flow.taken" ? [event.flow] : []))),
    open: told.open(openIn(state)),
    status: state.status !== "running" ? "ended" : Object.keys(state.waits).length === 0 ? "stopped" : "running",
  };
}

/** A multiple event waits for several things and is one element that waits. */
function openIn({ waits }: InstanceState): readonly string[] {
  const seen = new Map(Object.values(waits).map((wait) => [`${wait.element} ${wait.token}`, wait.element]));
  return [...seen.values()];
}

/** The command of our core that a happening stands for. Throws `CommandError` when nothing fits it. */
export function commandFor(
  { happens, answers }: Pick<ScenarioStep, "happens" | "answers">,
  state: InstanceState | null,
): Command {
  // Conditions that are waited for are looked at when data change.
  const changes = Object.keys(answers).some((place) => place.startsWith("event "));
  const variables = changes || happens.type === "data" ? { "\u0000looked": null } : {};
  switch (happens.type) {
    case "start":
      return { type: "start", startEvent: happens.startEvent, variables };
    case "complete": {
      const wait = waitAt(state, happens, ["task", "job"]);
      if (wait.type === "job") return { type: "completeJob", wait: wait.id, variables };
      return { type: "completeTask", wait: wait.id, outcome: happens.outcome, variables };
    }
    case "error": {
      const wait = waitAt(state, happens, ["task", "job"]);
      return { type: "throwError", wait: wait.id, errorCode: happens.code, variables };
    }
    case "timer":
      return { type: "fireTimer", wait: waitAt(state, happens, ["timer"]).id };
    case "message": {
      const wait = waitAt(state, happens, ["message"]);
      if (wait.type !== "message") throw new CommandError("WAIT_NOT_FOUND", `${happens.element} waits for no message`);
      const { name, correlationKey } = wait;
      return { type: "correlateMessage", name, correlationKey, wait: wait.id, variables };
    }
    case "signal":
      return { type: "broadcastSignal", name: happens.name, variables };
    case "data":
      return { type: "setVariables", scope: null, variables };
    case "startActivity": {
      const [wait] = Object.values(state?.waits ?? {}).filter(({ type }) => type === "adHoc");
      return { type: "startActivity", wait: wait?.id ?? "", element: happens.element, variables };
    }
    case "completeAdHoc":
      return { type: "completeAdHoc", wait: waitAt(state, { ...happens, nth: 0 }, ["adHoc"]).id };
  }
}

function waitAt(
  state: InstanceState | null,
  { element, nth }: { readonly element: string; readonly nth: number },
  types: readonly Wait["type"][],
): Wait {
  const waiting = Object.values(state?.waits ?? {}).filter(
    (wait) => types.includes(wait.type) && wait.element === element,
  );
  const found = waiting[nth];
  if (!found) throw new CommandError("WAIT_NOT_FOUND", `nothing waits at ${element}`, element);
  return found;
}

/** Answers as the scenario does; a question that it does not know is answered with no. */
class GivenAnswers implements Evaluator {
  readonly #places: ReadonlyMap<CompiledExpression, string>;
  readonly #lists: ReadonlySet<CompiledExpression>;
  readonly #others: UnknownData;
  #given = new Map<string, Answer[]>();

  constructor(subject: Subject) {
    this.#places = placesOf(modelsOf(subject));
    this.#lists = listsIn(modelsOf(subject));
    this.#others = new UnknownData(modelsOf(subject));
  }

  begin(given: Readonly<Record<string, readonly Answer[]>>): void {
    this.#given = new Map(Object.entries(given).map(([place, answers]) => [place, [...answers]]));
    this.#others.begin([], null);
  }

  value(expression: CompiledExpression): Json {
    const answer = this.#next(expression);
    if (typeof answer !== "number") return this.#others.value(expression, {});
    return this.#lists.has(expression) ? Array.from({ length: answer }, () => "") : answer;
  }

  holds(expression: CompiledExpression): boolean {
    return this.#next(expression) === true;
  }

  #next(expression: CompiledExpression): Answer | undefined {
    const place = this.#places.get(expression);
    return place === undefined ? undefined : this.#given.get(place)?.shift();
  }
}

/** Collections of multi-instance activities: an answer gives their length. */
function listsIn(models: readonly ProcessModel[]): ReadonlySet<CompiledExpression> {
  const nodes = models.flatMap((model) => [...model.elements.values()]);
  return new Set(
    nodes.flatMap((node) =>
      "multiInstance" in node && node.multiInstance?.collection ? [node.multiInstance.collection] : [],
    ),
  );
}
