/** Officials who work through cases over HTTP, each request with a key and tried again until it is answered. */
import { setTimeout as delay } from "node:timers/promises";
import { demoPassword } from "../../server/runtime/seed.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { optionalText, text } from "../../server/store/rows.ts";
import { startTimed } from "../runtime/timed-process.ts";
import { bpmn, gateway, startEvent } from "./bpmn.ts";

/** A head prepares and a clerk reviews, again and again until the clerk refuses. */
const process = bpmn(
  `${startEvent()}${gateway("exclusive", "again")}<bpmn:userTask id="prepare" name="prepare" jieli:at="provider" jieli:role="provider-head" jieli:outcomes="approve refuse"/><bpmn:userTask id="review" name="review" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve refuse" jieli:limit="L.REVIEW" jieli:resultVariable="result"/>${gateway("exclusive", "done")}<bpmn:endEvent id="end"/>`,
  `start -> again -> prepare -> review -> done; done -> again default; done -> end if result = "refuse"`,
  { id: "daily-work" },
);

const [head, clerk, colleague] = ["yang", "zhang", "zheng"] as const;

/** What the history of the cases must tell, by the type of the line. */
export type Done = Record<
  "decision.taken" | "task.claimed" | "task.transferred" | "signer.added" | "case.returned" | "comment.added",
  number
>;

interface OpenTask {
  readonly id: string;
  readonly rev: number;
}

export class OfficialsAtWork {
  /** What was answered as done. */
  readonly done: Done = {
    "decision.taken": 0,
    "task.claimed": 0,
    "task.transferred": 0,
    "signer.added": 0,
    "case.returned": 0,
    "comment.added": 0,
  };
  /** How often requests failed, by status or by the code of the network's error, before the same request was answered. */
  readonly failures = new Map<string, number>();
  readonly cases: readonly string[];
  readonly #observer: Runtime;
  readonly #urls: readonly string[];
  readonly #sessions: ReadonlyMap<string, Readonly<Record<string, string>>>;
  #isOver = false;
  #lanes: Promise<unknown> = Promise.resolve();

  private constructor(
    observer: Runtime,
    urls: readonly string[],
    parts: Pick<OfficialsAtWork, "cases"> & { sessions: Map<string, Record<string, string>> },
  ) {
    this.#observer = observer;
    this.#urls = urls;
    this.cases = parts.cases;
    this.#sessions = parts.sessions;
  }

  /** @param observer a node that only looks; @param urls servers on the same database, any of which takes a request */
  static async on(observer: Runtime, urls: readonly string[], cases: number): Promise<OfficialsAtWork> {
    const sessions = new Map<string, Record<string, string>>();
    for (const account of [head, clerk, colleague]) {
      const answer = await fetch(`${urls[0] ?? ""}/api/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account, password: demoPassword }),
      });
      const { csrfToken } = (await answer.json()) as { csrfToken: string };
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      sessions.set(account, { cookie, "x-csrf-token": csrfToken, "content-type": "application/json" });
    }
    const ids: string[] = [];
    for (let count = 0; count < cases; count += 1) ids.push(await startTimed(observer, process));
    return new OfficialsAtWork(observer, urls, { cases: ids, sessions });
  }

  /** Begins to work on every case at once, until `stop`. */
  begin(): void {
    this.#isOver = false;
    this.#lanes = Promise.all(this.cases.map((id) => this.#lane(id)));
    // Whoever waits for the end of the work hears of a failure; until then it is nobody's.
    this.#lanes.catch(() => undefined);
  }

  /** Lets each finish what they are at. Throws what an official was refused that no one may refuse. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#lanes;
  }

  /** Goes on until this many more requests were answered as done. */
  async until(more: number): Promise<void> {
    const total = () => Object.values(this.done).reduce((sum, count) => sum + count, 0);
    const target = total() + more;
    while (total() < target) await Promise.race([delay(20), this.#lanes]);
  }

  async #lane(instanceId: string): Promise<void> {
    while (!this.#isOver) await this.#round(instanceId);
  }

  async #round(id: string): Promise<void> {
    await this.#decide(head, id);
    await this.#post(clerk, id, "task.claimed", "claim", () => ({}));
    await this.#post(clerk, id, "task.transferred", "transfer", () => ({ to: "u-zheng", reason: "分工" }));
    await this.#post(colleague, id, "signer.added", "signers", () => ({
      person: "u-zhang",
      place: "beside",
      counts: true,
    }));
    await this.#decide(colleague, id, "u-zheng");
    await this.#decide(clerk, id, "u-zhang");
    await this.#send(clerk, `/api/instances/${id}/comments`, { body: "已核对", audience: "internal" });
    this.done["comment.added"] += 1;
    await this.#decide(head, id);
    await this.#post(clerk, id, "case.returned", "return", () => ({
      to: "previous",
      afterwards: "walkAgain",
      reason: "依据不明",
      defects: [{ place: "依据", what: "未写明", basis: "目录" }],
    }));
    await this.#decide(head, id);
    await this.#decideInBatch(id);
  }

  async #decideInBatch(instanceId: string): Promise<void> {
    const { id, rev } = await this.#open(instanceId);
    const decision = { outcome: "approve", reasonCode: null, citation: null, opinion: "同意" };
    const [batch, key] = [{ operation: "decide", tasks: [{ id, rev }], decision }, newId()];
    for (;;) {
      const answer = await this.#send(clerk, "/api/tasks/batch", batch, key);
      const { code } = (answer as { items: readonly { readonly code: string | null }[] }).items[0] ?? {};
      if (code === null) break;
      // In a batch the database's absence is the result of the one task.
      if (code !== "STORE_BUSY") throw new RangeError(`the batch was refused: ${String(code)}`);
      this.#fail("503");
    }
    this.done["decision.taken"] += 1;
  }

  async #decide(account: string, instanceId: string, person: string | null = null): Promise<void> {
    const body = () => ({ outcome: "approve", opinion: "同意" });
    await this.#post(account, instanceId, "decision.taken", "complete", body, person);
  }

  async #post(
    account: string,
    instanceId: string,
    tells: keyof Done,
    path: string,
    body: () => object,
    person: string | null = null,
  ): Promise<void> {
    const { id, rev } = await this.#open(instanceId, person);
    await this.#send(account, `/api/tasks/${id}/${path}`, { rev, ...body() });
    this.done[tells] += 1;
  }

  /** The open task of a case, or the one that this person has. */
  async #open(instanceId: string, person: string | null = null): Promise<OpenTask> {
    for (;;) {
      try {
        const rows = await this.#observer.store.read(
          "SELECT id, rev, assignee_id FROM task WHERE instance_id = ? AND state = 'open'",
          [instanceId],
        );
        const mine = rows.filter((row) => person === null || optionalText(row, "assignee_id") === person);
        const [row] = mine;
        if (!row || mine.length > 1) throw new TypeError(`${mine.length} open tasks in ${instanceId}`);
        return { id: text(row, "id"), rev: Number(row["rev"]) };
      } catch (error) {
        if (error instanceof TypeError) throw error;
        await delay(50);
      }
    }
  }

  /** The same request with the same key, to one server and then the next, until it is answered. */
  async #send(account: string, path: string, body: object, key = newId()): Promise<unknown> {
    const headers = { ...this.#sessions.get(account), "idempotency-key": key, connection: "close" };
    for (let tries = Math.floor(Math.random() * this.#urls.length); ; tries += 1) {
      try {
        const url = `${this.#urls[tries % this.#urls.length] ?? ""}${path}`;
        const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
        const told = await answer.text();
        if (answer.ok) return told === "" ? null : JSON.parse(told);
        if (answer.status < 500) throw new RangeError(`${account} ${path}: ${answer.status} ${told}`);
        this.#fail(String(answer.status));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        const cause: unknown = error.cause;
        this.#fail(typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : error.message);
      }
      await delay(30);
    }
  }

  #fail(why: string): void {
    this.failures.set(why, (this.failures.get(why) ?? 0) + 1);
  }
}
