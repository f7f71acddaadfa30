import { addMs, localMinute } from "../../engine/calendar/dates.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { optionalText } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

const mostFailures = 5;
const lockMs = 15 * 60_000;
const mostStrangers = 10_000;

/** How one account bears tries of its password. `admit` is asked before a password is looked at and again before it opens anything. */
export interface Attempts {
  /** Throws `ACCOUNT_LOCKED` while the account is locked. */
  readonly admit: () => Promise<void>;
  /** A wrong password was given; the fifth locks the account for a quarter of an hour. */
  readonly fail: () => Promise<void>;
}

/** Tries on an account that exists: counted in the database by single statements, so that tries at once, on any node, all count. */
export function attemptsOn(store: Store, personId: string): Attempts {
  return {
    admit: async () => {
      const [person] = await store.read("SELECT locked_until FROM person WHERE id = ?", [personId]);
      const until = person ? optionalText(person, "locked_until") : null;
      if (until !== null && until > store.time.now()) throw locked(until);
    },
    fail: async () => {
      await store.transaction(async (tx) => {
        await tx.execute("UPDATE person SET failures = failures + 1 WHERE id = ?", [personId]);
        await tx.execute("UPDATE person SET failures = 0, locked_until = ? WHERE id = ? AND failures >= ?", [
          addMs(store.time.now(), lockMs),
          personId,
          mostFailures,
        ]);
      });
    },
  };
}

const strangers = new Map<string, { failures: number; lockedUntil: number }>();

/** Tries on an account that does not exist. It locks like a real one, or a lock would tell which ones exist. In memory, bounded. */
export function attemptsOnNobody(account: string): Attempts {
  return {
    admit: async () => {
      const until = strangers.get(account)?.lockedUntil ?? 0;
      if (until > Date.now()) throw locked(new Date(until).toISOString());
    },
    fail: async () => {
      const failures = (strangers.get(account)?.failures ?? 0) + 1;
      const isLast = failures >= mostFailures;
      strangers.delete(account);
      strangers.set(account, { failures: isLast ? 0 : failures, lockedUntil: isLast ? Date.now() + lockMs : 0 });
      const oldest = strangers.keys().next();
      if (strangers.size > mostStrangers && !oldest.done) strangers.delete(oldest.value);
    },
  };
}

function locked(until: string): RuntimeProblem {
  const minute = localMinute(until);
  return new RuntimeProblem(409, "ACCOUNT_LOCKED", {
    zh: `连续登录失败，账号锁定至 ${minute}`,
    en: `Too many failures; the account is locked until ${minute} (+08:00)`,
  });
}
