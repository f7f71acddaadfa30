import type { Command } from "../../engine/execution/commands.ts";
import type { Principal } from "../identity/sessions.ts";
import { systemActor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { tellFailure } from "../runtime/told-failure.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { operateOnCase } from "../tasks/operate.ts";
import { clocksRunOn, type SuspensionCause } from "../../engine/routing/suspension-cause.ts";
import { requireCause } from "./suspension-causes.ts";

export interface SuspendWish {
  readonly instanceId: string;
  /** Code of a cause of the rule packs. */
  readonly cause: string;
  readonly reason: string;
  /** ISO instant at which the case goes on by itself; `null` until somebody resumes it. */
  readonly until: string | null;
}

/**
 * Suspends a case for a reason that decides which of its clocks rest. Errors of the door; 422 for an end in the past, or a cause
 * that the place does not know.
 */
export async function suspendCase(
  runtime: Runtime,
  principal: Principal,
  wish: SuspendWish,
  commandId: string | null,
): Promise<void> {
  const { instanceId, cause, reason, until } = wish;
  if (until !== null && until <= runtime.clock.now())
    throw new RuntimeProblem(422, "UNTIL_IN_THE_PAST", {
      zh: "自动恢复的时间须晚于现在",
      en: "The case has to go on later than now",
    });
  const request = { principal, instanceId, operation: "suspend", reason, commandId } as const;
  await operateOnCase(runtime, request, {
    decide: async ({ instance }) => suspending(requireCause(runtime, instance, cause), reason),
    also: async ({ tx, instance, now }, { actor }) => {
      const own = { id: newId(), instance_id: instanceId, by_id: actor.id, at: now };
      await tx.insert("case_suspension", { ...own, cause, reason, until_at: until, ended_at: null });
      const { zh, en } = requireCause(runtime, instance, cause).name;
      const payload = { cause, causeZh: zh, causeEn: en, until: until ?? "", reason };
      return [{ at: now, type: "case.suspendedUntil", element: null, actor, payload }];
    },
  });
}

/** The engine's command; clocks rest whose limit excludes what the cause says. */
export function suspending({ rests }: SuspensionCause, reason: string): Command {
  return { type: "suspend", reason, cause: rests ?? clocksRunOn };
}

/** Lets a suspended case go on with what was left of its clocks. */
export async function resumeCase(
  runtime: Runtime,
  principal: Principal,
  { instanceId, reason }: { readonly instanceId: string; readonly reason: string },
  commandId: string | null,
): Promise<void> {
  const request = { principal, instanceId, operation: "resume", reason, commandId } as const;
  await operateOnCase(runtime, request, {
    decide: async () => ({ type: "resume" }),
    also: async ({ tx, now }, { actor }) => {
      await endSuspension(tx, instanceId, now);
      return [{ at: now, type: "case.resumed", element: null, actor, payload: { reason } }];
    },
  });
}

/** Lets those go on whose time has come, each in a transaction of its own. Gives how many. */
export async function resumeDue(runtime: Runtime): Promise<number> {
  const due = await runtime.store.read(
    `SELECT case_suspension.instance_id FROM case_suspension JOIN instance ON instance.id = case_suspension.instance_id
     WHERE case_suspension.ended_at IS NULL AND until_at <= ? AND instance.status = 'suspended' ORDER BY until_at, case_suspension.id`,
    [runtime.clock.now()],
  );
  let resumed = 0;
  for (const row of due) {
    const instanceId = text(row, "instance_id");
    try {
      if (await goOn(runtime, instanceId)) resumed += 1;
    } catch (error) {
      // A case that fails must not hold up the others: the failure is told, and the next sweep tries again.
      tellFailure("a case did not go on by itself", error, { instanceId });
    }
  }
  return resumed;
}

async function goOn({ dispatcher }: Runtime, instanceId: string): Promise<boolean> {
  const { events } = await dispatcher.dispatch({
    instanceId,
    actor: systemActor,
    commandId: null,
    decide: async ({ tx, instance, now }) => {
      await endSuspension(tx, instanceId, now);
      return text(instance, "status") === "suspended" ? { type: "resume" } : null;
    },
  });
  return events.length > 0;
}

/** The next moment at which a suspended case goes on by itself. */
export async function nextResume(runtime: Pick<Runtime, "store">): Promise<string | null> {
  const [row] = await runtime.store.read(
    `SELECT MIN(until_at) AS due FROM case_suspension JOIN instance ON instance.id = case_suspension.instance_id
     WHERE case_suspension.ended_at IS NULL AND until_at IS NOT NULL AND instance.status = 'suspended'`,
  );
  return typeof row?.["due"] === "string" ? row["due"] : null;
}

async function endSuspension(tx: Transaction, instanceId: string, now: string): Promise<void> {
  await tx.execute("UPDATE case_suspension SET ended_at = ? WHERE instance_id = ? AND ended_at IS NULL", [
    now,
    instanceId,
  ]);
}
