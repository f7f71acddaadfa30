import type { Confidence, WorkingDayCalendar } from "../../calendar/working-days.ts";
import { clockAround, processToken, type CaseClock } from "../../calendar/case-clocks.ts";
import { addMs } from "../../calendar/dates.ts";
import type { Command, Resumption } from "../../execution/commands.ts";
import type { StepContext } from "../../execution/context.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState, MessageWait, SignalWait, TaskWait, Wait } from "../../execution/state.ts";
import type { Variables } from "../../expressions/json.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import type { ResolvedLimit, Route, RouteDecision, RouteExplanation } from "../../routing/types.ts";
import { HeadlessCase } from "../headless-case.ts";
import { MemoryClocks } from "../headless-clocks.ts";

/** A case that is imagined, with everything that its run would ask about. */
export interface ImaginedCase {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  readonly route: Route;
  readonly calendarOf: (region: string) => WorkingDayCalendar;
  readonly variables: Variables;
  /** What a good answer from outside brings, by the message's name; a message that is not named brings nothing. */
  readonly answers: Readonly<Record<string, Variables>>;
  /** ISO instant at which it would start, or from which it goes on. */
  readonly now: string;
  /** A case that runs already and goes on from here. */
  readonly from?: RunningCase;
}

/** Where a case stands, for a walk that goes on with it. */
export interface RunningCase {
  readonly state: InstanceState;
  readonly clocks: readonly CaseClock[];
  readonly calledProcess: StepContext["calledProcess"];
  /** Places to which a task that a return asked for leads straight back when it is completed so; `null` where it goes on as drawn. */
  readonly leadsBack: (wait: string, outcome: string | null) => readonly Resumption[] | null;
}

/** How the officials act: each as soon as it comes, or each a moment before the limit ends. */
export type Pace = "atOnce" | "atTheLimit";

/** How a step is decided otherwise than by its first outcome and the rule's branch. */
export interface Decided {
  readonly outcome?: string;
  readonly branch?: string;
}

/** Decides a step otherwise; `null` takes the first outcome. `visit` counts from 1. */
export type Decide = (element: string, visit: number) => Decided | null;

export interface WalkOptions {
  readonly decide?: Decide;
  /** Elements whose message or signal never comes. */
  readonly unanswered?: ReadonlySet<string>;
}

export interface WalkedStep {
  readonly element: string;
  readonly name: string | null;
  /** How often the walk has come to this element, this time included. */
  readonly visit: number;
  readonly decision: RouteDecision | null;
  /** The limit that the step is measured by: its own, or that of what encloses it. */
  readonly limit: ResolvedLimit | null;
  readonly outcomes: readonly string[];
  /** Branches that its handler may choose by hand. */
  readonly branches: readonly string[];
  /** Wait of the engine at which it stands, and the case as it was when the step opened. */
  readonly wait: string;
  readonly state: InstanceState;
  /** True for a step that was open before the walk began. */
  readonly isOpen: boolean;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly dueConfidence: Confidence | null;
  /** `null`: still open when the walk ended, or taken away. */
  readonly leftAt: string | null;
  readonly outcome: string | null;
}

export interface SkippedStep {
  readonly element: string;
  readonly explanation: RouteExplanation;
}

export type WalkEnd =
  | { readonly how: "ended"; readonly at: string; readonly events: readonly string[] }
  /** Nobody can act, or a condition cannot be answered: the case would stop there as an incident. */
  | { readonly how: "incident"; readonly element: string; readonly code: string; readonly message: string }
  /** It waits for something that nothing in it tells of. */
  | { readonly how: "waits"; readonly element: string }
  | { readonly how: "endless"; readonly element: string };

/** Something from outside the case for which the walk stood still. */
export interface AwaitedEvent {
  readonly element: string;
  readonly kind: "message" | "signal";
  readonly name: string;
}

export interface Walk {
  readonly steps: readonly WalkedStep[];
  readonly awaited: readonly AwaitedEvent[];
  readonly skipped: readonly SkippedStep[];
  readonly end: WalkEnd;
  /** The end-to-end clock, where the process has one. */
  readonly endToEnd: {
    readonly code: string;
    readonly value: number;
    readonly unit: string;
    readonly dueAt: string | null;
    readonly dueConfidence: Confidence;
  } | null;
}

/** Moves after which a walk counts as endless; the longest good way through a shipped process takes about forty. */
const mostMoves = 400;

/**
 * Walks an imagined case, or one that runs, through the engine itself, with an official at each step who takes its first outcome.
 * Starts and changes nothing.
 */
export function walk(imagined: ImaginedCase, pace: Pace, options: WalkOptions = {}): Walk {
  return new Walker(imagined, pace, options).run();
}

type OpenStep = { -readonly [K in keyof WalkedStep]: WalkedStep[K] };

class Walker {
  readonly #imagined: ImaginedCase;
  readonly #pace: Pace;
  readonly #decide: Decide;
  readonly #unanswered: ReadonlySet<string>;
  readonly #clocks: MemoryClocks;
  readonly #case: HeadlessCase;
  readonly #steps: OpenStep[] = [];
  readonly #byWait = new Map<string, OpenStep>();
  readonly #visits = new Map<string, number>();
  readonly #skipped: SkippedStep[] = [];
  readonly #awaited: AwaitedEvent[] = [];
  readonly #endEvents: string[] = [];
  #incident: Extract<EngineEvent, { type: "incident.raised" }> | null = null;

  constructor(imagined: ImaginedCase, pace: Pace, { decide, unanswered }: WalkOptions) {
    const { from } = imagined;
    this.#imagined = imagined;
    this.#pace = pace;
    this.#decide = decide ?? (() => null);
    this.#unanswered = unanswered ?? new Set();
    this.#clocks = new MemoryClocks(imagined.calendarOf, from?.clocks);
    this.#case = new HeadlessCase({
      ...(from && { state: from.state, calledProcess: from.calledProcess }),
      model: imagined.model,
      called: imagined.called,
      now: imagined.now,
      route: imagined.route,
      clocks: this.#clocks,
      reload: false,
      onEvents: (events) => events.forEach((event) => this.#see(event)),
    });
  }

  run(): Walk {
    const { from, variables } = this.#imagined;
    if (from) this.#goOn(from.state);
    else this.#case.start(variables);
    this.#keepDueMoments();
    let end = this.#end();
    for (let moves = 0; end === null; moves += 1) {
      end = moves < mostMoves ? this.#move() : { how: "endless", element: this.#lastElement() };
    }
    const [steps, skipped, awaited] = [this.#steps, this.#skipped, this.#awaited];
    return { steps, skipped, awaited, end, endToEnd: this.#endToEnd() };
  }

  /** A case that is suspended goes on as if it were resumed now. */
  #goOn({ status, waits }: InstanceState): void {
    for (const wait of Object.values(waits)) if (wait.type === "task") this.#open(wait, null);
    if (status === "suspended") this.#case.apply({ type: "resume" });
  }

  #move(): WalkEnd | null {
    if (!this.#act())
      return this.#standing() ?? { how: "waits", element: this.#case.waits[0]?.element ?? this.#lastElement() };
    this.#keepDueMoments();
    return this.#end();
  }

  /** Does the next thing that the case waits for; false when there is none that this walk can do. */
  #act(): boolean {
    const { waits } = this.#case;
    const job = waits.find(({ type }) => type === "job");
    if (job) return this.#apply({ type: "completeJob", wait: job.id, variables: {} });
    const task = this.#nextTask(waits);
    if (task) return this.#complete(task);
    const adHoc = waits.find(({ type }) => type === "adHoc");
    if (adHoc) return this.#apply({ type: "completeAdHoc", wait: adHoc.id });
    return this.#happen(waits);
  }

  /**
   * What the case itself stands at, then what would interrupt where it stands, then the passing of time. What would happen beside
   * it, and could again and again, is waited for only where nothing else can come.
   */
  #happen(waits: readonly Wait[]): boolean {
    // A message is for this case; a signal is for all, and what it tells may not concern it.
    const events = [
      ...waits.filter((wait) => wait.type === "message"),
      ...waits.filter((wait) => wait.type === "signal"),
    ];
    const possible = events.filter(({ element }) => !this.#unanswered.has(element));
    const awaited =
      possible.find((wait) => this.#case.standsAt(wait)) ?? possible.find((wait) => this.#case.isInterruptedBy(wait));
    if (awaited) return this.#answer(awaited);
    if (this.#letTimePass()) return true;
    const beside = possible.find((wait) => this.#case.state.tokens[wait.token]?.at !== "armed");
    return beside !== undefined && this.#answer(beside);
  }

  #letTimePass(): boolean {
    if (!this.#case.nextTimer()) return false;
    this.#case.advanceToNextTimer();
    return true;
  }

  #answer(wait: MessageWait | SignalWait): true {
    const { element, name, type: kind } = wait;
    this.#awaited.push({ element, kind, name });
    const { answers } = this.#imagined;
    return this.#apply(
      wait.type === "signal"
        ? { type: "broadcastSignal", name, variables: {} }
        : {
            type: "correlateMessage",
            name,
            correlationKey: wait.correlationKey,
            wait: wait.id,
            variables: answers[name] ?? {},
          },
    );
  }

  #apply(command: Command): true {
    this.#case.apply(command);
    return true;
  }

  /** The one that came first; at the limit, the one whose limit ends first. */
  #nextTask(waits: readonly Wait[]): TaskWait | null {
    const tasks = waits.filter((wait) => wait.type === "task");
    const [first = null] =
      this.#pace === "atOnce" ? tasks : tasks.toSorted((a, b) => this.#dueOf(a).localeCompare(this.#dueOf(b)));
    return first;
  }

  #dueOf({ id }: Wait): string {
    return this.#byWait.get(id)?.dueAt ?? this.#case.now;
  }

  #complete(task: TaskWait): true {
    const step = this.#byWait.get(task.id);
    if (this.#pace === "atTheLimit" && step?.dueAt) {
      const moment = addMs(step.dueAt, -1);
      if (moment > this.#case.now) this.#case.advanceTo(moment);
      // What fell due on the way may have taken the task away.
      if (!this.#case.waits.some(({ id }) => id === task.id)) return true;
    }
    const chosen = step ? this.#decide(step.element, step.visit) : null;
    const outcome = chosen?.outcome ?? this.#case.outcomesAt(task)[0] ?? null;
    const back = this.#imagined.from?.leadsBack(task.id, outcome) ?? null;
    const done = { wait: task.id, outcome, variables: {} };
    if (back) return this.#apply({ type: "comeBack", ...done, start: back });
    const branch = chosen?.branch;
    return this.#apply({ type: "completeTask", ...done, ...(branch !== undefined && { branch }) });
  }

  #open(wait: TaskWait, event: Extract<EngineEvent, { type: "task.created" }> | null): void {
    const { element } = wait;
    const visit = (this.#visits.get(element) ?? 0) + 1;
    this.#visits.set(element, visit);
    const step: OpenStep = {
      element,
      name: event ? event.name : this.#case.nameAt(wait),
      visit,
      decision: event?.decision ?? null,
      limit: event?.decision?.limit ?? null,
      outcomes: event ? event.outcomes : this.#case.outcomesAt(wait),
      branches: this.#case.branchesAt(wait),
      wait: wait.id,
      state: this.#case.state,
      isOpen: event === null,
      openedAt: event?.at ?? this.#case.now,
      dueAt: null,
      dueConfidence: null,
      leftAt: null,
      outcome: null,
    };
    this.#steps.push(step);
    this.#byWait.set(wait.id, step);
  }

  #see(event: EngineEvent): void {
    switch (event.type) {
      case "task.created": {
        const wait = this.#case.state.waits[event.wait];
        if (wait?.type === "task") this.#open(wait, event);
        return;
      }
      case "task.completed": {
        const step = this.#byWait.get(event.wait);
        if (step) Object.assign(step, { leftAt: event.at, outcome: event.outcome });
        return;
      }
      case "element.skipped":
        this.#skipped.push({ element: event.element, explanation: event.explanation });
        return;
      case "element.entered":
        if (this.#isEnd(event.element)) this.#endEvents.push(event.element);
        return;
      case "incident.raised":
        this.#incident = event;
        return;
      default:
        return;
    }
  }

  #isEnd(element: string): boolean {
    const { model, called } = this.#imagined;
    return [model, ...called.values()].some((candidate) => candidate.elements.get(element)?.kind === "endEvent");
  }

  /** A step's due moment is its clock's, which may begin, rest or go on after the step has opened. */
  #keepDueMoments(): void {
    for (const wait of this.#case.waits) {
      const step = this.#byWait.get(wait.id);
      if (!step) continue;
      const clock = clockAround(this.#clocks.all, this.#case.state, wait.token);
      step.limit = clock?.resolved ?? step.limit;
      step.dueAt = clock?.ledger.dueAt ?? null;
      step.dueConfidence = clock?.ledger.dueConfidence ?? null;
    }
  }

  #end(): WalkEnd | null {
    const { state, now, status } = this.#case;
    if (status === "incident" && this.#incident) {
      const { element, code, message } = this.#incident;
      return { how: "incident", element, code, message };
    }
    return state.status === "running" ? null : { how: "ended", at: now, events: this.#endEvents };
  }

  /** Where nothing moves any more, an incident that the case had before is what keeps it. */
  #standing(): WalkEnd | null {
    const stuck = Object.values(this.#case.state.tokens).find(({ incident }) => incident !== null);
    return stuck?.incident ? { how: "incident", element: stuck.element, ...stuck.incident } : null;
  }

  #lastElement(): string {
    return this.#steps.at(-1)?.element ?? this.#imagined.model.id;
  }

  #endToEnd(): Walk["endToEnd"] {
    const clock = this.#clocks.all.find(
      ({ tokens, element }) => tokens.includes(processToken) || element === this.#imagined.model.id,
    );
    if (!clock) return null;
    const { ledger, resolved } = clock;
    return {
      code: resolved.code,
      value: ledger.total,
      unit: ledger.unit,
      dueAt: ledger.dueAt,
      dueConfidence: ledger.dueConfidence,
    };
  }
}
