/** Entry of the thread that runs one simulation: takes its data, answers with the result or the refusal, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { openSimulation, type SimulationData } from "../../engine/analysis/simulation/open-simulation.ts";
import type { SimulationResult } from "../../engine/analysis/simulation/result.ts";
import { SimulationError } from "../../engine/analysis/simulation/simulation-error.ts";

export type SimulationAnswer =
  | { readonly type: "result"; readonly result: SimulationResult }
  | {
      readonly type: "refused";
      readonly code: string;
      readonly place: string;
      readonly message: SimulationError["text"];
      readonly mend: SimulationError["mend"];
    };

const happeningsAtATime = 100_000;

function run(data: SimulationData): SimulationAnswer {
  try {
    const simulation = openSimulation(data);
    while (simulation.advance(happeningsAtATime));
    return { type: "result", result: simulation.result() };
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    return { type: "refused", code: error.code, place: error.place, message: error.text, mend: error.mend };
  }
}

// The empty list says that nothing changes hands: the answer is copied.
parentPort?.postMessage(run(workerData as SimulationData), []);
