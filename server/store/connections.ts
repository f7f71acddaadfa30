import type { QueryRunner } from "typeorm";
import { StoreBusyError } from "./retry.ts";

/** Connections of one pool of a process; there is one pool for transactions and one for reads. */
export const connectionsOfAPool = 10;

/** More than this many callers that wait for a connection are refused at once. */
export const mostWaiting = 200;

/** How long a caller waits for a connection, in milliseconds: short enough that whoever is refused hears it within two seconds. */
const acquireTimeoutMs = 1_500;

/**
 * Takes a connection of the pool for a runner. One that comes too late goes back to the pool as soon as it comes: nobody else
 * would ever give it back.
 *
 * @throws StoreBusyError when none became free in time
 */
export async function connect(runner: QueryRunner): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      reject(new StoreBusyError());
    }, acquireTimeoutMs);
  });
  const connecting = runner.connect().then(() => (isLate ? runner.release() : undefined));
  try {
    await Promise.race([connecting, late]);
  } finally {
    clearTimeout(timer);
  }
}
