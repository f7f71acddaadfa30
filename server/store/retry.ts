import { setTimeout as delay } from "node:timers/promises";

/** The database cannot be reached, or no connection became free in time: the caller answers 503, not 500. */
export class StoreBusyError extends Error {
  override readonly name = "StoreBusyError";
  readonly code = "STORE_BUSY";
  constructor(cause?: unknown) {
    super("the database does not answer in time", { cause });
  }
}

/**
 * Errors after which the whole transaction may be run again: deadlock, lock wait, changed since read (1020), a database that
 * stops, and SQLite busy.
 */
const transient: ReadonlySet<string> = new Set([
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD",
  "ER_SERVER_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_CON_COUNT_ERROR",
  "PROTOCOL_CONNECTION_LOST",
  "ECONNRESET",
  "ECONNREFUSED",
  "ETIMEDOUT",
  "EPIPE",
  "SQLITE_BUSY",
]);

const tries = 5;

/** Another transaction changed the row first; running again reads the new state. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/**
 * Runs `work` again after an error that passes, a few times with growing waits.
 *
 * @throws StoreBusyError when it has not passed by then
 */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (isFull(error)) throw new StoreBusyError(error);
      if (!isTransient(error)) throw error;
      if (attempt >= tries) throw new StoreBusyError(error);
      await delay(20 * attempt + Math.random() * 60 * attempt);
    }
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof ConflictError) return true;
  if (typeof error !== "object" || error === null) return false;
  // What the driver says of a connection that it knows to be dead has no code.
  if ("fatal" in error && error.fatal === true) return true;
  return "code" in error && transient.has(String(error.code));
}

/** More wait for a connection than may: the driver gives this error no code. */
function isFull(error: unknown): boolean {
  return error instanceof Error && error.message === "Queue limit reached.";
}
