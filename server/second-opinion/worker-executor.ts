import { Worker } from "node:worker_threads";
import type { Executor, Scenario, Subject, Trace } from "../../engine/analysis/second-opinion/scenario.ts";

export type WorkerAnswer = { readonly trace: Trace } | { readonly failure: string };

export interface WorkerLimits {
  /** For one scenario; a worker that has not answered by then is ended. */
  readonly scenarioMs: number;
  /** For all scenarios together, from the first question on. */
  readonly totalMs: number;
  /** Heap of the worker; one that needs more is ended. */
  readonly heapMb: number;
}

/** Enough for every process that ships many times over, and short enough for somebody who waits to publish. */
export const usualLimits: WorkerLimits = { scenarioMs: 5_000, totalMs: 30_000, heapMb: 256 };

/** Workers that may be lost before the other engine is not asked any more. */
const mostLost = 3;

/** Workers run compiled code; from the sources, as in tests, it is that of the last build. */
const compiledWorker = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/server/second-opinion/worker.js", import.meta.url)
  : new URL("./worker.js", import.meta.url);

/**
 * An executor in a thread of its own, with a deadline and a memory limit: whatever it does, the server lives on. A run that
 * is ended throws an error that says why. One object serves one subject; `close` it.
 */
export class WorkerExecutor implements Executor {
  readonly name = "bpmn-engine";
  readonly #limits: WorkerLimits;
  readonly #file: URL;
  #worker: Worker | null = null;
  #lost = 0;
  #endsAt: number | null = null;

  constructor(limits: WorkerLimits = usualLimits, file: URL = compiledWorker) {
    this.#limits = limits;
    this.#file = file;
  }

  async run(subject: Subject, scenario: Scenario): Promise<Trace> {
    this.#endsAt ??= performance.now() + this.#limits.totalMs;
    const left = this.#endsAt - performance.now();
    if (left <= 0) throw new Error(`no answer within ${this.#limits.totalMs} ms for all scenarios`);
    if (this.#lost >= mostLost)
      throw new Error(`not asked any more after ${mostLost} scenarios that it did not survive`);
    const answer = await this.#ask(subject, scenario, Math.min(left, this.#limits.scenarioMs));
    if ("failure" in answer) throw new Error(answer.failure);
    return answer.trace;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #ask(subject: Subject, scenario: Scenario, deadlineMs: number): Promise<WorkerAnswer> {
    const worker = (this.#worker ??= this.#start(subject));
    const answer = await new Promise<WorkerAnswer | Error>((resolve) => {
      const timer = setTimeout(() => resolve(new Error(`no answer within ${Math.round(deadlineMs)} ms`)), deadlineMs);
      const settle = (given: WorkerAnswer | Error) => {
        clearTimeout(timer);
        resolve(given);
      };
      worker.once("message", settle);
      worker.once("error", settle);
      worker.postMessage(scenario);
    });
    worker.removeAllListeners("message");
    worker.removeAllListeners("error");
    if (!(answer instanceof Error)) return answer;
    // A worker that hangs or has broken down is of no further use.
    this.#lost += 1;
    worker.on("error", () => undefined);
    await this.close();
    throw answer;
  }

  #start(subject: Subject): Worker {
    const { heapMb } = this.#limits;
    return new Worker(this.#file, { workerData: subject, resourceLimits: { maxOldGenerationSizeMb: heapMb }, env: {} });
  }
}
