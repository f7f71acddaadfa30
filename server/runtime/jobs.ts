import { ClockError } from "../../engine/calendar/clock.ts";
import { addMs } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import { newId } from "../store/ids.ts";
import { StoreBusyError } from "../store/retry.ts";
import { integer, json, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import { systemActor, type Actor } from "./actor.ts";
import type { Dispatcher, DispatchParts, Within } from "./dispatch.ts";
import { deliveryTopics } from "./delivery-jobs.ts";
import { clockRow } from "./clock-rows.ts";
import { grantTopics } from "./grant-jobs.ts";
import { nothingDone, type JobHandler, type JobResult } from "./job-handler.ts";
import type { JournalLine } from "./journal.ts";
import { recordTopics } from "./record-jobs.ts";
import { tellFailure } from "./told-failure.ts";

const leaseMs = 60_000;
const backoffMs = [1_000, 10_000, 60_000];

/** Topics that the server itself works on. Others wait for external workers. */
export const internalTopics: Readonly<Record<string, JobHandler>> = {
  notify: async ({ now }) => ({
    variables: {},
    lines: [{ at: now, type: "reminder.sent", element: null, actor: systemActor, payload: {} }],
  }),
  recordBreach,
  extendClock,
  ...deliveryTopics,
  ...grantTopics,
  ...recordTopics,
};

/** Charges the latest unrecorded breach to the organisation whose clock ran out; the escalation that follows goes one level above it. */
async function recordBreach({ tx, instance, now }: Within): Promise<JobResult> {
  const [row] = await tx.query(
    "SELECT * FROM clock WHERE instance_id = ? AND breached_at IS NOT NULL AND breach_recorded = 0 ORDER BY breached_at, id LIMIT 1",
    [text(instance, "id")],
  );
  if (!row) return nothingDone;
  const clock = clockRow(row);
  await tx.execute("UPDATE clock SET breach_recorded = 1 WHERE id = ?", [clock.id]);
  const breach = {
    organisation: clock.organisation.id,
    region: clock.organisation.region,
    limit: clock.resolved.code,
    at: text(row, "breached_at"),
  };
  return {
    variables: { breach },
    lines: [{ at: now, type: "breach.recorded", element: text(row, "element"), actor: systemActor, payload: breach }],
  };
}

/** Extends the clock that the job stands under by what was approved. A refusal by the rule pack is told, not hidden. */
async function extendClock(
  { clocks, now, state, tx, instance }: Within,
  variables: Variables,
  wait: string,
): Promise<JobResult> {
  const days = Number(variables["extensionDays"]);
  const reason = typeof variables["extensionReason"] === "string" ? variables["extensionReason"] : "";
  const clock = clocks.around(state, state.waits[wait]?.token ?? "");
  if (!clock) throw new Error("the job to extend a limit stands under no clock");
  try {
    await clocks.extend(clock, days, { reason, approver: await approverOf(tx, text(instance, "id")) });
    return {
      variables: { extensionUsed: true },
      lines: [{ at: now, type: "extension.notified", element: null, actor: systemActor, payload: { days, reason } }],
    };
  } catch (error) {
    if (!(error instanceof ClockError)) throw error;
    return {
      variables: {},
      lines: [
        {
          at: now,
          type: "extension.refused",
          element: null,
          actor: systemActor,
          payload: { code: error.code, reason: error.message },
        },
      ],
    };
  }
}

/** Whoever decided last: approving the extension is the step before it takes effect. */
async function approverOf(tx: Transaction, instanceId: string): Promise<string> {
  const [row] = await tx.query(
    "SELECT actor FROM journal WHERE instance_id = ? AND type = 'task.completed' ORDER BY seq DESC LIMIT 1",
    [instanceId],
  );
  return row ? json<Actor>(row, "actor").name : "";
}

/** Works on internal jobs: claims by lease, one transaction a job, retries with growing waits, then an incident. */
export class JobWorker {
  readonly #parts: DispatchParts;
  readonly #dispatcher: Dispatcher;
  readonly #owner = newId();

  constructor(parts: DispatchParts, dispatcher: Dispatcher) {
    this.#parts = parts;
    this.#dispatcher = dispatcher;
  }

  /** Works until no internal job is due. Gives the number of jobs done. */
  async drain(): Promise<number> {
    let done = 0;
    for (let job = await this.#claim(); job; job = await this.#claim()) {
      await this.#perform(job);
      done += 1;
    }
    return done;
  }

  async #claim(): Promise<Row | null> {
    const { store, clock } = this.#parts;
    const topics = Object.keys(internalTopics);
    const real = store.time.now();
    const candidates = await store.read(
      `SELECT * FROM job WHERE topic IN (${topics.map(() => "?").join(", ")}) AND next_at <= ? AND (lease_until IS NULL OR lease_until < ?) ORDER BY next_at, id LIMIT 20`,
      [...topics, clock.now(), real],
    );
    const until = addMs(real, leaseMs);
    for (const candidate of candidates) {
      const id = text(candidate, "id");
      const claimed = await store.transaction((tx) =>
        tx.execute(
          "UPDATE job SET lease_owner = ?, lease_until = ? WHERE id = ? AND (lease_until IS NULL OR lease_until < ?)",
          [this.#owner, until, id, real],
        ),
      );
      if (claimed === 1) return candidate;
    }
    return null;
  }

  async #perform(job: Row): Promise<void> {
    const wait = text(job, "wait_id");
    const handler = internalTopics[text(job, "topic")];
    if (!handler) return;
    let told: readonly JournalLine[] = [];
    try {
      await this.#dispatcher.dispatch({
        instanceId: text(job, "instance_id"),
        actor: systemActor,
        commandId: `job:${text(job, "id")}`,
        decide: async (within) => {
          const { variables, lines } = await handler(within, variablesAt(within.state, wait), wait);
          told = lines;
          return { type: "completeJob", wait, variables };
        },
        also: async () => told,
      });
    } catch (error) {
      await this.#failed(job, error);
    }
  }

  /** A job whose failure cannot even be written down keeps its lease: it is told, holds up no other, and is tried again. */
  async #failed(job: Row, error: unknown): Promise<void> {
    // A database that does not answer says nothing of the job.
    if (error instanceof StoreBusyError) throw error;
    try {
      await this.#postpone(job, error);
    } catch (unwritten) {
      tellFailure("a job failed", unwritten, { instanceId: text(job, "instance_id"), topic: text(job, "topic") });
    }
  }

  async #postpone(job: Row, error: unknown): Promise<void> {
    const { store, clock } = this.#parts;
    const retries = integer(job, "retries") - 1;
    const message = error instanceof Error ? error.message : String(error);
    if (retries > 0) {
      const nextAt = new Date(Date.parse(clock.now()) + (backoffMs[3 - retries - 1] ?? 60_000)).toISOString();
      await store.transaction((tx) =>
        tx.execute("UPDATE job SET retries = ?, next_at = ?, lease_owner = NULL, lease_until = NULL WHERE id = ?", [
          retries,
          nextAt,
          text(job, "id"),
        ]),
      );
      return;
    }
    await this.#dispatcher.dispatch({
      instanceId: text(job, "instance_id"),
      actor: systemActor,
      commandId: null,
      decide: async () => ({ type: "failJob", wait: text(job, "wait_id"), errorCode: null, message, variables: {} }),
    });
  }
}

export function jobVariables(instance: Row, job: Row): Variables {
  return variablesAt(json(instance, "state"), text(job, "wait_id"));
}
