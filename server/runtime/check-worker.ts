/** Entry of the thread that reads and checks one file: tells what it read, is told what that calls, tells what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { checkDefinition, situationsBeforePublishing, type Problem } from "../../engine/analysis/check-definition.ts";
import type { KnownNames } from "../../engine/analysis/references/known-names.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";

export interface CheckTask {
  readonly xml: string;
  readonly names: KnownNames | null;
}

export type CheckAnswer =
  /** The file has no error so far; the check of its behaviour waits for the processes that these call. */
  | { readonly type: "read"; readonly processes: readonly ProcessModel[] }
  | { readonly type: "checked"; readonly problems: readonly Problem[] };

// The thread has nothing else to do.
const bounds = { situations: situationsBeforePublishing, pause: async () => undefined };

// The empty list says that nothing changes hands: the answer is copied.
const answer = (given: CheckAnswer) => parentPort?.postMessage(given, []);

const { xml, names } = workerData as CheckTask;
const { processes, problems } = await compileDefinitions(xml);
if (processes.length === 0) {
  answer({ type: "checked", problems });
} else {
  parentPort?.once("message", (called: ReadonlyMap<string, ProcessModel>) => {
    void checkDefinition(xml, called, bounds, names).then((found) => answer({ type: "checked", problems: found }));
  });
  answer({ type: "read", processes });
}
