import { epochDay, localDate } from "../../engine/calendar/dates.ts";
import { momentsOf, type GrantMoment } from "../../engine/sharing/grant-due.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Dispatcher, Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { tellFailure } from "../runtime/told-failure.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { calendarsOf, changeGrant, dueAfter, grantIn, tellPeople, tellSupervision, type Grant } from "./grants.ts";

/**
 * Makes happen what grants have due: notices before the end, the look whether access is used, the end itself, the reminder that it be switched off. Each in a
 * transaction that holds the case which granted the access, so that any number of nodes may sweep and each moment comes once.
 * Gives how many grants were looked at.
 */
export async function sweepGrants(store: Store, dispatcher: Dispatcher): Promise<number> {
  const due = await store.read(
    "SELECT instance_id FROM access_grant WHERE due_at <= ? ORDER BY due_at, instance_id LIMIT 500",
    [dispatcher.now()],
  );
  let happened = 0;
  for (const row of due) {
    const instanceId = text(row, "instance_id");
    try {
      await dispatcher.dispatch({
        instanceId,
        actor: systemActor,
        commandId: null,
        decide: async () => null,
        also: async (within) => {
          const lines = await attend(within);
          if (lines !== null) happened += 1;
          return lines ?? [];
        },
      });
    } catch (error) {
      // A grant that fails must not hold up the others: the failure is told, and the next tick tries again.
      tellFailure("a grant's moment failed", error, { instanceId });
    }
  }
  return happened;
}

/** The next moment at which a grant has something due; `null` when none has. */
export async function nextGrantDue(store: Store): Promise<string | null> {
  const [row] = await store.read("SELECT MIN(due_at) AS due FROM access_grant WHERE due_at IS NOT NULL");
  const due = row?.["due"];
  return typeof due === "string" ? due : null;
}

/** Does what is due by now; `null` where another node was quicker. */
async function attend(within: Within): Promise<readonly JournalLine[] | null> {
  const { tx, instance, now, use } = within;
  const id = text(instance, "id");
  const [row] = await tx.query("SELECT due_at FROM access_grant WHERE instance_id = ?", [id]);
  const due = row ? optionalText(row, "due_at") : null;
  const grant = await grantIn(tx, id);
  if (!grant || due === null || due > now) return null;
  const moments = momentsOf(grant, use, calendarsOf(grant, use)).filter(({ at }) => at >= due && at <= now);
  const end = moments.find(({ type }) => type === "end") ?? null;
  if (end) return [await expire(within, grant)];
  const lines = moments.flatMap((moment) => (moment.type === "end" ? [] : [lineOf(grant, moment, now)]));
  for (const line of lines) await tellPeople(tx, grant, line);
  await tx.execute("UPDATE access_grant SET due_at = ? WHERE instance_id = ?", [dueAfter(grant, use, now), id]);
  return lines;
}

async function expire({ tx, now, use }: Within, grant: Grant): Promise<JournalLine> {
  await tellSupervision(tx, grant, { name: "grant.closed", variables: {}, now });
  await tellSupervision(tx, grant, { name: "grant.settled", variables: { outcome: "terminate" }, now });
  return changeGrant(tx, grant, use, {
    action: "expire",
    actor: systemActor,
    now,
    type: "access.ended",
    payload: { because: "term", reason: "" },
    set: { ended_because: "term", revoked_at: now },
  });
}

/** Types of the lines that tell of a moment; the end tells of itself. */
const lineTypes = { notice: "grant.endsSoon", unused: "grant.unused", switchOff: "grant.switchOffLate" } as const;

function lineOf(grant: Grant, moment: Exclude<GrantMoment, { type: "end" }>, now: string): JournalLine {
  const { id, endsOn, endedAt } = grant;
  // Before a day of rest more is left than the rule's number.
  const days =
    moment.type === "notice" && endsOn !== null ? { days: epochDay(endsOn) - epochDay(localDate(moment.at)) } : {};
  const ended = moment.type === "switchOff" && endedAt !== null ? { endedOn: localDate(endedAt) } : {};
  const payload = { grant: id, endsOn, ...days, ...ended };
  return { at: now, type: lineTypes[moment.type], element: null, actor: systemActor, payload };
}
