import { RuntimeProblem } from "../runtime/errors.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

const mostFailures = 5;
const lockMs = 15 * 60_000;
const mostStrangers = 10_000;

/** One try of a password. It is counted before the password is looked at, so that many tries at once gain nothing. */
export interface Attempt {
  /** Counts the try; refuses it when the account is locked. */
  readonly begin: () => Promise<void>;
  /** The password was wrong: locks the account when that was the last try. */
  readonly fail: () => Promise<void>;
}

/** A try on an account that exists. Counted in the database, so that all nodes count together; a success sets it back. */
export function attemptOf(store: Store, personId: string): Attempt {
  return {
    begin: async () => {
      const refused = await store.transaction(async (tx) => {
        const now = new Date().toISOString();
        const counted = await tx.execute(
          "UPDATE person SET failures = failures + 1 WHERE id = ? AND failures < ? AND (locked_until IS NULL OR locked_until <= ?)",
          [personId, mostFailures, now],
        );
        if (counted === 1) return null;
        const [person] = await tx.query("SELECT locked_until FROM person WHERE id = ?", [personId]);
        const until = person ? optionalText(person, "locked_until") : null;
        if (until !== null && until > now) return until;
        // Five tries are under way or ended without an answer: that is as many as a lock allows.
        return lock(tx, personId);
      });
      if (refused !== null) throw locked(refused);
    },
    fail: async () => {
      await store.transaction(async (tx) => {
        const [person] = await tx.query(`SELECT failures FROM person WHERE id = ? ${tx.forUpdate}`, [personId]);
        if (person && integer(person, "failures") >= mostFailures) await lock(tx, personId);
      });
    },
  };
}

async function lock(tx: Parameters<Parameters<Store["transaction"]>[0]>[0], personId: string): Promise<string> {
  const until = new Date(Date.now() + lockMs).toISOString();
  await tx.execute("UPDATE person SET failures = 0, locked_until = ? WHERE id = ?", [until, personId]);
  const [person] = await tx.query("SELECT locked_until FROM person WHERE id = ?", [personId]);
  return person ? text(person, "locked_until") : until;
}

interface Stranger {
  failures: number;
  lockedUntil: number;
}

/** Accounts that do not exist lock like those that do; otherwise a lock would tell which ones exist. Kept in memory, bounded. */
export class Strangers {
  readonly #known = new Map<string, Stranger>();

  attemptOf(account: string): Attempt {
    return {
      begin: async () => {
        const stranger = this.#known.get(account) ?? { failures: 0, lockedUntil: 0 };
        if (stranger.lockedUntil > Date.now()) throw locked(new Date(stranger.lockedUntil).toISOString());
        if (stranger.failures >= mostFailures) throw locked(this.#lock(stranger));
        stranger.failures += 1;
        this.#known.delete(account);
        this.#known.set(account, stranger);
        const oldest = this.#known.keys().next();
        if (this.#known.size > mostStrangers && !oldest.done) this.#known.delete(oldest.value);
      },
      fail: async () => {
        const stranger = this.#known.get(account);
        if (stranger && stranger.failures >= mostFailures) this.#lock(stranger);
      },
    };
  }

  #lock(stranger: Stranger): string {
    stranger.failures = 0;
    stranger.lockedUntil = Date.now() + lockMs;
    return new Date(stranger.lockedUntil).toISOString();
  }
}

export const strangers = new Strangers();

function locked(until: string): RuntimeProblem {
  const minute = new Date(Date.parse(until) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
  return new RuntimeProblem(409, "ACCOUNT_LOCKED", {
    zh: `连续登录失败，账号锁定至 ${minute}`,
    en: `Too many failures; the account is locked until ${minute} (+08:00)`,
  });
}
