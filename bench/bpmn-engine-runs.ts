/** The same cases on bpmn-engine, as shipped or with replaced elements. */
import { EventEmitter } from "node:events";
import { Engine, type BpmnEngineOptions, type Execution } from "bpmn-engine";
import { processorMs, type CaseMeasure } from "./measure.ts";
import { variables } from "./processes.ts";

/** What bpmn-engine hands to the listeners of `activity.wait`. */
interface WaitingActivity {
  readonly type: string;
  readonly content: {
    readonly executionId: string;
    readonly isRootScope?: boolean;
    readonly isMultiInstance?: boolean;
  };
  signal(): void;
}

type Elements = NonNullable<BpmnEngineOptions["elements"]>;

/** A case whose engine stays in memory: a step is one signal. */
export async function hotCase(source: string, elements: Elements): Promise<CaseMeasure> {
  const inbox = new Inbox();
  const execution = await new Engine({ name: "bench", source, elements, variables }).execute({
    listener: inbox.listener,
  });
  let [steps, ms] = [0, 0];
  for (let task = inbox.take(); task; task = inbox.take()) {
    const from = processorMs();
    task.signal();
    ms += processorMs() - from;
    steps += 1;
  }
  const ended = !execution.isRunning;
  await close(execution);
  return { steps, ms, ended, stateBytes: 0 };
}

/** A case whose engine is gone after each step: state from JSON, recover, resume, signal, state to JSON. */
export async function recoveredCase(source: string, elements: Elements): Promise<CaseMeasure> {
  const first = await new Engine({ name: "bench", source, elements, variables }).execute();
  let stored = JSON.stringify(first.getState());
  await close(first);
  let [steps, ms, stateBytes, ended] = [0, 0, 0, false];
  for (;;) {
    stateBytes = Math.max(stateBytes, stored.length);
    const inbox = new Inbox();
    const from = processorMs();
    const engine = new Engine({ name: "bench", elements });
    engine.recover(JSON.parse(stored));
    const execution = await engine.resume({ listener: inbox.listener });
    const task = inbox.take();
    task?.signal();
    stored = JSON.stringify(execution.getState());
    if (task) ms += processorMs() - from;
    ended = !execution.isRunning;
    await close(execution);
    if (!task) break;
    steps += 1;
    if (ended) break;
  }
  return { steps, ms, ended, stateBytes };
}

/** The user tasks that wait, in the order in which they began to. */
class Inbox {
  readonly listener = new EventEmitter();
  readonly #tasks: WaitingActivity[] = [];

  constructor() {
    this.listener.on("activity.wait", (task: WaitingActivity) => {
      const standsForInstances = task.content.isMultiInstance === true && task.content.isRootScope === true;
      if (task.type === "bpmn:UserTask" && !standsForInstances) this.#tasks.push(task);
    });
  }

  take(): WaitingActivity | undefined {
    return this.#tasks.shift();
  }
}

/** Stops the timers of a case that is left; an execution that has ended never answers. */
async function close(execution: Execution): Promise<void> {
  if (execution.isRunning) await execution.stop();
}
