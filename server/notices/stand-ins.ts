import type { Capacity } from "../../engine/approval/operations.ts";
import { participantsOf } from "../identity/participants.ts";
import type { Principal } from "../identity/sessions.ts";
import { standInsOf } from "../identity/stand-ins.ts";
import { grantIn } from "../sharing/grants.ts";
import { sidesInStead } from "../sharing/grant-rights.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { holdersOf } from "../talk/people.ts";
import { standingOf } from "../tasks/standing.ts";
import { kindOf, noticeKinds } from "./kinds.ts";
import type { Addressed, ReachParts } from "./reach.ts";

/** Somebody who is told of an announcement in the stead of a person who is away. */
export interface ToldInStead {
  readonly told: Addressed;
  readonly person: string;
  readonly substitute: string;
  readonly substitution: string;
}

/** In which capacities somebody works on what a notice calls to. */
export const working: readonly Capacity[] = ["assignee", "candidate", "owner"];

/**
 * Who is told in whose stead: the substitute of each person who is told, where the substitution covers the work and the
 * substitute may do it now; never one who is excluded from it. Work of somebody's own substitute is passed on to nobody.
 */
export async function standInsTold(
  parts: ReachParts,
  announcements: readonly Addressed[],
): Promise<readonly ToldInStead[]> {
  const calling = announcements.filter(({ row }) => callOf(row) !== null);
  const inForce = await substitutionsInForce(parts, [...new Set(calling.flatMap(({ persons }) => persons))]);
  const found: ToldInStead[] = [];
  for (const told of inForce.length > 0 ? calling : []) {
    for (const row of inForce.filter((candidate) => told.persons.includes(text(candidate, "person_id")))) {
      const inStead = { told, person: text(row, "person_id"), ...substituteOf(row) };
      const isTold = [...told.persons, told.by].includes(inStead.substitute);
      const again = found.some((other) => other.told === told && other.substitute === inStead.substitute);
      if (!isTold && !again && (await mayStandIn(parts, inStead))) found.push(inStead);
    }
  }
  return found;
}

function substituteOf(row: Row) {
  return { substitute: text(row, "substitute_id"), substitution: text(row, "id") };
}

async function substitutionsInForce({ tx, now }: ReachParts, persons: readonly string[]): Promise<readonly Row[]> {
  if (persons.length === 0) return [];
  return tx.query(
    `SELECT id, person_id, substitute_id FROM substitution
     WHERE person_id IN (${placesFor(persons)}) AND starts_at <= ? AND ends_at > ? AND revoked_at IS NULL ORDER BY id`,
    [...persons, now, now],
  );
}

/**
 * What an announcement calls to: a task, whatever is open in a case that is late, the repair of a case, or a grant; `null` for
 * what only informs.
 */
function callOf(row: Row): "task" | "case" | "repair" | "grant" | null {
  const kind = kindOf(text(row, "kind"));
  if (kind === null || optionalText(row, "instance_id") === null) return null;
  if (kind === "case.incident") return "repair";
  if (optionalText(row, "task_id") !== null) return "task";
  const { group } = noticeKinds[kind];
  return group === "limits" ? "case" : group === "sharing" ? "grant" : null;
}

async function mayStandIn(parts: ReachParts, inStead: ToldInStead): Promise<boolean> {
  const principal = await principalInStead(parts, inStead);
  const { row } = inStead.told;
  const instanceId = text(row, "instance_id");
  const call = callOf(row);
  if (call === "grant") {
    const grant = await grantIn(parts.tx, instanceId);
    return grant !== null && sidesInStead(parts.content, principal, grant).size > 0;
  }
  // A repair is of the case itself, and not of a task.
  const called = call === "repair" ? [null] : await tasksCalledTo(parts, row);
  const asked = { principal, instanceId, person: inStead.person, capacities: capacitiesToldAs(row) };
  for (const task of called) if (await actsInStead(parts, { ...asked, task })) return true;
  return false;
}

/** The task that an announcement is about, or whatever is open in its case. */
async function tasksCalledTo({ tx }: ReachParts, row: Row): Promise<readonly Row[]> {
  const [instanceId, taskId] = [text(row, "instance_id"), optionalText(row, "task_id")];
  return tx.query(
    `SELECT * FROM task WHERE instance_id = ? AND ${taskId === null ? "state IN ('open', 'waiting')" : "id = ?"}`,
    taskId === null ? [instanceId] : [instanceId, taskId],
  );
}

/** As what somebody acts on what they are told of: whoever oversees is told of what is late, or done by nobody, as well. */
function capacitiesToldAs(row: Row): readonly Capacity[] {
  if (text(row, "kind") === "task.stranded") return ["head", "overseer"];
  const call = callOf(row);
  if (call === "repair") return ["overseer"];
  return call === "case" ? [...working, "overseer"] : working;
}

/** The substitute of a substitution in force, as far as this one substitution goes. */
export async function principalInStead(
  { tx, now }: Pick<ReachParts, "tx" | "now">,
  { substitute, substitution }: Pick<ToldInStead, "substitute" | "substitution">,
): Promise<Principal> {
  const [holder] = await holdersOf(tx.query, [substitute]);
  const standIns = await standInsOf({ read: tx.query }, substitute, now);
  return {
    id: substitute,
    name: holder?.name ?? "",
    posts: holder?.posts ?? [],
    standsInFor: standIns.filter((standIn) => standIn.substitution === substitution),
    account: "",
    csrf: "",
    lastSignInAt: null,
  };
}

/** Whether the substitute may act on the case, or on its task, in the person's stead at this moment, by the very rules of acting. */
export async function actsInStead(
  { tx, content }: Pick<ReachParts, "tx" | "content">,
  asked: {
    readonly principal: Principal;
    readonly instanceId: string;
    readonly task: Row | null;
    readonly person: string;
    readonly capacities: readonly Capacity[];
  },
): Promise<boolean> {
  const { principal, instanceId, task, person, capacities } = asked;
  const [instance] = await tx.query("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) return false;
  const involved = await participantsOf(tx.query, instanceId);
  const { onBehalfOf } = await standingOf({ query: tx.query, content, principal, instance, involved, task });
  return capacities.some((capacity) => onBehalfOf.get(capacity)?.id === person);
}
