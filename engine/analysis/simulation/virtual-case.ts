import type { EngineEvent } from "../../execution/events.ts";
import type { ClockMoment, InstanceState } from "../../execution/state.ts";
import { Session } from "../../execution/step.ts";
import type { StepContext } from "../../execution/context.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import type { Command } from "../../execution/commands.ts";
import type { Route, RouteDecision } from "../../routing/types.ts";
import type { MemoryClocks } from "../headless-clocks.ts";
import type { Officials, Work } from "./officials.ts";

/** What made a case go on: the last link of a chain back to its start. The chain at its end is what its duration hangs on. */
export interface Cause {
  /** The officials that were waited for; `null` of timers and machines. */
  readonly officials: Officials<VirtualTask> | null;
  /** Time that was waited for them, in milliseconds of the clock. */
  readonly waitedMs: number;
  readonly before: Cause | null;
}

/** A user task of a virtual case, on its way through the officials' queue. */
export interface VirtualTask extends Work {
  readonly of: VirtualCase;
  readonly wait: string;
  readonly node: FlowNode;
  readonly decision: RouteDecision | null;
  readonly officials: Officials<VirtualTask> | null;
  /** Uniform number by which the outcome is drawn. */
  readonly draw: number;
  readonly cause: Cause | null;
}

/** A timer of a virtual case. `due` is the moment that is on the queue, if any; one that a clock moves gets another. */
export interface VirtualTimer {
  readonly of: VirtualCase;
  readonly wait: string;
  readonly clock: ClockMoment | null;
  readonly cause: Cause | null;
  due: number | null;
}

/** One case in virtual time: its session, its clocks and what it has open. */
export class VirtualCase {
  readonly index: number;
  readonly startedAt: number;
  readonly route: Route | null;
  readonly clocks: MemoryClocks;
  readonly tasks = new Map<string, VirtualTask>();
  readonly jobs = new Map<string, Cause | null>();
  readonly timers = new Map<string, VirtualTimer>();
  /** What it listens for, besides what it does itself: name and key by wait. */
  readonly messages = new Map<string, { readonly name: string; readonly key: string | null }>();
  /** How often each element was reached, and each outcome taken. */
  readonly visits = new Map<string, number>();
  readonly recorded = new Set<string>();
  readonly ends = new Set<string>();
  readonly incidents: { readonly element: string; readonly code: string }[] = [];
  commands = 0;
  readonly #session: Session;

  constructor(at: Pick<VirtualCase, "index" | "startedAt" | "route">, parts: VirtualCaseParts) {
    this.index = at.index;
    this.startedAt = at.startedAt;
    this.route = at.route;
    this.clocks = parts.clocks;
    this.#session = new Session(parts.model, null, parts.context);
  }

  get status() {
    return this.#session.status;
  }

  apply(command: Command, context: StepContext): readonly EngineEvent[] {
    this.commands += 1;
    return this.#session.apply(command, context);
  }

  /** Where a wait stands. Puts the state together, so it is for what happens seldom. */
  placeOf(wait: string): { readonly state: InstanceState; readonly token: string } {
    const { state } = this.#session;
    return { state, token: state.waits[wait]?.token ?? "" };
  }

  /** Counts one more of `what`; gives how many there were before. */
  count(what: string): number {
    const before = this.visits.get(what) ?? 0;
    this.visits.set(what, before + 1);
    return before;
  }
}

export interface VirtualCaseParts {
  readonly model: ProcessModel;
  readonly clocks: MemoryClocks;
  readonly context: StepContext;
}
