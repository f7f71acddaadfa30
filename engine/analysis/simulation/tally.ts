import type { FlowNode, ProcessModel } from "../../model/process-model.ts";
import type { CaseClock } from "../../calendar/case-clocks.ts";
import type { Officials } from "./officials.ts";
import type { OfficeTime } from "./office-time.ts";
import type { SimulationResult } from "./result.ts";
import { batchInterval, meanOf, percentile, rounded, Sample } from "./statistics.ts";
import type { Cause, VirtualCase, VirtualTask } from "./virtual-case.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

type Pool = Officials<VirtualTask>;
type Fate = "completed" | "terminated" | "incidents" | "waiting" | "endless";

interface StepTally {
  readonly element: string;
  readonly level: string | null;
  readonly waiting: Sample;
  readonly handling: Sample;
  withdrawn: number;
}

interface BreachTally {
  readonly clock: CaseClock;
  clocks: number;
  breached: number;
}

/** Everything that is counted while cases run. It grows with tasks and cases, never with events. */
export class Tally {
  readonly fates: Record<Fate, number> = { completed: 0, terminated: 0, incidents: 0, waiting: 0, endless: 0 };
  started = 0;
  readonly #model: ProcessModel;
  readonly #nodes: ReadonlyMap<string, FlowNode>;
  readonly #steps = new Map<string, StepTally>();
  readonly #breaches = new Map<string, BreachTally>();
  readonly #ends = new Map<string, number>();
  readonly #stuck = new Map<string, { element: string; code: string; cases: number }>();
  readonly #waiting = new Map<Pool, Sample>();
  readonly #decisive = new Map<Pool, number>();
  /** By case, so that batches are of cases that arrived one after the other. */
  readonly #workingDays: { readonly index: number; readonly days: number }[] = [];
  readonly #calendarDays = new Sample();
  #endToEndMs = 0;

  constructor(model: ProcessModel, nodes: ReadonlyMap<string, FlowNode>) {
    this.#model = model;
    this.#nodes = nodes;
  }

  begun(task: VirtualTask, office: OfficeTime): void {
    const hours = (office.elapsed(task.startedAt) - office.elapsed(task.openedAt)) / hourMs;
    this.#step(task).waiting.add(hours);
    if (!task.officials) return;
    const sample = this.#waiting.get(task.officials) ?? new Sample();
    this.#waiting.set(task.officials, sample);
    sample.add(hours);
  }

  done(task: VirtualTask): void {
    this.#step(task).handling.add(task.handlingMs / hourMs);
  }

  withdrawn(task: VirtualTask): void {
    this.#step(task).withdrawn += 1;
  }

  /** A case has ended by itself. */
  ended(of: VirtualCase, at: number, last: Cause | null, office: OfficeTime): void {
    this.fates[of.status === "completed" ? "completed" : "terminated"] += 1;
    this.#workingDays.push({ index: of.index, days: office.workingDaysBetween(of.startedAt, at) });
    this.#calendarDays.add((at - of.startedAt) / dayMs);
    this.#endToEndMs += at - of.startedAt;
    for (let cause = last; cause; cause = cause.before)
      if (cause.officials)
        this.#decisive.set(cause.officials, (this.#decisive.get(cause.officials) ?? 0) + cause.waitedMs);
    for (const end of of.ends) this.#ends.set(end, (this.#ends.get(end) ?? 0) + 1);
    this.#clocks(of);
  }

  /** A case will never end. */
  left(
    of: VirtualCase,
    fate: "incidents" | "waiting" | "endless",
    places: readonly { element: string; code: string }[],
  ): void {
    this.fates[fate] += 1;
    this.#clocks(of);
    for (const { element, code } of places) {
      const known = this.#stuck.get(`${element} ${code}`) ?? { element, code, cases: 0 };
      this.#stuck.set(`${element} ${code}`, { ...known, cases: known.cases + 1 });
    }
  }

  steps(): SimulationResult["steps"] {
    const rows = [...this.#steps.values()].map(({ element, level, waiting, handling, withdrawn }) => ({
      element,
      name: this.#nameOf(element),
      level,
      completed: handling.values.length,
      withdrawn,
      waitingHours: waiting.summary(),
      handlingHours: handling.summary(),
    }));
    return rows.sort((a, b) => this.#compare(a, b));
  }

  breaches(): SimulationResult["breaches"] {
    const rows = [...this.#breaches.values()].map(({ clock, clocks, breached }) => ({
      limit: clock.resolved.code,
      name: clock.resolved.name,
      element: clock.element,
      elementName: this.#nameOf(clock.element),
      level: clock.organisation.level,
      clocks,
      breached,
      share: rounded(breached / clocks),
    }));
    return rows.sort((a, b) => this.#compare(a, b));
  }

  ends(): SimulationResult["ends"] {
    const over = this.fates.completed + this.fates.terminated;
    return [...this.#ends]
      .map(([element, cases]) => ({ element, name: this.#nameOf(element), cases, share: rounded(cases / over) }))
      .sort((a, b) => b.cases - a.cases || this.#order(a.element) - this.#order(b.element));
  }

  endToEnd(): SimulationResult["endToEnd"] {
    const days = this.#workingDays.toSorted((a, b) => a.index - b.index).map((ended) => ended.days);
    const sample = new Sample();
    for (const value of days) sample.add(value);
    return {
      workingDays: sample.summary(),
      calendarDays: this.#calendarDays.summary(),
      meanWorkingDays: batchInterval(days, meanOf),
      p90WorkingDays: batchInterval(days, (batch) =>
        percentile(
          batch.toSorted((a, b) => a - b),
          0.9,
        ),
      ),
    };
  }

  officials(pools: readonly Pool[]): SimulationResult["officials"] {
    return pools
      .map((pool) => ({
        organisation: pool.organisation && {
          id: pool.organisation.id,
          name: pool.organisation.name,
          level: pool.organisation.level,
        },
        role: pool.role,
        count: pool.count,
        tasks: pool.tasks,
        utilisation: rounded(pool.utilisation()),
        queue: { mean: rounded(pool.meanQueue()), max: pool.longestQueue },
        waitingHours: this.#waiting.get(pool)?.summary() ?? null,
        shareOfEndToEnd: this.#endToEndMs > 0 ? rounded((this.#decisive.get(pool) ?? 0) / this.#endToEndMs) : 0,
      }))
      .sort((a, b) => b.shareOfEndToEnd - a.shareOfEndToEnd || b.tasks - a.tasks);
  }

  stuck(): SimulationResult["stuck"] {
    return [...this.#stuck.values()].sort(
      (a, b) => b.cases - a.cases || this.#order(a.element) - this.#order(b.element),
    );
  }

  #clocks(of: VirtualCase): void {
    for (const clock of of.clocks.all) {
      const key = `${clock.resolved.code} ${clock.element} ${clock.organisation.level}`;
      const row = this.#breaches.get(key) ?? { clock, clocks: 0, breached: 0 };
      this.#breaches.set(key, row);
      row.clocks += 1;
      if (clock.ledger.breachedAt !== null) row.breached += 1;
    }
  }

  #step({ node, decision }: VirtualTask): StepTally {
    const element = node.id;
    const level = decision?.organisation.level ?? null;
    const key = `${element} ${level}`;
    const row = this.#steps.get(key) ?? { element, level, waiting: new Sample(), handling: new Sample(), withdrawn: 0 };
    this.#steps.set(key, row);
    return row;
  }

  /** The English of a drawing stands in the element's documentation. */
  #nameOf(element: string): { readonly zh: string; readonly en: string } {
    const named = element === this.#model.id ? this.#model : this.#nodes.get(element);
    const zh = named?.name ?? element;
    return { zh, en: named?.documentation ?? zh };
  }

  #order(element: string): number {
    return [...this.#nodes.keys()].indexOf(element);
  }

  #compare(a: { element: string; level: string | null }, b: { element: string; level: string | null }): number {
    return (
      this.#order(a.element) - this.#order(b.element) || levels.indexOf(a.level ?? "") - levels.indexOf(b.level ?? "")
    );
  }
}

const levels: readonly string[] = ["", "township", "zone", "county", "city", "province", "country"];
