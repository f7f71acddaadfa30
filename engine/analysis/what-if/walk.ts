import type { Confidence, WorkingDayCalendar } from "../../calendar/working-days.ts";
import { clockAround, processToken } from "../../calendar/case-clocks.ts";
import { addMs } from "../../calendar/dates.ts";
import type { Command } from "../../execution/commands.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { TaskWait, Wait } from "../../execution/state.ts";
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
  /** ISO instant at which it would start. */
  readonly now: string;
}

/** How the officials act: each as soon as it comes, or each a moment before the limit ends. */
export type Pace = "atOnce" | "atTheLimit";

/** Chooses another outcome than the first of a step; `null` takes the first. `visit` counts from 1. */
export type Decide = (element: string, visit: number) => string | null;

export interface WalkedStep {
  readonly element: string;
  readonly name: string | null;
  /** How often the walk has come to this element, this time included. */
  readonly visit: number;
  readonly decision: RouteDecision | null;
  /** The limit that the step is measured by: its own, or that of what encloses it. */
  readonly limit: ResolvedLimit | null;
  readonly outcomes: readonly string[];
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

export interface Walk {
  readonly steps: readonly WalkedStep[];
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

/** Walks an imagined case through the engine itself, with an official at each step who takes its first outcome. Starts nothing. */
export function walk(imagined: ImaginedCase, pace: Pace, decide: Decide = () => null): Walk {
  return new Walker(imagined, pace, decide).run();
}

type OpenStep = { -readonly [K in keyof WalkedStep]: WalkedStep[K] };

class Walker {
  readonly #imagined: ImaginedCase;
  readonly #pace: Pace;
  readonly #decide: Decide;
  readonly #clocks: MemoryClocks;
  readonly #case: HeadlessCase;
  readonly #steps: OpenStep[] = [];
  readonly #byWait = new Map<string, OpenStep>();
  readonly #visits = new Map<string, number>();
  readonly #skipped: SkippedStep[] = [];
  readonly #endEvents: string[] = [];
  #incident: Extract<EngineEvent, { type: "incident.raised" }> | null = null;

  constructor(imagined: ImaginedCase, pace: Pace, decide: Decide) {
    this.#imagined = imagined;
    this.#pace = pace;
    this.#decide = decide;
    this.#clocks = new MemoryClocks(imagined.calendarOf);
    this.#case = new HeadlessCase({
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
    this.#case.start(this.#imagined.variables);
    this.#keepDueMoments();
    let end = this.#end();
    for (let moves = 0; end === null; moves += 1) {
      end = moves < mostMoves ? this.#move() : { how: "endless", element: this.#lastElement() };
    }
    return { steps: this.#steps, skipped: this.#skipped, end, endToEnd: this.#endToEnd() };
  }

  #move(): WalkEnd | null {
    if (!this.#act()) return { how: "waits", element: this.#case.waits[0]?.element ?? this.#lastElement() };
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
    const message = waits.find((wait) => wait.type === "message");
    if (message)
      return this.#apply({
        type: "correlateMessage",
        name: message.name,
        correlationKey: message.correlationKey,
        wait: message.id,
        variables: this.#imagined.answers[message.name] ?? {},
      });
    const signal = waits.find((wait) => wait.type === "signal");
    if (signal) return this.#apply({ type: "broadcastSignal", name: signal.name, variables: {} });
    if (!this.#case.nextTimer()) return false;
    this.#case.advanceToNextTimer();
    return true;
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
    const outcome = chosen ?? this.#case.outcomesAt(task)[0] ?? null;
    return this.#apply({ type: "completeTask", wait: task.id, outcome, variables: {} });
  }

  #see(event: EngineEvent): void {
    switch (event.type) {
      case "task.created": {
        const visit = (this.#visits.get(event.element) ?? 0) + 1;
        this.#visits.set(event.element, visit);
        const step: OpenStep = {
          element: event.element,
          name: event.name,
          visit,
          decision: event.decision,
          limit: event.decision?.limit ?? null,
          outcomes: event.outcomes,
          openedAt: event.at,
          dueAt: null,
          dueConfidence: null,
          leftAt: null,
          outcome: null,
        };
        this.#steps.push(step);
        this.#byWait.set(event.wait, step);
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
