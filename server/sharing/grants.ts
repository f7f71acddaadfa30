import { isOver, stateAfter, type GrantAction, type GrantState } from "../../engine/sharing/grant.ts";
import { nextMoment, type GrantCalendars } from "../../engine/sharing/grant-due.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { keptAs, toldPlace } from "../forms/told-forms.ts";
import type { Authors } from "../identity/authors.ts";
import { announce } from "../notices/announce.ts";
import type { Actor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { UsePlan } from "../runtime/rules.ts";
import { memberOf, textIn } from "../runtime/job-handler.ts";
import { appendJournal, type JournalLine } from "../runtime/journal.ts";
import { noticeOf } from "./grant-notices.ts";
import { newId } from "../store/ids.ts";
import { integer, json, optionalText, text } from "../store/rows.ts";
import type { Parameter, Row, Transaction } from "../store/store.ts";

/** Access that was granted, with what its delivery record says of the scope. Named by the case that granted it. */
export interface Grant {
  readonly id: string;
  readonly caseNumber: string;
  readonly resourceId: string;
  /** Process that granted it, and who applied in that case. */
  readonly processKey: string;
  readonly authors: Authors;
  readonly receiver: string;
  readonly provider: string;
  readonly receiverRegion: string;
  readonly providerRegion: string;
  readonly state: GrantState;
  readonly openedAt: string;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly deliveredAt: string | null;
  readonly acceptedAt: string | null;
  readonly firstUsedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly endedAt: string | null;
  readonly switchedOffAt: string | null;
  readonly supervision: { readonly id: string; readonly number: string } | null;
  readonly items: readonly string[];
  readonly regionFilter: string;
  readonly callsPerDay: number | null;
}

export type EndedBecause = "term" | "released" | "ruling" | "service" | "authority" | "provider";

/** Columns of `access_grant` with those of its delivery record that the scope is made of. */
export const grantSelect = `SELECT access_grant.*, access_grant.instance_id AS id, delivery.granted_items,
    delivery.region_filter, delivery.calls_per_day, delivery.starts_at, delivery.attempts, delivery.rejections,
    delivery.mode, delivery.endpoint, delivery.conditions,
    (SELECT instance.process_key FROM instance WHERE instance.id = access_grant.instance_id) AS process_key,
    (SELECT instance.started_by FROM instance WHERE instance.id = access_grant.instance_id) AS started_by,
    (SELECT instance.drafted_by FROM instance WHERE instance.id = access_grant.instance_id) AS drafted_by
  FROM access_grant JOIN delivery ON delivery.instance_id = access_grant.instance_id`;

export function grantOfRow(row: Row): Grant {
  const supervision = optionalText(row, "supervision_id");
  return {
    id: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    resourceId: text(row, "resource_id"),
    processKey: optionalText(row, "process_key") ?? "",
    authors: { startedBy: optionalText(row, "started_by") ?? "", draftedBy: optionalText(row, "drafted_by") },
    receiver: text(row, "applicant_org"),
    provider: text(row, "provider_org"),
    receiverRegion: text(row, "applicant_region"),
    providerRegion: text(row, "provider_region"),
    // The table holds states of this machine alone.
    state: text(row, "state") as GrantState,
    openedAt: text(row, "opened_at"),
    startsOn: optionalText(row, "starts_at"),
    endsOn: optionalText(row, "ends_at"),
    deliveredAt: optionalText(row, "delivered_at"),
    acceptedAt: optionalText(row, "accepted_at"),
    firstUsedAt: optionalText(row, "first_used_at"),
    lastUsedAt: optionalText(row, "last_used_at"),
    endedAt: optionalText(row, "revoked_at"),
    switchedOffAt: optionalText(row, "switched_off_at"),
    supervision:
      supervision === null ? null : { id: supervision, number: optionalText(row, "supervision_number") ?? "" },
    items: json<readonly string[]>(row, "granted_items"),
    regionFilter: text(row, "region_filter"),
    callsPerDay: row["calls_per_day"] === null ? null : integer(row, "calls_per_day"),
  };
}

/** The grant as it stands in this transaction; `null` where the case has granted nothing. */
export async function grantIn(tx: Pick<Transaction, "query">, id: string): Promise<Grant | null> {
  const [row] = await tx.query(`${grantSelect} WHERE access_grant.instance_id = ?`, [id]);
  return row ? grantOfRow(row) : null;
}

/** The grant that a case is about: the one it names, the one of the case it came from, else its own; `null` without one. */
export async function grantOfCase(
  tx: Pick<Transaction, "query">,
  instanceId: string,
  variables: Variables,
): Promise<Grant | null> {
  const named = textIn(memberOf(variables, "grant", "id"));
  if (named !== null) return grantIn(tx, named);
  const [found] = await tx.query(
    "SELECT instance_id FROM access_grant WHERE instance_id = ? OR case_number = ? ORDER BY opened_at DESC",
    [instanceId, textIn(variables["originCase"]) ?? ""],
  );
  return found ? grantIn(tx, text(found, "instance_id")) : null;
}

/** Day of the milestone that the register of a grant has told last, `YYYY-MM-DD`; `null` where it has told none. */
export async function lastMilestoneOf(tx: Pick<Transaction, "query">, id: string): Promise<string | null> {
  const [row] = await tx.query("SELECT milestone_on FROM access_grant WHERE instance_id = ?", [id]);
  return row ? optionalText(row, "milestone_on") : null;
}

export interface GrantChange {
  readonly action: GrantAction;
  readonly actor: Actor;
  readonly now: string;
  /** Type of the line that tells it in the journal of the case that granted the access. */
  readonly type: string;
  readonly payload: Readonly<Record<string, Json>>;
  /** Further columns of `access_grant`. */
  readonly set?: Readonly<Record<string, Parameter>>;
}

/**
 * Changes the state of a grant and gives the line that tells it. The caller holds the case that granted it. Throws 409
 * `GRANT_STATE` where its state does not allow the action.
 */
export async function changeGrant(
  tx: Transaction,
  grant: Grant,
  use: UsePlan,
  { action, actor, now, type, payload, set = {} }: GrantChange,
): Promise<JournalLine> {
  const state = stateAfter(grant.state, action);
  if (state === null) throw stateProblem(grant.state);
  const changed: Grant = { ...grant, state, ...termOf(set) };
  const columns: Record<string, Parameter> = { ...set, state, due_at: dueAfter(changed, use, now) };
  const names = Object.keys(columns);
  await tx.execute(`UPDATE access_grant SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE instance_id = ?`, [
    ...names.map((name) => columns[name] ?? null),
    grant.id,
  ]);
  const line: JournalLine = { at: now, type, element: null, actor, payload: { grant: grant.id, ...payload } };
  await tellPeople(tx, changed, line);
  return line;
}

/** Tells those whom a line of a grant's history concerns. */
export async function tellPeople(tx: Transaction, grant: Grant, line: JournalLine): Promise<void> {
  const notice = noticeOf(grant, line);
  if (notice) await announce(tx, notice);
}

/** The next moment of a grant that the sweep has to look at. */
export function dueAfter(grant: Grant, use: UsePlan, after: string): string | null {
  return nextMoment(grant, { rules: use, calendars: calendarsOf(grant, use) }, after)?.at ?? null;
}

export function calendarsOf(
  { receiverRegion, providerRegion }: Pick<Grant, "receiverRegion" | "providerRegion">,
  { calendarOf }: Pick<UsePlan, "calendarOf">,
): GrantCalendars {
  return { receiver: calendarOf(receiverRegion), provider: calendarOf(providerRegion) };
}

function termOf(set: Readonly<Record<string, Parameter>>): Partial<Grant> {
  const accepted = set["accepted_at"];
  const ends = set["ends_at"];
  const used = set["first_used_at"];
  const ended = set["revoked_at"];
  return {
    ...(typeof accepted === "string" ? { acceptedAt: accepted } : {}),
    ...(typeof ends === "string" ? { endsOn: ends } : {}),
    ...(typeof used === "string" ? { firstUsedAt: used } : {}),
    ...(typeof ended === "string" ? { endedAt: ended } : {}),
  };
}

export function stateProblem(state: GrantState): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "GRANT_STATE",
    isOver(state)
      ? { zh: "授权已终止，不能再作此操作", en: "The access is over; this can no longer be done" }
      : { zh: `授权目前的状态（${state}）不允许此操作`, en: `The access is ${state}; its state does not allow this` },
    { zh: "请刷新后查看授权的现状", en: "Refresh and look how the access stands now" },
  );
}

/** Tells something in the journal of another case than the one of this transaction; its row is held meanwhile. */
export async function tellCase(tx: Transaction, instanceId: string, line: JournalLine): Promise<void> {
  const [known] = await tx.query(`SELECT id FROM instance WHERE id = ? ${tx.forUpdate}`, [instanceId]);
  if (known) await appendJournal(tx, instanceId, [line]);
}

/** What a supervision is told of use beyond the scope, so that the receiver who is heard can read it. */
export function breachVariables(breachFacts: string): Variables {
  return { breachFacts, ...keptAs(toldPlace, "start-breach", { breachFacts }) };
}

/** Has a message handed to the case that supervises the use, once this transaction is committed. */
export async function tellSupervision(
  tx: Transaction,
  grant: Grant,
  message: { readonly name: string; readonly variables: Readonly<Record<string, Json>>; readonly now: string },
): Promise<void> {
  if (!grant.supervision) return;
  await tx.insert("outbox", {
    id: newId(),
    instance_id: grant.id,
    kind: "message",
    name: message.name,
    correlation_key: grant.supervision.number,
    variables: JSON.stringify(message.variables),
    created_at: message.now,
  });
}
