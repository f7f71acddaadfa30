import { addDays, localDate } from "../../engine/calendar/dates.ts";
import { isOver, mayAct, type GrantAction, type GrantSide } from "../../engine/sharing/grant.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import type { Query } from "../store/store.ts";
import { askSupervision, shownNarrowing } from "./ask-supervision.ts";
import { grantSeenBy, sidesOf, type GrantSides } from "./grant-rights.ts";
import { breachVariables, changeGrant, grantOfRow, stateProblem, tellSupervision, type Grant } from "./grants.ts";
import { narrow, wideningParts, type Narrowing } from "./narrowing.ts";

/** Who asks for something to be done to which grant. */
export interface GrantRequest {
  readonly principal: Principal;
  readonly grantId: string;
  /** Key of the request; the same key again changes nothing. */
  readonly commandId: string | null;
}

interface Acting {
  readonly within: Within;
  readonly grant: Grant;
  readonly side: GrantSide;
  readonly actor: PersonActor;
}

/** The receiver gives the access up before its end. At once. */
export async function release(runtime: Runtime, request: GrantRequest, reason: string): Promise<void> {
  await actOn(runtime, request, "release", async ({ within, grant, actor }) => {
    const { tx, now, use } = within;
    await closeSupervision(within, grant);
    return changeGrant(tx, grant, use, {
      action: "release",
      actor,
      now,
      type: "access.ended",
      payload: { because: "released", reason },
      set: { ended_because: "released", ended_note: reason, revoked_at: now },
    });
  });
}

/** The authority ends the access at once; the provider may while it is suspended. */
export async function revoke(runtime: Runtime, request: GrantRequest, reason: string): Promise<void> {
  await actOn(runtime, request, "revoke", async ({ within, grant, actor, side }) => {
    const { tx, now, use } = within;
    await closeSupervision(within, grant);
    return changeGrant(tx, grant, use, {
      action: "revoke",
      actor,
      now,
      type: "access.revoked",
      payload: { because: side, reason },
      set: { ended_because: side, ended_note: reason, revoked_at: now },
    });
  });
}

/** Suspends access that is in force; the supervision hears the receiver. */
export async function suspend(runtime: Runtime, request: GrantRequest, reason: string): Promise<void> {
  await actOn(runtime, request, "suspend", async ({ within, grant, actor }) => {
    const { tx, now, use } = within;
    await tellSupervision(tx, grant, { name: "grant.breach", variables: breachVariables(reason), now });
    const [row] = await tx.query("SELECT suspensions FROM access_grant WHERE instance_id = ?", [grant.id]);
    return changeGrant(tx, grant, use, {
      action: "suspend",
      actor,
      now,
      type: "access.suspended",
      payload: { reason },
      set: { suspended_at: now, suspensions: Number(row?.["suspensions"] ?? 0) + 1 },
    });
  });
}

/** Lifts a suspension before the ruling. */
export async function restore(runtime: Runtime, request: GrantRequest, reason: string): Promise<void> {
  await actOn(runtime, request, "restore", async ({ within, grant, actor }) => {
    const { tx, now, use } = within;
    await tellSupervision(tx, grant, { name: "grant.settled", variables: { outcome: "restore" }, now });
    return changeGrant(tx, grant, use, {
      action: "restore",
      actor,
      now,
      type: "access.restored",
      payload: { reason },
      set: { suspended_at: null },
    });
  });
}

/**
 * The receiver narrows what it was granted, at once. Throws 422 `NARROWING_WIDENS` where part of it would widen the grant: more
 * is applied for anew.
 */
export async function narrowByReceiver(
  runtime: Runtime,
  request: GrantRequest,
  wanted: Narrowing,
  reason: string,
): Promise<void> {
  await actOn(runtime, request, "narrow", async ({ within, grant, actor }) => {
    requireNarrowing(grant, wanted);
    const { tx, now, use } = within;
    const { told, set } = await narrow(tx, grant, wanted);
    const payload = { ...told, reason };
    return changeGrant(tx, grant, use, { action: "narrow", actor, now, type: "grant.narrowed", payload, set });
  });
}

/** What a provider announces: a narrower scope, or the end of the service. */
export type ServiceChange =
  | { readonly kind: "narrow"; readonly to: Narrowing; readonly reason: string }
  | { readonly kind: "terminate"; readonly reason: string };

/** The provider announces a change. It takes effect when the authority has filed it and the receiver taken notice (DS-09). */
export async function announceServiceChange(
  runtime: Runtime,
  request: GrantRequest,
  change: ServiceChange,
): Promise<void> {
  const grant = await heldBy(runtime, request, "provider");
  if (grant.state !== "active") throw stateProblem(grant.state);
  if (change.kind === "narrow") requireNarrowing(grant, change.to);
  const narrowTo = change.kind === "narrow" ? (JSON.parse(JSON.stringify(change.to)) as Variables) : null;
  const told = { changeKind: narrowTo === null ? "terminate" : "change", changeReason: change.reason };
  await askSupervision(runtime, asking(runtime, request, grant, "provider"), {
    name: "grant.change",
    variables: narrowTo === null ? told : { ...told, narrowTo },
    form: { key: "service-change", values: { ...told, ...shownNarrowing(narrowTo) } },
    to: null,
    reason: change.reason,
  });
}

/** The receiver asks for a longer term: a short review by its authority and the provider. */
export async function askRenewal(
  runtime: Runtime,
  request: GrantRequest,
  { to, reason }: { readonly to: string; readonly reason: string },
): Promise<void> {
  const grant = await heldBy(runtime, request, "receiver");
  if (!mayAct("receiver", "renew", grant.state)) throw stateProblem(grant.state);
  const before = grant.endsOn ?? localDate(runtime.clock.now());
  const latest = addDays(before, runtime.content.use.mostTermDays);
  if (to <= before || to > latest)
    throw new RuntimeProblem(
      422,
      "TERM_INVALID",
      {
        zh: `续期须晚于 ${before}，且不晚于 ${latest}`,
        en: `The new end must be after ${before} and not after ${latest}`,
      },
      null,
      [{ code: "TERM_INVALID", place: "body.to", message: { zh: "请改选日期", en: "choose another day" } }],
    );
  await askSupervision(runtime, asking(runtime, request, grant, "receiver"), {
    name: "grant.renewal",
    variables: { renewTo: to, renewNote: reason, renewal: "renew" },
    form: { key: "renew", values: { renewTo: to, renewNote: reason } },
    to,
    reason,
  });
}

/** The provider confirms that access was switched off after its end. */
export async function confirmSwitchedOff(runtime: Runtime, request: GrantRequest, note: string): Promise<void> {
  await inCase(runtime, request, async (within, grant) => {
    const actor = actingFor(runtime, request.principal, grant, "provider");
    if (!isOver(grant.state)) throw stateProblem(grant.state);
    const changed = await within.tx.execute(
      "UPDATE access_grant SET switched_off_at = ?, switched_off_by = ? WHERE instance_id = ? AND switched_off_at IS NULL",
      [within.now, actor.name, grant.id],
    );
    if (changed === 0) throw doneBefore();
    return { at: within.now, type: "access.switchedOff", element: null, actor, payload: { grant: grant.id, note } };
  });
}

export interface Rating {
  readonly phase: "accepted" | "ended";
  readonly score: number;
  readonly lacking: string;
}

/** What the receiver thinks of it, once after the acceptance and once after the end. A poor score says what lacked. */
export async function rate(runtime: Runtime, request: GrantRequest, rating: Rating): Promise<void> {
  try {
    await inCase(runtime, request, async (within, grant) => {
      const actor = actingFor(runtime, request.principal, grant, "receiver");
      if (rating.phase === "accepted" ? grant.acceptedAt === null : !isOver(grant.state))
        throw stateProblem(grant.state);
      await within.tx.insert("grant_rating", {
        id: `${grant.id}:${rating.phase}`,
        grant_id: grant.id,
        phase: rating.phase,
        score: rating.score,
        lacking: rating.lacking,
        provider_org: grant.provider,
        provider_region: grant.providerRegion,
        by_name: actor.name,
        at: within.now,
      });
      return {
        at: within.now,
        type: "grant.rated",
        element: null,
        actor,
        payload: { grant: grant.id, ...rating },
      };
    });
  } catch (error) {
    if (isDuplicateKey(error)) throw doneBefore();
    throw error;
  }
}

async function actOn(
  runtime: Runtime,
  request: GrantRequest,
  action: GrantAction,
  work: (acting: Acting) => Promise<JournalLine>,
): Promise<void> {
  await inCase(runtime, request, async (within, grant) => {
    const sides = sidesOf(runtime.content, request.principal, grant);
    const side = chosen(sides, (one) => mayAct(one, action, grant.state));
    if (!side) {
      throw chosen(sides, (one) => mayEver(one, action)) ? stateProblem(grant.state) : notYours();
    }
    return work({ within, grant, side, actor: actorOf(request.principal, { side, sides }, grant) });
  });
}

/** The first side that fits; what one may do in one's own name one does so. */
function chosen(sides: GrantSides, fits: (side: GrantSide) => boolean): GrantSide | undefined {
  const fitting = [...sides].filter(([side]) => fits(side));
  return (fitting.find(([, inStead]) => inStead === null) ?? fitting[0])?.[0];
}

function mayEver(side: GrantSide, action: GrantAction): boolean {
  return (["granted", "delivered", "active", "suspended"] as const).some((state) => mayAct(side, action, state));
}

/** One transaction that holds the case which granted the access; the engine has no part in it. */
async function inCase(
  runtime: Runtime,
  { principal, grantId, commandId }: GrantRequest,
  work: (within: Within, grant: Grant) => Promise<JournalLine>,
): Promise<void> {
  await runtime.dispatch({
    instanceId: grantId,
    actor: { kind: "person", id: principal.id, name: principal.name, organisation: null },
    commandId: commandId === null ? null : `grant:${grantId}:${commandId}`,
    decide: async () => null,
    also: async (within) => {
      return [await work(within, await seenGrant(runtime, within.tx.query, principal, grantId))];
    },
  });
  await runtime.settle();
}

/** The grant as the query finds it. Throws 404 for who may not see it. */
async function seenGrant({ content }: Runtime, query: Query, principal: Principal, id: string): Promise<Grant> {
  const row = await grantSeenBy(query, content, principal, id);
  if (!row) throw notFound();
  return grantOfRow(row);
}

async function heldBy(runtime: Runtime, { principal, grantId }: GrantRequest, side: GrantSide): Promise<Grant> {
  const grant = await seenGrant(runtime, runtime.store.read, principal, grantId);
  actingFor(runtime, principal, grant, side);
  return grant;
}

function asking(runtime: Runtime, { principal, commandId }: GrantRequest, grant: Grant, side: GrantSide) {
  return { grant, actor: actingFor(runtime, principal, grant, side), commandId };
}

/** The supervision follows: out of the time of use, or out of a hearing that nobody needs any more. */
async function closeSupervision({ tx, now }: Within, grant: Grant): Promise<void> {
  await tellSupervision(tx, grant, { name: "grant.closed", variables: {}, now });
  await tellSupervision(tx, grant, { name: "grant.settled", variables: { outcome: "terminate" }, now });
}

/** Who acts on this side, in whose stead. Throws 403 for whose it is not. */
function actingFor(runtime: Runtime, principal: Principal, grant: Grant, side: GrantSide): PersonActor {
  const sides = sidesOf(runtime.content, principal, grant);
  if (sides.has(side)) return actorOf(principal, { side, sides }, grant);
  throw notYours();
}

function actorOf(
  { id, name, posts, standsInFor }: Principal,
  { side, sides }: { readonly side: GrantSide; readonly sides: GrantSides },
  grant: Grant,
): PersonActor {
  const inStead = sides.get(side) ?? null;
  const held = standsInFor.find(({ person }) => person.id === inStead?.id)?.posts ?? posts;
  const authority = held.find(({ role }) => role.startsWith("authority-"))?.organisation ?? null;
  const organisation = side === "receiver" ? grant.receiver : side === "provider" ? grant.provider : authority;
  return { kind: "person", id, name, organisation, ...(inStead ? { onBehalfOf: inStead } : {}) };
}

function requireNarrowing(grant: Grant, wanted: Narrowing): void {
  const wide = wideningParts(grant, wanted);
  const nothing = wanted.items === undefined && wanted.endsOn === undefined && wanted.callsPerDay === undefined;
  if (wide.length === 0 && !nothing) return;
  throw new RuntimeProblem(
    422,
    "NARROWING_WIDENS",
    {
      zh: "缩小范围只能减少数据项、提前止期或降低调用上限",
      en: "Narrowing takes items away, ends earlier or lowers the calls; nothing else",
    },
    { zh: "需要更多数据请“以此申请”另行申请", en: "For more, copy this grant into a new application" },
    wide.map((part) => ({
      code: "NARROWING_WIDENS",
      place: `body.${part}`,
      message: { zh: "超出现有授权", en: "exceeds what is granted" },
    })),
  );
}

function notYours(): RuntimeProblem {
  return new RuntimeProblem(403, "NOT_YOURS", {
    zh: "本单位在此授权中的身份不能作此操作",
    en: "Your organisation's part in this grant does not allow this",
  });
}

function doneBefore(): RuntimeProblem {
  return new RuntimeProblem(409, "DONE_BEFORE", { zh: "此项已经登记过", en: "This was entered before" });
}
