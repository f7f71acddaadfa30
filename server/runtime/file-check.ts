import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { KnownNames } from "../../engine/analysis/references/known-names.ts";
import type { Destination } from "../../engine/interchange/book.ts";
import type { Translation } from "../../engine/interchange/translate.ts";
import { problem, type Problem } from "../../engine/model/problems.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { packageRoot } from "../content/package-root.ts";
import type { FileAnswer, FileTask } from "./check-worker.ts";

export interface CheckLimits {
  /** For reading the file, and for checking its behaviour; a thread that has not answered by then is ended. */
  readonly readMs: number;
  readonly checkMs: number;
  /** Heap of the thread; one that needs more is ended. */
  readonly heapMb: number;
}

/** Some ten times what the largest accepted file takes on an idle machine. */
const usualLimits: CheckLimits = { readMs: 10_000, checkMs: 60_000, heapMb: 256 };

/** A thread runs what was built: Node 20 reads no TypeScript. */
const workerFile = join(packageRoot(), "dist", "server", "runtime", "check-worker.js");

/** What the file is checked against. */
export interface CheckSurroundings {
  /** Names that a process may use; `null` where nobody tells. */
  readonly names: KnownNames | null;
  /** The published processes that those of the file call. */
  readonly calledBy: (processes: readonly ProcessModel[]) => Promise<ReadonlyMap<string, ProcessModel>>;
}

/**
 * The checks before publishing in a thread of their own, so that nobody waits for a file that is made to take long. A file that takes more than the limits is refused.
 */
export async function checkFile(
  xml: string,
  { names, calledBy }: CheckSurroundings,
  limits: CheckLimits = usualLimits,
): Promise<readonly Problem[]> {
  const worker = threadFor({ type: "check", xml, names }, limits);
  try {
    const read = await answerOf(worker, limits.readMs);
    if (read.type !== "read") return problemsOf(read);
    const called = await calledBy(read.processes);
    // The empty list says that nothing changes hands: the models are copied.
    worker.postMessage(called, []);
    return problemsOf(await answerOf(worker, limits.checkMs));
  } finally {
    await worker.terminate();
  }
}

/**
 * Translates a file of another engine in such a thread, within the time for reading and the same heap. A file that takes more
 * is refused.
 */
export async function translateFile(
  xml: string,
  destination: Destination,
  limits: CheckLimits = usualLimits,
): Promise<Translation> {
  const worker = threadFor({ type: "translate", xml, destination }, limits);
  try {
    const answer = await answerOf(worker, limits.readMs);
    return answer.type === "translated" ? answer.translation : { type: "refused", problems: problemsOf(answer) };
  } finally {
    await worker.terminate();
  }
}

function threadFor(task: FileTask, { heapMb }: CheckLimits): Worker {
  return new Worker(workerFile, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: heapMb }, env: {} });
}

type Answer = FileAnswer | { readonly type: "exceeded" };

async function answerOf(worker: Worker, deadlineMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => resolve({ type: "exceeded" }), deadlineMs);
    worker.once("message", (given: FileAnswer) => {
      clearTimeout(deadline);
      resolve(given);
    });
    worker.once("error", (error) => {
      clearTimeout(deadline);
      if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ type: "exceeded" });
      else reject(error);
    });
  });
}

function problemsOf(answer: Answer): readonly Problem[] {
  if (answer.type === "checked") return answer.problems;
  return [
    problem(
      "CHECK_EXCEEDED",
      null,
      "检查文件所需的时间或内存超出上限，未予接受；请精简或拆分流程",
      "Checking the file takes more time or memory than is allowed, so it is not accepted; simplify or split the process",
    ),
  ];
}
