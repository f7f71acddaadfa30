/** How our core's time grows: with the steps that a case has behind it, with parallel branches, with rounds of a loop. */
import type { EngineEvent } from "../engine/execution/events.ts";
import type { InstanceState } from "../engine/execution/state.ts";
import { Session, step } from "../engine/execution/step.ts";
import type { ProcessModel } from "../engine/model/process-model.ts";
import { compiled, complete, context, startCommand } from "./jieli-runs.ts";
import { exponent, processorMs } from "./measure.ts";
import { inclusive, looping, parallel, parallelAtOnce, roundsAtOnce } from "./processes.ts";

export interface CostAt {
  readonly pastSteps: number;
  readonly microseconds: number;
  readonly stateBytes: number;
}

const moments = [10, 100, 1_000, 10_000];
const stepsMeasured = 50;

/** Cost of a durable step of a loop after 10, 100, 1,000 and 10,000 others: the mean of the 50 that follow, the best of four. */
export async function costByPastSteps(): Promise<readonly CostAt[]> {
  const model = await compiled(looping());
  const runs = Array.from({ length: 5 }, () => costsOf(model)).slice(1);
  return moments.map((pastSteps, index) => ({
    pastSteps,
    microseconds: Math.min(...runs.map((run) => run[index]?.microseconds ?? Number.NaN)),
    stateBytes: runs[0]?.[index]?.stateBytes ?? Number.NaN,
  }));
}

/** One case through all the moments. */
function costsOf(model: ProcessModel): readonly CostAt[] {
  const started = step(model, null, startCommand, context);
  let [stored, wait, past] = [JSON.stringify(started.state), openedBy(started.events), 0];
  const goOn = (steps: number) => {
    for (let count = 0; count < steps; count += 1, past += 1) {
      const done = step(model, JSON.parse(stored) as InstanceState, complete(wait, { again: true }), context);
      [stored, wait] = [JSON.stringify(done.state), openedBy(done.events)];
    }
  };
  return moments.map((pastSteps) => {
    goOn(pastSteps - past);
    const from = processorMs();
    goOn(stepsMeasured);
    return {
      pastSteps,
      microseconds: ((processorMs() - from) / stepsMeasured) * 1_000,
      stateBytes: stored.length,
    };
  });
}

function openedBy(events: readonly EngineEvent[]): string {
  const opened = events.find((event) => event.type === "task.created");
  return opened?.wait ?? "";
}

export interface Growth {
  readonly what: string;
  readonly points: readonly { readonly size: number; readonly ms: number }[];
  readonly exponent: number;
  /** Whether growth in line with size is promised. An inclusive join looks at all that is under way at every step. */
  readonly isBar: boolean;
}

/** A process that can be had in several sizes, and how to run a case of it. */
interface Series {
  readonly what: string;
  readonly isBar: boolean;
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly source: (size: number) => string;
  readonly run: (model: ProcessModel, size: number) => void;
}

const branches = { sizes: [250, 500, 1_000], repeats: 20 };
const rounds = { sizes: [25_000, 50_000, 100_000], repeats: 4 };
const names = (size: number) => Array.from({ length: size }, (_, index) => `b${index}`);

const series: readonly Series[] = [
  {
    what: "parallel branches, a step each",
    isBar: true,
    ...branches,
    source: (size) => parallel(names(size)),
    run: allTasks,
  },
  {
    what: "parallel branches, all in one step",
    isBar: true,
    ...branches,
    source: (size) => parallelAtOnce(names(size)),
    run: atOnce,
  },
  {
    what: "inclusive branches, a step each",
    isBar: false,
    ...branches,
    source: (size) => inclusive(names(size)),
    run: allTasks,
  },
  { what: "rounds of a loop, a step each", isBar: true, ...rounds, source: looping, run: allRounds },
  { what: "rounds of a loop, all in one step", isBar: true, ...rounds, source: roundsAtOnce, run: atOnce },
];

/** Whole cases of growing size, and the power with which their time grows. */
export async function growths(): Promise<readonly Growth[]> {
  const measured: Growth[] = [];
  for (const one of series) measured.push(await grown(one));
  return measured;
}

async function grown({ what, isBar, sizes, repeats, source, run }: Series): Promise<Growth> {
  const points: { size: number; ms: number }[] = [];
  // The first size runs twice: the machine is warm by the second time.
  for (const size of [sizes[0] ?? 1, ...sizes]) {
    const model = await compiled(source(size));
    const times = Array.from({ length: repeats }, () => {
      const from = processorMs();
      run(model, size);
      return processorMs() - from;
    });
    points.push({ size, ms: Math.min(...times) });
  }
  const warm = points.slice(1);
  return { what, isBar, points: warm, exponent: exponent(warm) };
}

function atOnce(model: ProcessModel): void {
  requireEnd(step(model, null, startCommand, context).state.status);
}

/** Completes every task in the order in which they began. */
function allTasks(model: ProcessModel): void {
  const session = new Session(model, null, context);
  const open = session
    .apply(startCommand, context)
    .flatMap((event) => (event.type === "task.created" ? event.wait : []));
  for (const wait of open) session.apply(complete(wait, { seen: true }), context);
  requireEnd(session.status);
}

function allRounds(model: ProcessModel, size: number): void {
  const session = new Session(model, null, context);
  let events = session.apply(startCommand, context);
  for (let done = 1; done <= size; done += 1) {
    events = session.apply(complete(openedBy(events), { again: done < size }), context);
  }
  requireEnd(session.status);
}

function requireEnd(status: string): void {
  if (status !== "completed") throw new Error(`a bench case should have completed and is ${status}`);
}
