/** Entry of the thread that reads one file: to check it, or to translate it from another engine's words. */
import { parentPort, workerData } from "node:worker_threads";
import { checkDefinition, situationsBeforePublishing, type Problem } from "../../engine/analysis/check-definition.ts";
import type { KnownNames } from "../../engine/analysis/references/known-names.ts";
import type { Destination } from "../../engine/interchange/book.ts";
import { translate, type Translation } from "../../engine/interchange/translate.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";

export type FileTask =
  /** Tells what it read, is told what that calls, tells what it found. */
  | { readonly type: "check"; readonly xml: string; readonly names: KnownNames | null }
  | { readonly type: "translate"; readonly xml: string; readonly destination: Destination };

export type FileAnswer =
  /** The file has no error so far; the check of its behaviour waits for the processes that these call. */
  | { readonly type: "read"; readonly processes: readonly ProcessModel[] }
  | { readonly type: "checked"; readonly problems: readonly Problem[] }
  | { readonly type: "translated"; readonly translation: Translation };

// The thread has nothing else to do.
const bounds = { situations: situationsBeforePublishing, pause: async () => undefined };

// The empty list says that nothing changes hands: the answer is copied.
const answer = (given: FileAnswer) => parentPort?.postMessage(given, []);

async function check({ xml, names }: Extract<FileTask, { type: "check" }>): Promise<void> {
  const { processes, problems } = await compileDefinitions(xml);
  if (processes.length === 0) {
    answer({ type: "checked", problems });
    return;
  }
  parentPort?.once("message", (called: ReadonlyMap<string, ProcessModel>) => {
    void checkDefinition(xml, called, bounds, names).then((found) => answer({ type: "checked", problems: found }));
  });
  answer({ type: "read", processes });
}

const task = workerData as FileTask;
switch (task.type) {
  case "check":
    await check(task);
    break;
  case "translate":
    answer({ type: "translated", translation: await translate(task.xml, task.destination) });
    break;
}
