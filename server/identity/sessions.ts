import { createHash, randomBytes } from "node:crypto";
import { RuntimeProblem } from "../runtime/errors.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import { attemptsOn, attemptsOnNobody } from "./attempts.ts";
import { standInsOf } from "./stand-ins.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** Sessions follow real time, not the case clock: a demo that travels in time must not sign people out. */
const idleMs = 30 * 60_000;
const absoluteMs = 8 * 3_600_000;

export interface Post {
  readonly organisation: string;
  readonly role: string;
}

/** Somebody who is away, whose posts the person may fill at this moment, within the scope of the substitution. */
export interface StandIn {
  readonly substitution: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly posts: readonly Post[];
  /** Whether it covers every role, and with them work that was given by name. */
  readonly everyRole: boolean;
  /** Highest grade of the data that it covers; `null` for all. */
  readonly highestGrade: number | null;
  /** Process keys that it covers; `null` for all. */
  readonly processes: readonly string[] | null;
}

/** The person who asks, with every post held. */
export interface Principal {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly posts: readonly Post[];
  readonly standsInFor: readonly StandIn[];
  readonly csrf: string;
  readonly lastSignInAt: string | null;
}

// Verified against for accounts that do not exist, so that the answer takes as long.
let decoy: Promise<string> | null = null;

/**
 * Signs in and opens a session. Wrong account and wrong password look alike, also in how they lock; five failures lock the
 * account for a quarter of an hour. `caseTime` is the moment on the clock of cases, by which substitutions run.
 */
export async function signIn(
  store: Store,
  { account, password, caseTime }: { readonly account: string; readonly password: string; readonly caseTime: string },
): Promise<{ token: string; principal: Principal }> {
  // Whoever left has no account any more.
  const [person] = await store.read("SELECT * FROM person WHERE account = ? AND left_at IS NULL", [account]);
  const attempts = person ? attemptsOn(store, text(person, "id")) : attemptsOnNobody(account);
  await attempts.admit();
  decoy ??= hashPassword("decoy");
  const right = await verifyPassword(password, person ? text(person, "password") : await decoy);
  if (!person || !right) {
    await attempts.fail();
    throw new RuntimeProblem(422, "SIGN_IN_FAILED", {
      zh: "账号或密码不正确",
      en: "The account or the password is not right",
    });
  }
  // Of many guesses sent at once, those after the fifth wrong one open nothing, even when right.
  await attempts.admit();
  const now = store.time.now();
  const token = randomBytes(32).toString("base64url");
  const csrf = randomBytes(24).toString("base64url");
  await store.transaction(async (tx) => {
    await tx.execute("UPDATE person SET failures = 0, locked_until = NULL, last_sign_in_at = ? WHERE id = ?", [
      now,
      text(person, "id"),
    ]);
    await tx.insert("session", {
      id: digest(token),
      person_id: text(person, "id"),
      csrf,
      created_at: now,
      seen_at: now,
    });
  });
  return {
    token,
    principal: await principalOf(store, {
      id: text(person, "id"),
      csrf,
      lastSignInAt: optionalText(person, "last_sign_in_at"),
      caseTime,
    }),
  };
}

/** Whose session the token is, at this moment on the clock of cases; `null` when it is none, idle too long, or too old. */
export async function resume(store: Store, token: string, caseTime: string): Promise<Principal | null> {
  const id = digest(token);
  const [session] = await store.read("SELECT * FROM session WHERE id = ?", [id]);
  if (!session) return null;
  const now = store.time.ms();
  if (isOver(session, now)) {
    await signOut(store, token);
    return null;
  }
  // Written at most once a minute: a session is read with every request.
  if (now - Date.parse(text(session, "seen_at")) > 60_000)
    await store.transaction((tx) =>
      tx.execute("UPDATE session SET seen_at = ? WHERE id = ?", [new Date(now).toISOString(), id]),
    );
  const [person] = await store.read("SELECT last_sign_in_at FROM person WHERE id = ?", [text(session, "person_id")]);
  return principalOf(store, {
    id: text(session, "person_id"),
    csrf: text(session, "csrf"),
    lastSignInAt: person ? optionalText(person, "last_sign_in_at") : null,
    caseTime,
  });
}

/** True while a session may be used. Unlike `resume` it does not count as use, so an open event stream keeps nobody signed in. */
export async function isOpen(store: Store, token: string): Promise<boolean> {
  const [session] = await store.read("SELECT seen_at, created_at FROM session WHERE id = ?", [digest(token)]);
  return session !== undefined && !isOver(session, store.time.ms());
}

function isOver(session: Row, now: number): boolean {
  return (
    now - Date.parse(text(session, "seen_at")) > idleMs || now - Date.parse(text(session, "created_at")) > absoluteMs
  );
}

export async function signOut(store: Store, token: string): Promise<void> {
  await store.transaction((tx) => tx.execute("DELETE FROM session WHERE id = ?", [digest(token)]));
}

interface Known {
  readonly id: string;
  readonly csrf: string;
  readonly lastSignInAt: string | null;
  readonly caseTime: string;
}

async function principalOf(store: Store, { id, csrf, lastSignInAt, caseTime }: Known): Promise<Principal> {
  const [person] = await store.read("SELECT id, account, name FROM person WHERE id = ?", [id]);
  if (!person) throw new Error(`person ${id} is gone`);
  const posts = await store.read(
    "SELECT organisation_id, role FROM post WHERE person_id = ? ORDER BY organisation_id, role",
    [id],
  );
  return {
    id,
    account: text(person, "account"),
    name: text(person, "name"),
    posts: posts.map((row) => ({ organisation: text(row, "organisation_id"), role: text(row, "role") })),
    standsInFor: await standInsOf(store, id, caseTime),
    csrf,
    lastSignInAt,
  };
}

/** Only the hash of a token is kept: a copy of the database opens no session. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
