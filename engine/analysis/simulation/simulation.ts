import { instantAt, localDate } from "../../calendar/dates.ts";
import type { WorkingDayCalendar } from "../../calendar/working-days.ts";
import { CommandError } from "../../execution/errors.ts";
import type { StepContext } from "../../execution/context.ts";
import type { Command } from "../../execution/commands.ts";
import type { EngineEvent } from "../../execution/events.ts";
import { feel } from "../../execution/evaluator.ts";
import type { Variables } from "../../expressions/json.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import { RouteError } from "../../routing/errors.ts";
import type { RouterOptions } from "../../routing/resolve.ts";
import type { Route } from "../../routing/types.ts";
import { MemoryClocks } from "../headless-clocks.ts";
import { arrivalsOf, kindOf, type Arrivals } from "./arrivals.ts";
import { bottleneckOf } from "./bottleneck.ts";
import { quantile } from "./distribution.ts";
import { EventQueue } from "./event-queue.ts";
import type { History } from "./history.ts";
import { jobVariables } from "./job-effects.ts";
import { Offices } from "./offices.ts";
import { chooseOutcome } from "./outcomes.ts";
import { streamOf } from "./random.ts";
import type { SimulationResult } from "./result.ts";
import { RouteMemo } from "./route-memo.ts";
import type { Scenario } from "./scenario.ts";
import { checkScenario, nodesOf } from "./scenario-check.ts";
import { SimulationError } from "./simulation-error.ts";
import { StepPlans } from "./step-plan.ts";
import { Tally } from "./tally.ts";
import { WorkFloor } from "./work-floor.ts";
import { VirtualCase, type Cause, type VirtualTask, type VirtualTimer } from "./virtual-case.ts";

export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
  /** `null` runs the process as plain BPMN, without organisations and limits. */
  readonly rules: Omit<RouterOptions, "date"> | null;
  readonly calendarOf: (region: string) => WorkingDayCalendar;
  /** Finished tasks to draw from; `null` uses the scenario's own durations and shares. */
  readonly history: History | null;
  /** Hears every command's events, for checks; a simulation itself keeps none. */
  readonly onEvents?: (index: number, events: readonly EngineEvent[]) => void;
}

type Happening =
  | { readonly type: "arrival"; readonly index: number }
  | { readonly type: "task"; readonly task: VirtualTask }
  | { readonly type: "job"; readonly of: VirtualCase; readonly wait: string; readonly element: string }
  | { readonly type: "timer"; readonly timer: VirtualTimer; readonly due: number };

/** Commands that one case may take; one that needs more goes round for ever. */
const mostCommands = 5_000;
const hourMs = 3_600_000;

/**
 * Many virtual cases of one process through the engine's own core, on one clock, with officials as limited resources (a
 * discrete-event simulation). Deterministic: the same options give the same result to the byte. Throws `SimulationError`.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #nodes: ReadonlyMap<string, FlowNode>;
  readonly #queue = new EventQueue<Happening>();
  readonly #arrivals: Arrivals;
  readonly #plans: StepPlans;
  readonly #routes: RouteMemo | null;
  readonly #offices: Offices;
  readonly #floor: WorkFloor;
  readonly #open = new Set<VirtualCase>();
  readonly #tally: Tally;
  readonly #calledProcess: StepContext["calledProcess"];
  #now: { readonly ms: number; readonly iso: string };
  /** When something last happened to a case; what had been overtaken does not count. */
  #last: string;

  constructor(options: SimulationOptions) {
    const { scenario, model, called, rules, history } = options;
    this.#options = options;
    this.#nodes = nodesOf(model, called);
    checkScenario(scenario, this.#nodes, rules?.directory ?? null);
    const from = Date.parse(instantAt(scenario.from, "00:00"));
    this.#offices = new Offices(options.calendarOf, from);
    this.#arrivals = arrivalsOf(scenario, this.#offices);
    this.#plans = new StepPlans(scenario, history, this.#offices);
    this.#routes = rules ? new RouteMemo(rules) : null;
    this.#tally = new Tally(model, this.#nodes);
    this.#floor = new WorkFloor({
      scenario,
      arrivals: this.#arrivals,
      offices: this.#offices,
      plans: this.#plans,
      tally: this.#tally,
      onBegun: (task) => this.#queue.push(task.endsAt, { type: "task", task }),
    });
    this.#now = moment(from);
    this.#last = this.#now.iso;
    this.#calledProcess = (id) => {
      const found = id === model.id ? model : called.get(id);
      return found ? { model: found, version: found.id } : null;
    };
    if (!rules) this.#plans.assume(rulesNotAsked(model.id));
    this.#scheduleArrival(0);
  }

  get progress(): { readonly started: number; readonly running: number; readonly cases: number } {
    return {
      started: this.#tally.started,
      running: this.#open.size,
      cases: this.#options.scenario.cases,
    };
  }

  /** Lets the next happenings happen, so many at most, so that the caller can show progress. Gives false when all is over. */
  advance(happenings: number): boolean {
    for (let count = 0; count < happenings; count += 1) {
      const next = this.#queue.pop();
      if (!next) return false;
      if (next.at > this.#now.ms) this.#now = moment(next.at);
      this.#happen(next.item);
    }
    return this.#queue.size > 0;
  }

  /** What was found. To be asked when all is over. */
  result(): SimulationResult {
    const { scenario, model, history } = this.#options;
    for (const of of this.#open) this.#leave(of);
    const officials = this.#tally.officials(this.#floor.officials);
    return {
      process: model.id,
      title: scenario.title,
      seed: scenario.seed,
      from: scenario.from,
      until: this.#last,
      history: history !== null,
      cases: { started: this.#tally.started, ...this.#tally.fates },
      ends: this.#tally.ends(),
      endToEnd: this.#tally.endToEnd(),
      steps: this.#tally.steps(),
      breaches: this.#tally.breaches(),
      officials,
      bottleneck: bottleneckOf(officials),
      stuck: this.#tally.stuck(),
      assumptions: this.#plans.assumptions.map(({ code, place, message }) => ({ code, place, message })),
    };
  }

  #happen(happening: Happening): void {
    switch (happening.type) {
      case "arrival":
        return this.#arrive(happening.index);
      case "task":
        return this.#finish(happening.task);
      case "job":
        return this.#finishJob(happening.of, happening.wait, happening.element);
      case "timer":
        return this.#fire(happening.timer, happening.due);
    }
  }

  #arrive(index: number): void {
    const { scenario, model, calendarOf } = this.#options;
    this.#scheduleArrival(index + 1);
    const kind = kindOf(scenario, index);
    const clocks = new MemoryClocks(calendarOf);
    const route = this.#routes?.routeOn(localDate(this.#now.iso)) ?? null;
    const of = new VirtualCase(
      { index, startedAt: this.#now.ms, route },
      { model, clocks, context: this.#context(route) },
    );
    this.#tally.started += 1;
    this.#open.add(of);
    const variables: Variables = { ...scenario.variables, ...kind.variables };
    this.#apply(of, { type: "start", startEvent: null, variables }, null);
  }

  #scheduleArrival(index: number): void {
    const at = this.#arrivals.times[index];
    if (at !== undefined) this.#queue.push(at, { type: "arrival", index });
  }

  #finish(task: VirtualTask): void {
    if (task.state !== "inHand") return;
    const { of, wait, node, officials } = task;
    of.tasks.delete(wait);
    this.#floor.finish(task, this.#now.ms);
    const { outcomes } = this.#plans.for(node, task.decision);
    const { outcome, variables } = chooseOutcome(of, node, outcomes, task.draw);
    const cause = { officials, waitedMs: task.startedAt - task.openedAt, before: task.cause };
    this.#apply(of, { type: "completeTask", wait, outcome, variables }, cause);
  }

  #finishJob(of: VirtualCase, wait: string, element: string): void {
    if (!of.jobs.has(wait)) return;
    const cause = of.jobs.get(wait) ?? null;
    of.jobs.delete(wait);
    const variables = jobVariables({ of, wait, now: this.#now.iso }, this.#options.scenario.jobs[element]);
    this.#apply(of, { type: "completeJob", wait, variables }, cause);
  }

  /** A timer whose clock has moved meanwhile has another moment on the queue. */
  #fire(timer: VirtualTimer, due: number): void {
    if (timer.due !== due || !timer.of.timers.has(timer.wait)) return;
    this.#apply(timer.of, { type: "fireTimer", wait: timer.wait }, timer.cause);
  }

  #apply(of: VirtualCase, command: Command, cause: Cause | null): void {
    this.#last = this.#now.iso;
    const open: Command[] = [command];
    for (let next = open.shift(); next; next = open.shift()) {
      const events = this.#step(of, next);
      this.#options.onEvents?.(of.index, events);
      const clocksMoved = of.clocks.take(events, this.#now.iso);
      for (const event of events) {
        if (event.type === "message.thrown") open.push(...delivered(of, event));
        else this.#follow(of, event, cause);
      }
      this.#setTimers(of, clocksMoved);
      if (of.status !== "running") return this.#end(of, cause);
      if (of.commands >= mostCommands) return this.#stop(of);
    }
  }

  #step(of: VirtualCase, command: Command): readonly EngineEvent[] {
    try {
      return of.apply(command, this.#context(of.route));
    } catch (error) {
      if (error instanceof RouteError)
        throw new SimulationError("ROUTE_REFUSED", `mix (case ${of.index}): ${error.place}`, error.detail, error.mend);
      if (!(error instanceof CommandError)) throw error;
      throw new SimulationError(
        "COMMAND_REFUSED",
        error.element ?? this.#options.model.id,
        {
          zh: `流程拒绝了模拟的操作：${error.message}`,
          en: `the process refuses what was to be done: ${error.message}`,
        },
        { zh: "请更正情景中该环节的结论或数据", en: "Correct the outcomes or data that the scenario gives this step" },
      );
    }
  }

  #follow(of: VirtualCase, event: EngineEvent, cause: Cause | null): void {
    switch (event.type) {
      case "task.created":
        return this.#floor.open({ ...event, of, node: this.#node(event.element), cause }, this.#now.ms);
      case "task.cancelled":
        return this.#floor.withdraw(of, event.wait, this.#now.ms);
      case "job.created":
        of.jobs.set(event.wait, cause);
        this.#queue.push(this.#now.ms + this.#jobMs(of, event.element), { ...event, type: "job", of });
        return;
      case "job.cancelled":
        of.jobs.delete(event.wait);
        return;
      case "timer.scheduled": {
        const due = event.due === null ? null : Date.parse(event.due);
        const timer = { of, wait: event.wait, clock: event.clock, cause, due };
        of.timers.set(event.wait, timer);
        if (due !== null) this.#queue.push(Math.max(due, this.#now.ms), { type: "timer", timer, due });
        return;
      }
      case "timer.fired":
      case "timer.cancelled":
        of.timers.delete(event.wait);
        return;
      case "subscription.opened":
        if (event.subscription === "message")
          of.messages.set(event.wait, { name: event.name, key: event.correlationKey });
        return;
      case "subscription.closed":
        of.messages.delete(event.wait);
        return;
      case "incident.raised":
        of.incidents.push({ element: event.element, code: event.code });
        return;
      case "element.completed":
        if (this.#endsProcess(event.element)) of.ends.add(event.element);
        return;
      default:
        return;
    }
  }

  #setTimers(of: VirtualCase, clocksMoved: boolean): void {
    for (const timer of of.timers.values()) {
      if (!timer.clock || (timer.due !== null && !clocksMoved)) continue;
      const moved = of.clocks.momentOf(timer.clock, () => of.placeOf(timer.wait));
      const due = moved === null ? null : Date.parse(moved);
      if (due === timer.due) continue;
      timer.due = due;
      if (due !== null) this.#queue.push(Math.max(due, this.#now.ms), { type: "timer", timer, due });
    }
  }

  #end(of: VirtualCase, cause: Cause | null): void {
    this.#open.delete(of);
    this.#tally.ended(of, this.#now.ms, cause, this.#offices.of(this.#arrivals.region));
  }

  #stop(of: VirtualCase): void {
    const places = [...of.tasks.values()].map(({ node }) => ({ element: node.id, code: "ENDLESS" }));
    for (const wait of of.tasks.keys()) this.#floor.withdraw(of, wait, this.#now.ms);
    this.#forget(of, "endless", places);
  }

  /** Nothing in the simulation will move this case any more. */
  #leave(of: VirtualCase): void {
    of.clocks.breachOverdue(this.#last);
    const waiting = [...of.messages.values()].map(({ name }) => ({ element: name, code: "MESSAGE_AWAITED" }));
    if (of.incidents.length > 0) this.#forget(of, "incidents", of.incidents);
    else
      this.#forget(
        of,
        "waiting",
        waiting.length > 0 ? waiting : [{ element: this.#options.model.id, code: "NOTHING_COMES" }],
      );
  }

  #forget(
    of: VirtualCase,
    fate: "incidents" | "waiting" | "endless",
    places: readonly { element: string; code: string }[],
  ) {
    of.jobs.clear();
    of.timers.clear();
    this.#open.delete(of);
    this.#tally.left(of, fate, places);
  }

  #jobMs(of: VirtualCase, element: string): number {
    const takes = this.#options.scenario.jobs[element]?.takes;
    if (!takes) return 0;
    const stream = streamOf(this.#options.scenario.seed, of.index, element, of.count(element));
    return Math.round(quantile(takes, stream.uniform()) * hourMs);
  }

  /** An end event of the process itself, not of a sub-process or a called one. */
  #endsProcess(element: string): boolean {
    const node = this.#options.model.elements.get(element);
    return node?.kind === "endEvent" && node.parent === this.#options.model.id;
  }

  #node(element: string): FlowNode {
    const node = this.#nodes.get(element);
    if (!node) throw new Error(`the case runs ${element}, which its process does not have`);
    return node;
  }

  #context(route: Route | null): StepContext {
    return { now: this.#now.iso, route, calledProcess: this.#calledProcess, evaluator: feel };
  }
}

function moment(ms: number): { readonly ms: number; readonly iso: string } {
  return { ms, iso: new Date(ms).toISOString() };
}

/** A message that a case throws to itself; what others would hear has nobody to hear it here. */
function delivered(of: VirtualCase, event: Extract<EngineEvent, { type: "message.thrown" }>): readonly Command[] {
  const hears = [...of.messages.values()].some(
    ({ name, key }) => name === event.name && (key === null || key === event.correlationKey),
  );
  return hears ? [{ ...event, type: "correlateMessage", wait: null }] : [];
}

function rulesNotAsked(process: string) {
  return {
    code: "RULES_NOT_ASKED" as const,
    place: process,
    message: {
      zh: "情景未给出申请方和提供方，不查规则包：没有单位和时限",
      en: "the scenario names no applicant and provider: no rule pack is asked, so there are no organisations and limits",
    },
  };
}
