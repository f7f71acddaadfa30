import type { Variables } from "../expressions/json.ts";
import { CommandError } from "../execution/errors.ts";
import { feel, type Evaluator } from "../execution/evaluator.ts";
import type { CalledProcess, StepContext, WantedVersion } from "../execution/context.ts";
import type { Command } from "../execution/commands.ts";
import type { EngineEvent } from "../execution/events.ts";
import { addDuration, parseDuration, parseInstant } from "../execution/iso-8601.ts";
import { processScopeOf } from "../execution/process-scope.ts";
import type { InstanceState, TimerWait, Wait } from "../execution/state.ts";
import { step } from "../execution/step.ts";
import { rootVariables, visibleVariables } from "../execution/variables.ts";
import type { ProcessModel } from "../model/process-model.ts";
import type { Route } from "../routing/types.ts";

/** Due moments of timers that follow an SLA clock, for a run without a database. */
export interface HeadlessClocks {
  /** Takes the events of a step and gives the due instant of each clock timer that is open, by wait id. */
  follow(events: readonly EngineEvent[], state: InstanceState, now: string): ReadonlyMap<string, string>;
}

export interface HeadlessOptions {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  /** ISO instant at which the run begins. */
  readonly now: string;
  /** Goes on from here instead of starting a case. */
  readonly state?: InstanceState;
  /** Finds called processes by version; by their ids alone where it is not given. */
  readonly calledProcess?: StepContext["calledProcess"];
  readonly route: Route | null;
  readonly clocks: HeadlessClocks | null;
  /** How expressions get their values; FEEL where it is not given. */
  readonly evaluator?: Evaluator;
  /** Writes the state to JSON and reads it back after every step. */
  readonly reload: boolean;
  readonly onEvents: (events: readonly EngineEvent[]) => void;
  /** Told of each command that fitted, with the state before it; before `onEvents`. */
  readonly onCommand?: (command: Command, before: InstanceState | null) => void;
  /** Takes what the case throws for others to hear: messages that it does not wait for itself, and signals. */
  readonly onUnheard?: (thrown: Thrown) => void;
}

export type Thrown = Extract<EngineEvent, { type: "message.thrown" | "signal.thrown" }>;

export type HeadlessStatus = "running" | "completed" | "terminated" | "incident";

/** Steps that a loop of messages thrown to itself may take before it is stopped. */
const mostDeliveries = 1_000;

/** One case run in memory through the same `step` as the server's, on a clock that only moves when told to. */
export class HeadlessCase {
  readonly #options: HeadlessOptions;
  #state: InstanceState | null = null;
  #now: string;
  #due: ReadonlyMap<string, string> = new Map();

  constructor(options: HeadlessOptions) {
    this.#options = options;
    this.#now = options.now;
    if (!options.state) return;
    this.#state = options.state;
    if (options.clocks) this.#due = options.clocks.follow([], options.state, options.now);
  }

  get now(): string {
    return this.#now;
  }

  get state(): InstanceState {
    if (!this.#state) throw new CommandError("NOT_STARTED", "the case has not been started");
    return this.#state;
  }

  get status(): HeadlessStatus {
    const { status, tokens } = this.state;
    if (status === "completed") return "completed";
    if (status !== "running" && status !== "suspended") return "terminated";
    return Object.values(tokens).some((token) => token.at === "incident") ? "incident" : "running";
  }

  get waits(): readonly Wait[] {
    return Object.values(this.state.waits);
  }

  /** Variables of the process itself; of a case that is over, its last ones. */
  get variables(): Variables {
    return rootVariables(this.state);
  }

  variablesAt(wait: Wait): Variables {
    const token = this.state.tokens[wait.token];
    return token ? visibleVariables({ get: (id) => this.state.scopes[id] }, token.scope) : {};
  }

  /** Name of the element that waits. */
  nameAt(wait: Wait): string | null {
    return this.#nodeAt(wait)?.name ?? null;
  }

  /** Outcomes that the waiting user task allows; empty where it names none. */
  outcomesAt(wait: Wait): readonly string[] {
    const node = this.#nodeAt(wait);
    return node && "outcomes" in node ? node.outcomes : [];
  }

  /** Branches of which the handler of the waiting user task may choose one by hand. */
  branchesAt(wait: Wait): readonly string[] {
    const node = this.#nodeAt(wait);
    return node?.kind === "userTask" ? node.choices.branches : [];
  }

  /** True where an event-based gateway waits for one of the events behind it. */
  gatewayWaits(wait: Wait): boolean {
    const token = this.state.tokens[wait.token];
    return token !== undefined && this.#modelAt(wait)?.elements.get(token.element)?.kind === "eventBasedGateway";
  }

  /** True where the case itself has come to what it waits for, which does not merely happen beside it. */
  standsAt(wait: Wait): boolean {
    return this.state.tokens[wait.token]?.element === wait.element || this.gatewayWaits(wait);
  }

  /** True where a timer ends the waiting for the event: at the same gateway, or attached to the waiting activity. */
  endsByTime(wait: Wait): boolean {
    return this.waits.some((other) => {
      if (other.type !== "timer" || this.dueOf(other) === null) return false;
      if (this.gatewayWaits(wait)) return other.token === wait.token;
      const node = this.#nodeAt(other);
      return node?.kind === "boundaryEvent" && node.interrupting && node.attachedTo === wait.element;
    });
  }

  /** True where the event would end the activity to which it is attached. */
  isInterruptedBy(wait: Wait): boolean {
    const node = this.#nodeAt(wait);
    return node?.kind === "boundaryEvent" && node.interrupting;
  }

  /** Inner activities that people may start at an ad-hoc sub-process. */
  startableAt(wait: Wait): readonly string[] {
    return this.#modelAt(wait)?.scopes.get(wait.element)?.implicitStarts ?? [];
  }

  start(variables: Variables, startEvent: string | null = null): void {
    this.apply({ type: "start", startEvent, variables });
  }

  apply(command: Command): void {
    const thrown = [...this.#step(command)];
    for (let deliveries = 0; deliveries < mostDeliveries; deliveries += 1) {
      const event = thrown.shift();
      if (!event) return;
      if (event.type === "signal.thrown") this.#options.onUnheard?.(event);
      if (event.type !== "message.thrown") continue;
      if (this.state.status === "running" && this.#listens(event.name, event.correlationKey))
        thrown.push(...this.#step({ ...event, type: "correlateMessage", wait: null }));
      else this.#options.onUnheard?.(event);
    }
  }

  /** Instant at which the timer fires; `null` when nothing tells it (an SLA clock without rule packs). */
  dueOf(timer: TimerWait): string | null {
    return timer.due ?? this.#due.get(timer.id) ?? null;
  }

  /** The next timer and its moment; earlier due first, then the one armed first. */
  nextTimer(): { wait: TimerWait; due: string } | null {
    const timers = this.waits.flatMap((wait) => {
      const due = wait.type === "timer" ? this.dueOf(wait) : null;
      return wait.type === "timer" && due !== null ? [{ wait, due }] : [];
    });
    return timers.sort((a, b) => Date.parse(a.due) - Date.parse(b.due))[0] ?? null;
  }

  /** Moves the clock on to `instant` and fires what falls due on the way, in due order. Gives the number of timers fired. */
  advanceTo(instant: string): number {
    const target = parseInstant(instant);
    if (target === null) throw new CommandError("WAIT_NOT_FOUND", `“${instant}” is no ISO 8601 instant`);
    let fired = 0;
    for (
      let next = this.nextTimer();
      next && next.due <= target && this.status !== "completed";
      next = this.nextTimer()
    ) {
      if (next.due > this.#now) this.#now = next.due;
      this.apply({ type: "fireTimer", wait: next.wait.id });
      fired += 1;
      if (this.state.status !== "running") break;
    }
    if (target > this.#now) this.#now = target;
    return fired;
  }

  advance(duration: string): number {
    const parsed = parseDuration(duration);
    if (!parsed) throw new CommandError("WAIT_NOT_FOUND", `“${duration}” is no ISO 8601 duration`);
    return this.advanceTo(addDuration(this.#now, parsed));
  }

  advanceToNextTimer(): number {
    const next = this.nextTimer();
    if (!next) throw new CommandError("WAIT_NOT_FOUND", "no timer is armed");
    return this.advanceTo(next.due > this.#now ? next.due : this.#now);
  }

  #nodeAt(wait: Wait) {
    return this.#modelAt(wait)?.elements.get(wait.element);
  }

  #modelAt(wait: Wait): ProcessModel | undefined {
    const { model } = this.#options;
    const scope = processScopeOf({ get: (id) => this.state.scopes[id] }, this.state.tokens[wait.token]?.scope ?? "");
    if (!scope || scope.version === undefined) return model;
    return this.#calledProcess(scope.process, { version: scope.version })?.model;
  }

  #calledProcess(id: string, wanted: WantedVersion): CalledProcess | null {
    const { model, called, calledProcess } = this.#options;
    if (calledProcess) return calledProcess(id, wanted);
    const found = id === model.id ? model : called.get(id);
    return found ? { model: found, version: found.id } : null;
  }

  #listens(name: string, key: string | null): boolean {
    return this.waits.some(
      (wait) =>
        wait.type === "message" && wait.name === name && (wait.correlationKey === null || wait.correlationKey === key),
    );
  }

  #step(command: Command): readonly EngineEvent[] {
    const { model, route, clocks, reload, onEvents } = this.#options;
    const before = this.#state;
    const result = step(model, before, command, {
      now: this.#now,
      route,
      calledProcess: (id, wanted) => this.#calledProcess(id, wanted),
      evaluator: this.#options.evaluator ?? feel,
    });
    this.#state = reload ? (JSON.parse(JSON.stringify(result.state)) as InstanceState) : result.state;
    if (clocks) this.#due = clocks.follow(result.events, this.#state, this.#now);
    this.#options.onCommand?.(command, before);
    onEvents(result.events);
    return result.events;
  }
}
