import type { FlowNode } from "../../model/process-model.ts";
import type { RouteDecision } from "../../routing/types.ts";
import type { Arrivals } from "./arrivals.ts";
import { quantile } from "./distribution.ts";
import { countOf, Officials } from "./officials.ts";
import type { Offices } from "./offices.ts";
import type { OfficeTime } from "./office-time.ts";
import { streamOf } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import type { StepPlans } from "./step-plan.ts";
import type { Tally } from "./tally.ts";
import type { Cause, VirtualCase, VirtualTask } from "./virtual-case.ts";

export interface WorkFloorParts {
  readonly scenario: Scenario;
  readonly arrivals: Arrivals;
  readonly offices: Offices;
  readonly plans: StepPlans;
  readonly tally: Tally;
  /** Somebody has begun: the task will end at its `endsAt`, unless it is withdrawn. */
  readonly onBegun: (task: VirtualTask) => void;
}

export interface OpenedTask {
  readonly of: VirtualCase;
  readonly wait: string;
  readonly node: FlowNode;
  readonly decision: RouteDecision | null;
  readonly cause: Cause | null;
}

const hourMs = 3_600_000;

/** Everybody who works on the cases: each task goes to the officials of the organisation and role that its route names. */
export class WorkFloor {
  readonly #parts: WorkFloorParts;
  readonly #officials = new Map<string, Officials<VirtualTask>>();

  constructor(parts: WorkFloorParts) {
    this.#parts = parts;
  }

  get officials(): readonly Officials<VirtualTask>[] {
    return [...this.#officials.values()];
  }

  open(opened: OpenedTask, now: number): void {
    const { of, node, decision } = opened;
    const { scenario, plans } = this.#parts;
    const plan = plans.for(node, decision);
    const stream = streamOf(scenario.seed, of.index, node.id, of.count(node.id));
    const task: VirtualTask = {
      of,
      node,
      decision,
      wait: opened.wait,
      cause: opened.cause,
      officials: plan.queues ? this.#officialsFor(node, decision) : null,
      openedAt: now,
      handlingMs: Math.round(quantile(plan.duration, stream.uniform()) * hourMs),
      draw: stream.uniform(),
      state: "queued",
      startedAt: now,
      endsAt: now,
    };
    of.tasks.set(task.wait, task);
    if (task.officials) return this.#begun(task.officials.offer(task, now));
    task.state = "inHand";
    task.endsAt = this.#officeOf(decision).add(now, task.handlingMs);
    this.#begun(task);
  }

  /** The work has been done; whoever did it takes the next task. */
  finish(task: VirtualTask, now: number): void {
    this.#parts.tally.done(task);
    this.#begun(task.officials ? task.officials.release(task, now) : null);
  }

  /** The task was taken away. */
  withdraw(of: VirtualCase, wait: string, now: number): void {
    const task = of.tasks.get(wait);
    if (!task) return;
    of.tasks.delete(wait);
    this.#parts.tally.withdrawn(task);
    if (task.officials) this.#begun(task.officials.withdraw(task, now));
    else task.state = "withdrawn";
  }

  #begun(task: VirtualTask | null): void {
    if (!task) return;
    this.#parts.tally.begun(task, this.#officeOf(task.decision));
    this.#parts.onBegun(task);
  }

  #officeOf(decision: RouteDecision | null): OfficeTime {
    return this.#parts.offices.of(decision?.organisation.region ?? this.#parts.arrivals.region);
  }

  #officialsFor(node: FlowNode, decision: RouteDecision | null): Officials<VirtualTask> {
    const organisation = decision?.organisation ?? null;
    const role = decision?.role ?? ("role" in node ? node.role : null) ?? "-";
    const key = `${organisation?.id ?? ""} ${role}`;
    const known = this.#officials.get(key);
    if (known) return known;
    const { scenario, arrivals } = this.#parts;
    const count = countOf(scenario.officials, organisation, role);
    const officials = new Officials<VirtualTask>(
      { organisation, role, count },
      this.#officeOf(decision),
      arrivals.window,
    );
    this.#officials.set(key, officials);
    return officials;
  }
}
