import { Engine, type BpmnEngineOptions } from "bpmn-engine";
import { deserialize, TypeResolver } from "moddle-context-serializer";
import { placeAsked } from "./peer-behaviour.ts";
import { isLinkFlow, ourId, peerContext } from "./peer-context.ts";
import { peerElements, release, type Arrivals, type PeerActivity, type PeerContent } from "./peer-elements.ts";
import { joinToRelease } from "./peer-joins.ts";
import { Telling } from "./telling.ts";
import type { Answer, Executor, Happening, Scenario, ScenarioStep, Subject, Trace, TraceStep } from "./scenario.ts";

/**
 * bpmn-engine, which executes nothing of ours but what the scenario decides. Not for the browser, and only in a worker that
 * can be ended: a loop without a wait never comes back.
 */
export const bpmnEngine: Executor = {
  name: "bpmn-engine",
  async run(subject: Subject, scenario: Scenario): Promise<Trace> {
    const [start, ...steps] = scenario.steps;
    if (start?.happens.type !== "start") throw new Error("a scenario begins with the start of the case");
    const running = new PeerCase(subject, start.happens.startEvent);
    const trace = [await running.start(start)];
    for (const next of steps) trace.push(running.perform(next));
    return trace;
  },
};

/** Something in bpmn-engine that waits for an answer from outside. */
interface PeerWait {
  readonly activity: PeerActivity;
  /** Execution that listens; it stops listening when the wait is over. */
  readonly listener: string;
  /** Execution of the element that waits, the same for all events of a multiple event. */
  readonly host: string;
  readonly kind: "work" | "timer" | "message" | "signal" | "conditional" | "other";
  readonly signal: string | null;
}

/** Instances of a parallel loop that bpmn-engine opens at once; it opens 50 where nothing is said. */
const batchSize = 1_000;

class PeerCase {
  readonly #engine: Engine;
  readonly #arrivals: Arrivals = new Map();
  readonly #activities: PeerActivity[] = [];
  readonly #told: Telling;
  #waits: PeerWait[] = [];
  #answers = new Map<string, Answer[]>();
  #became: string[] = [];
  /** A conditional event asks now because its condition has come true. */
  #conditionHolds = false;
  #completed: string[] = [];
  #taken: string[] = [];
  #ended = false;

  constructor(subject: Subject, startEvent: string | null) {
    this.#told = new Telling(subject);
    const elements = peerElements(({ id }) => {
      if (!isLinkFlow(ourId(id))) this.#taken.push(ourId(id));
    }, this.#arrivals);
    const context = structuredClone(peerContext(subject, startEvent));
    const options = {
      name: "second opinion",
      sourceContext: deserialize(context, TypeResolver(elements)),
      elements,
      settings: { batchSize, disableTrackState: true },
      scripts: { register: () => undefined, getScript: () => undefined },
      expressions: { resolveExpression: (text: unknown) => this.#resolve(text) },
      timers: { register: () => silentTimers, ...silentTimers },
      extensions: { watch: (activity: PeerActivity) => this.#watch(activity) },
    };
    // The types of bpmn-engine ask for more than it uses.
    this.#engine = new Engine(options as unknown as BpmnEngineOptions);
    this.#engine.on("end", () => {
      this.#ended = true;
    });
    // An error that nothing catches ends the whole instance there; the trace shows what it has not done.
    this.#engine.on("error", () => undefined);
  }

  async start(first: ScenarioStep): Promise<TraceStep> {
    this.#begin(first);
    await this.#engine.execute();
    return this.#end();
  }

  perform(next: ScenarioStep): TraceStep {
    this.#begin(next);
    this.#happen(next.happens);
    return this.#end();
  }

  #begin({ answers, became }: ScenarioStep): void {
    this.#answers = new Map(Object.entries(answers).map(([place, given]) => [place, [...given]]));
    this.#became = [...became];
    this.#completed = [];
    this.#taken = [];
  }

  #end(): TraceStep {
    this.#settle();
    const open = this.#open();
    const waiting = new Map(open.map((wait) => [`${wait.activity.id} ${wait.host}`, ourId(wait.activity.id)]));
    return {
      completed: this.#told.completed(this.#completed),
      taken: this.#told.taken(this.#taken),
      open: this.#told.open([...waiting.values()]),
      status: this.#ended ? "ended" : open.length === 0 ? "stopped" : "running",
    };
  }

  /** Conditional events whose condition the scenario has let come true happen; then inclusive joins that are complete. */
  #settle(): void {
    for (let changes = true; changes && !this.#ended;) {
      changes = this.#letConditionsComeTrue();
      const gateway = joinToRelease(this.#arrivals, this.#activities);
      if (!gateway) continue;
      release(gateway, this.#arrivals);
      changes = true;
    }
  }

  #letConditionsComeTrue(): boolean {
    for (const [index, element] of this.#became.entries()) {
      const wait = this.#open().find(({ activity, kind }) => kind === "conditional" && ourId(activity.id) === element);
      if (!wait) continue;
      this.#became.splice(index, 1);
      this.#conditionHolds = true;
      this.#tell(wait, "signal", {});
      this.#conditionHolds = false;
      return true;
    }
    return false;
  }

  #happen(happens: Happening): void {
    switch (happens.type) {
      case "complete":
        return this.#tell(this.#nth(happens, "work"), "signal", {});
      case "error":
        return this.#tell(this.#nth(happens, "work"), "error", { message: happens.code, code: happens.code });
      case "timer":
        return this.#tell(this.#nth(happens, "timer"), "cancel", {});
      case "message":
        return this.#tell(this.#nth(happens, "message"), "message", {});
      case "signal":
        for (const wait of this.#open().filter(({ signal }) => signal === happens.name))
          if (this.#isOpen(wait)) this.#tell(wait, "signal", {});
        return;
      case "start":
      case "data":
      case "startActivity":
      case "completeAdHoc":
        // Data has no event of its own here, and an ad-hoc sub-process begins everything in it by itself.
        return;
    }
  }

  #tell(wait: PeerWait | undefined, type: string, content: Record<string, unknown>): void {
    wait?.activity.broker.publish(
      "api",
      `activity.${type}.${wait.listener}`,
      { ...content, message: content["message"] ?? {} },
      { type },
    );
  }

  #nth(happens: { readonly element: string; readonly nth: number }, kind: PeerWait["kind"]): PeerWait | undefined {
    return this.#open().filter((wait) => wait.kind === kind && ourId(wait.activity.id) === happens.element)[
      happens.nth
    ];
  }

  #open(): readonly PeerWait[] {
    this.#waits = this.#waits.filter((wait) => this.#isOpen(wait));
    return this.#waits.filter(({ kind }) => kind !== "other");
  }

  #isOpen({ activity, listener }: PeerWait): boolean {
    return Boolean(activity.broker.getConsumer(`_api-${listener}`)) && isInsideRunning(activity);
  }

  #watch(activity: PeerActivity): undefined {
    this.#activities.push(activity);
    activity.broker.subscribeTmp(
      "event",
      "activity.*",
      (key, { content }) => {
        // Events of what is inside a sub-process pass here, too.
        if (content.id !== activity.id) return;
        if (key === "activity.end") this.#completed.push(ourId(activity.id));
        if (key === "activity.wait" || key === "activity.timer") this.#waits.push(waitOf(activity, key, content));
      },
      { noAck: true, consumerTag: "_second-opinion", priority: 1_000 },
    );
  }

  #resolve(text: unknown): unknown {
    const place = placeAsked(text);
    if (place === null) return text;
    if (place.startsWith("event ")) return this.#conditionHolds;
    return this.#answers.get(place)?.shift() ?? false;
  }
}

/** A sub-process that was discarded leaves its contents listening, to no effect. */
function isInsideRunning({ parentElement }: PeerActivity): boolean {
  if (!parentElement || parentElement.type === "bpmn:Process") return true;
  return Boolean(parentElement.status) && isInsideRunning(parentElement);
}

/** Arms nothing: the scenario fires timers. */
const silentTimers = { executing: [], setTimeout: () => ({}), clearTimeout: () => undefined };

function waitOf(activity: PeerActivity, key: string, content: PeerContent): PeerWait {
  const { executionId } = content;
  if (key === "activity.timer")
    return {
      activity,
      listener: executionId,
      host: content.parent?.executionId ?? executionId,
      kind: "timer",
      signal: null,
    };
  const isEvent = content.index !== undefined && activity.eventDefinitions !== undefined;
  const listener = isEvent ? `${executionId}_${content.index}` : executionId;
  return {
    activity,
    listener,
    host: executionId,
    kind: kindOf(activity, content),
    signal: content.signal?.name ?? null,
  };
}

function kindOf(activity: PeerActivity, content: PeerContent): PeerWait["kind"] {
  if (activity.type === "bpmn:ReceiveTask") return "message";
  const definition = activity.eventDefinitions?.[content.index ?? 0]?.type;
  switch (definition) {
    case undefined:
      return "work";
    case "bpmn:MessageEventDefinition":
      return "message";
    case "bpmn:SignalEventDefinition":
      return "signal";
    case "bpmn:ConditionalEventDefinition":
      return "conditional";
    default:
      return "other";
  }
}
