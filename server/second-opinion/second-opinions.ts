import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  opinionBeforePublishing,
  secondOpinion,
  type SecondOpinion,
} from "../../engine/analysis/second-opinion/opinion.ts";
import type { Subject } from "../../engine/analysis/second-opinion/scenario.ts";
import { WorkerExecutor } from "./worker-executor.ts";

/** Opinions kept, so that who publishes after a look does not wait again. */
const mostKept = 20;

/** Second opinions of this process, one at a time: each takes a processor for a second or two. */
export class SecondOpinions {
  readonly #kept = new Map<string, Promise<SecondOpinion>>();
  #last: Promise<unknown> = Promise.resolve();

  /** Never throws for what the other engine does; see `secondOpinion`. */
  async on(subject: Subject): Promise<SecondOpinion> {
    const key = keyOf(subject);
    const known = this.#kept.get(key);
    if (known) return known;
    const asked = this.#last.then(async () => askInWorker(subject));
    this.#last = asked.catch(() => this.#kept.delete(key));
    this.#kept.set(key, asked);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return asked;
  }
}

/** Asks bpmn-engine about a process, in a thread of its own. */
export async function askInWorker(subject: Subject): Promise<SecondOpinion> {
  const other = new WorkerExecutor();
  try {
    return await secondOpinion(subject, other, { ...opinionBeforePublishing, pause: async () => setImmediate() });
  } finally {
    await other.close();
  }
}

/** Same models, same opinion. */
function keyOf({ model, called }: Subject): string {
  const text = JSON.stringify([model, [...called]], (_key, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
  return createHash("sha256").update(text).digest("hex");
}
