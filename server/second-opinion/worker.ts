/** Runs bpmn-engine apart from the server: what it is asked comes as plain data, and whoever asked may end it at any moment. */
import { parentPort, workerData } from "node:worker_threads";
import { bpmnEngine } from "../../engine/analysis/second-opinion/bpmn-engine.ts";
import type { Scenario, Subject } from "../../engine/analysis/second-opinion/scenario.ts";
import type { WorkerAnswer } from "./worker-executor.ts";

const subject = workerData as Subject;

parentPort?.on("message", (scenario: Scenario) => {
  void answer(scenario).then((given) => parentPort?.postMessage(given));
});

async function answer(scenario: Scenario): Promise<WorkerAnswer> {
  try {
    return { trace: await bpmnEngine.run(subject, scenario) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
