import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { SimulationData } from "../../engine/analysis/simulation/open-simulation.ts";
import type { SimulationResult } from "../../engine/analysis/simulation/result.ts";
import { packageRoot } from "../content/package-root.ts";
import { RuntimeProblem } from "./errors.ts";
import type { SimulationAnswer } from "./simulation-worker.ts";

/** Each takes a core for its time; more at once would slow people's work. */
const mostAtOnce = 2;
const longestMs = 120_000;
const mostMegabytes = 1_024;

/** A thread runs what was built: Node 20 reads no TypeScript. */
const workerFile = join(packageRoot(), "dist", "server", "runtime", "simulation-worker.js");

/** Runs simulations in threads of their own, so that no request waits for them, and ends those that take too long. */
export class Simulations {
  readonly #workers = new Set<Worker>();

  get running(): number {
    return this.#workers.size;
  }

  /** Throws `RuntimeProblem`: refused, too many at once, too long, or cancelled by `signal`. */
  async run(data: SimulationData, signal: AbortSignal): Promise<SimulationResult> {
    if (this.#workers.size >= mostAtOnce) throw busy();
    const worker = new Worker(workerFile, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    this.#workers.add(worker);
    try {
      return resultOf(await answerOf(worker, signal));
    } finally {
      await worker.terminate();
      this.#workers.delete(worker);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }
}

async function answerOf(worker: Worker, signal: AbortSignal): Promise<SimulationAnswer> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(tooLarge()), longestMs);
    const settle = (work: () => void) => {
      clearTimeout(deadline);
      work();
    };
    worker.once("message", (answer: SimulationAnswer) => settle(() => resolve(answer)));
    worker.once("error", (error) =>
      settle(() => reject("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooLarge() : error)),
    );
    worker.once("exit", () => settle(() => reject(cancelled())));
    const cancel = () => settle(() => reject(cancelled()));
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
  });
}

function resultOf(answer: SimulationAnswer): SimulationResult {
  if (answer.type === "result") return answer.result;
  const { code, place, message, mend } = answer;
  throw new RuntimeProblem(
    422,
    "SIMULATION_REFUSED",
    { zh: "情景与流程不符，未作模拟", en: "The scenario does not fit the process; nothing was simulated" },
    mend,
    [{ code, place, message }],
  );
}

function busy(): RuntimeProblem {
  return new RuntimeProblem(
    503,
    "SIMULATIONS_BUSY",
    { zh: `已有 ${mostAtOnce} 个模拟在运行`, en: `${mostAtOnce} simulations are running already` },
    { zh: "请稍后再试", en: "Try again shortly" },
  );
}

function tooLarge(): RuntimeProblem {
  return new RuntimeProblem(
    422,
    "SIMULATION_TOO_LARGE",
    {
      zh: `模拟超过 ${longestMs / 1_000} 秒或 ${mostMegabytes} MB，已停止`,
      en: `The simulation took more than ${longestMs / 1_000} seconds or ${mostMegabytes} MB and was stopped`,
    },
    {
      zh: "请减少案件数，或增加人员使队列不致无限增长",
      en: "Simulate fewer cases, or more officials where queues grow without end",
    },
  );
}

function cancelled(): RuntimeProblem {
  return new RuntimeProblem(422, "SIMULATION_CANCELLED", { zh: "模拟已取消", en: "The simulation was cancelled" });
}
