import type { Confidence } from "../../calendar/working-days.ts";
import { clockAround, processToken } from "../../calendar/case-clocks.ts";
import { addMs } from "../../calendar/dates.ts";
import type { Command } from "../../execution/commands.ts";
import { CommandError } from "../../execution/errors.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState, MessageWait, SignalWait, TaskWait, Wait } from "../../execution/state.ts";
import type { Json, Variables } from "../../expressions/json.ts";
import type { ResolvedLimit, RouteDecision, RouteExplanation } from "../../routing/types.ts";
import { HeadlessCase } from "../headless-case.ts";
import { MemoryClocks } from "../headless-clocks.ts";
import type { ImaginedCase } from "./imagined-case.ts";

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
  /** A step that is come to more often than this goes round for ever; the number of moves alone where it is not given. */
  readonly mostVisits?: number;
}

type TaskCreated = Extract<EngineEvent, { type: "task.created" }>;

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
  /** What the engine told when it opened; `null` for a step that was open before the walk began. */
  readonly created: TaskCreated | null;
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

/** Later than any moment; sorts as an ISO instant. */
const endOfTime = "9999-12-31T23:59:59.999Z";

type OpenStep = { -readonly [K in keyof WalkedStep]: WalkedStep[K] };

class Walker {
  readonly #imagined: ImaginedCase;
  readonly #pace: Pace;
  readonly #decide: Decide;
  readonly #unanswered: ReadonlySet<string>;
  readonly #mostVisits: number;
  readonly #clocks: MemoryClocks;
  readonly #case: HeadlessCase;
  readonly #steps: OpenStep[] = [];
  readonly #byWait = new Map<string, OpenStep>();
  readonly #visits = new Map<string, number>();
  readonly #skipped: SkippedStep[] = [];
  readonly #awaited: AwaitedEvent[] = [];
  readonly #endEvents: string[] = [];
  #incident: Extract<EngineEvent, { type: "incident.raised" }> | null = null;

  constructor(imagined: ImaginedCase, pace: Pace, { decide, unanswered, mostVisits }: WalkOptions) {
    const { from } = imagined;
    this.#imagined = imagined;
    this.#pace = pace;
    this.#decide = decide ?? (() => null);
    this.#unanswered = unanswered ?? new Set();
    this.#mostVisits = mostVisits ?? Number.POSITIVE_INFINITY;
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
   * What the case itself stands at, then the passing of time. What merely may happen beside it is waited for only where nothing
   * else can come.
   */
  #happen(waits: readonly Wait[]): boolean {
    // A message is for this case; a signal is for all, and what it tells may not concern it.
    const events = [
      ...waits.filter((wait) => wait.type === "message"),
      ...waits.filter((wait) => wait.type === "signal"),
    ];
    const possible = events.filter(({ element }) => !this.#unanswered.has(element));
    const awaited = possible.find((wait) => this.#case.standsAt(wait));
    if (awaited) return this.#answer(awaited);
    if (this.#letTimePass()) return true;
    const beside = possible.filter((wait) => this.#case.state.tokens[wait.token]?.at !== "armed");
    const event = beside.find((wait) => this.#case.isInterruptedBy(wait)) ?? beside[0];
    return event !== undefined && this.#answer(event);
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

  /** A step without a limit is done at once; one whose clock rests comes after what it rests for. */
  #dueOf({ id }: Wait): string {
    const step = this.#byWait.get(id);
    return step?.dueAt ?? (step?.limit ? endOfTime : this.#case.now);
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
    const done = { wait: task.id, outcome, variables: this.#withEmptyForm(task) };
    if (back && this.#comeBack({ type: "comeBack", ...done, start: back })) return true;
    const branch = chosen?.branch;
    return this.#apply({ type: "completeTask", ...done, ...(branch !== undefined && { branch }) });
  }

  /** As on the server, every step that was done has a form in the case; here nobody has written anything into it. */
  #withEmptyForm(task: TaskWait): Variables {
    const { forms } = this.#case.variablesAt(task);
    const known = typeof forms === "object" && forms !== null ? Object.entries(forms) : [];
    const filled = new Map<string, Json>([[task.element, {}], ...known]);
    return { forms: Object.fromEntries(filled) };
  }

  /** False where the way back is gone by then: the case goes on as drawn. */
  #comeBack(command: Command): boolean {
    try {
      return this.#apply(command);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return false;
    }
  }

  #open(wait: TaskWait, event: TaskCreated | null): void {
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
      created: event,
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
    const round = [...this.#visits].find(([, visits]) => visits > this.#mostVisits);
    if (round) return { how: "endless", element: round[0] };
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
