import { clockAround, processToken } from "../../calendar/case-clocks.ts";
import { addMs } from "../../calendar/dates.ts";
import type { Command } from "../../execution/commands.ts";
import { CommandError } from "../../execution/errors.ts";
import type { EngineEvent } from "../../execution/events.ts";
import type { InstanceState, JobWait, MessageWait, SignalWait, TaskWait, Wait } from "../../execution/state.ts";
import type { Json, Variables } from "../../expressions/json.ts";
import { HeadlessCase } from "../headless-case.ts";
import { MemoryClocks } from "../headless-clocks.ts";
import type { ImaginedCase, JobAnswer } from "./imagined-case.ts";
import type { AwaitedEvent, SkippedStep, TaskCreated, Walk, WalkedStep, WalkEnd } from "./walk-result.ts";

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
  /** Element whose event comes although nobody is known to send it. */
  readonly unexpected?: string;
  /** Job that gives what else it might give. */
  readonly otherwise?: string;
  /** A step that is come to more often than this goes round for ever; the number of moves alone where it is not given. */
  readonly mostVisits?: number;
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
  readonly #options: WalkOptions;
  readonly #mostVisits: number;
  readonly #clocks: MemoryClocks;
  readonly #case: HeadlessCase;
  readonly #steps: OpenStep[] = [];
  readonly #byWait = new Map<string, OpenStep>();
  readonly #visits = new Map<string, number>();
  readonly #skipped: SkippedStep[] = [];
  readonly #awaited: AwaitedEvent[] = [];
  readonly #unexpected = new Map<string, AwaitedEvent>();
  readonly #uncertain = new Set<string>();
  readonly #endEvents: string[] = [];
  #incident: Extract<EngineEvent, { type: "incident.raised" }> | null = null;

  constructor(imagined: ImaginedCase, pace: Pace, options: WalkOptions) {
    const { decide, unanswered, mostVisits } = options;
    const { from } = imagined;
    this.#imagined = imagined;
    this.#pace = pace;
    this.#options = options;
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
    const [unexpected, uncertain] = [[...this.#unexpected.values()], [...this.#uncertain]];
    return { steps, skipped, awaited, unexpected, uncertain, end, endToEnd: this.#endToEnd() };
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
    const jobs = waits.filter((wait) => wait.type === "job");
    if (jobs.some((job) => this.#perform(job))) return true;
    const task = this.#nextTask(waits);
    if (task) return this.#complete(task);
    const adHoc = waits.find(({ type }) => type === "adHoc");
    if (adHoc) return this.#apply({ type: "completeAdHoc", wait: adHoc.id });
    return jobs.length === 0 && this.#happen(waits);
  }

  /** False where nobody can tell what the job gives: what goes on beside it is walked, and then the walk ends. */
  #perform(job: JobWait): boolean {
    const { jobAnswer } = this.#imagined;
    const { id: wait, element, topic } = job;
    const asked = { topic, variables: this.#case.variablesAt(job), now: this.#case.now };
    const answer: JobAnswer | null = jobAnswer ? jobAnswer(asked) : { variables: {}, otherwise: null };
    if (!answer) return false;
    if (answer.otherwise) this.#uncertain.add(element);
    const other = this.#options.otherwise === element ? answer.otherwise : null;
    return this.#apply({ type: "completeJob", wait, variables: other ?? answer.variables });
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
    const awaited = possible.filter((wait) => this.#case.standsAt(wait));
    const coming = awaited.find((wait) => this.#comesBeforeTime(wait));
    if (coming) return this.#answer(coming);
    for (const { element, name, type: kind } of awaited) this.#unexpected.set(element, { element, kind, name });
    if (this.#letTimePass()) return true;
    const beside = possible.filter((wait) => this.#case.state.tokens[wait.token]?.at !== "armed");
    const event = beside.find((wait) => this.#case.isInterruptedBy(wait)) ?? beside[0];
    return event !== undefined && this.#answer(event);
  }

  /** Where a timer would end the waiting, only what somebody is known to send comes before it, and once what is tried. */
  #comesBeforeTime(wait: MessageWait | SignalWait): boolean {
    if (!this.#case.endsByTime(wait) || Object.hasOwn(this.#imagined.answers, wait.name)) return true;
    return this.#options.unexpected === wait.element && !this.#awaited.some(({ element }) => element === wait.element);
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

  /** Where nothing moves any more, a job or an incident that the case had before is what keeps it. */
  #standing(): WalkEnd | null {
    const job = this.#case.waits.find(({ type }) => type === "job");
    if (job) return { how: "depends", element: job.element };
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
