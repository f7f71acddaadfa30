import type { EngineEvent } from "../execution/events.ts";
import type { Variables } from "../expressions/json.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { startTriggers } from "../model/start-triggers.ts";
import { HeadlessCase, type Thrown } from "./headless-case.ts";

export interface WorldOptions {
  /** Processes of the file; call activities and messages find each other by their ids and names. */
  readonly models: readonly ProcessModel[];
  readonly now: string;
  readonly reload: boolean;
  readonly onEvents: (process: string, events: readonly EngineEvent[]) => void;
}

/** Messages and signals that one command may set off before the world is stopped as going round in circles. */
const mostDeliveries = 1_000;

/** Several instances in memory that talk by messages and signals, as the server's do, on one clock. */
export class HeadlessWorld {
  readonly #options: WorldOptions;
  readonly #cases: HeadlessCase[] = [];
  readonly #thrown: { readonly from: HeadlessCase; readonly event: Thrown }[] = [];
  #now: string;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#now = options.now;
  }

  /** Instances in the order in which they started. */
  get cases(): readonly HeadlessCase[] {
    return this.#cases;
  }

  start(process: string, variables: Variables, startEvent: string | null = null): HeadlessCase {
    const started = this.#open(process);
    started.start(variables, startEvent);
    this.#settle();
    return started;
  }

  /** Does something with one instance and lets the others hear what it throws. */
  act(running: HeadlessCase, work: (running: HeadlessCase) => void): void {
    work(running);
    this.#settle();
  }

  /** A message from outside: to every instance that waits for it, else to a process that it starts. */
  send(name: string, correlationKey: string | null, variables: Variables): number {
    const reached = this.#deliver(name, correlationKey, variables);
    this.#settle();
    return reached;
  }

  broadcast(name: string, variables: Variables): number {
    const reached = this.#signal(name, variables, null);
    this.#settle();
    return reached;
  }

  /** Moves the clock of all instances on, firing timers in due order. */
  advanceTo(instant: string): void {
    for (let next = this.#nextDue(); next !== null && next <= instant; next = this.#nextDue()) {
      this.#now = next;
      for (const running of this.#running()) running.advanceTo(next);
      this.#settle();
    }
    this.#now = instant;
    for (const running of this.#running()) running.advanceTo(instant);
  }

  #open(process: string): HeadlessCase {
    const { models, reload, onEvents } = this.#options;
    const model = models.find(({ id }) => id === process);
    if (!model) throw new Error(`the world has no process ${process}`);
    const opened: HeadlessCase = new HeadlessCase({
      model,
      called: new Map(models.map((candidate) => [candidate.id, candidate])),
      now: this.#now,
      route: null,
      clocks: null,
      reload,
      onEvents: (events) => onEvents(process, events),
      onUnheard: (event) => this.#thrown.push({ from: opened, event }),
    });
    this.#cases.push(opened);
    return opened;
  }

  #settle(): void {
    for (let deliveries = 0; deliveries < mostDeliveries; deliveries += 1) {
      const next = this.#thrown.shift();
      if (!next) return;
      const { event, from } = next;
      if (event.type === "message.thrown") this.#deliver(event.name, event.correlationKey, event.variables);
      else this.#signal(event.name, event.variables, from);
    }
    throw new Error(`messages and signals go round in circles: more than ${mostDeliveries} deliveries`);
  }

  #deliver(name: string, key: string | null, variables: Variables): number {
    let reached = 0;
    for (const running of this.#running()) {
      const wait = running.waits.find(
        (candidate) =>
          candidate.type === "message" &&
          candidate.name === name &&
          (candidate.correlationKey === null || candidate.correlationKey === key),
      );
      if (!wait) continue;
      running.apply({ type: "correlateMessage", name, correlationKey: key, wait: wait.id, variables });
      reached += 1;
    }
    return reached > 0 ? reached : this.#startBy("message", name, variables);
  }

  #signal(name: string, variables: Variables, from: HeadlessCase | null): number {
    const listening = this.#running().filter(
      (running) => running !== from && running.waits.some((wait) => wait.type === "signal" && wait.name === name),
    );
    for (const running of listening) running.apply({ type: "broadcastSignal", name, variables });
    return listening.length + this.#startBy("signal", name, variables);
  }

  #startBy(type: "message" | "signal", name: string, variables: Variables): number {
    const started = this.#options.models.flatMap((model) =>
      startTriggers(model)
        .filter(({ definition }) => {
          if (definition.type === "message") return type === "message" && definition.message.name === name;
          return definition.type === "signal" && type === "signal" && definition.name === name;
        })
        .map(({ element }) => ({ process: model.id, element })),
    );
    for (const { process, element } of started) this.#open(process).start(variables, element);
    return started.length;
  }

  #running(): readonly HeadlessCase[] {
    return this.#cases.filter((running) => running.state.status === "running");
  }

  #nextDue(): string | null {
    const due = this.#running().flatMap((running) => running.nextTimer()?.due ?? []);
    return due.length === 0 ? null : due.reduce((first, other) => (other < first ? other : first));
  }
}
