import { setTimeout as delay } from "node:timers/promises";

/** No connection became free in time: the caller answers 503, not 500. */
export class StoreBusyError extends Error {
  override readonly name = "StoreBusyError";
  readonly code = "STORE_BUSY";
  constructor() {
    super("no database connection became free in time");
  }
}

/**
 * Errors after which the whole transaction may be run again: deadlock, lock wait, changed since read (1020), serialisation,
 * a lost connection, and SQLite busy.
 */
const transient: ReadonlySet<string> = new Set([
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD",
  "PROTOCOL_CONNECTION_LOST",
  "ECONNRESET",
  "ECONNREFUSED",
  "SQLITE_BUSY",
]);

const tries = 5;

/** Another transaction changed the row first; running again reads the new state. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= tries || !isTransient(error)) throw error;
      await delay(20 * attempt + Math.random() * 60 * attempt);
    }
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof ConflictError) return true;
  return typeof error === "object" && error !== null && "code" in error && transient.has(String(error.code));
}
