import { addMs } from "../../engine/calendar/dates.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { addDuration, parseDuration, parseInstant } from "../../engine/execution/iso-8601.ts";
import { firstFiring, nextFiring, parseRepetition } from "../../engine/execution/repetition.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { ProcessModel, TimerDefinition } from "../../engine/model/process-model.ts";
import { startTriggers } from "../../engine/model/start-triggers.ts";
import type { Content } from "../content/load-content.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import type { Actor } from "./actor.ts";
import { systemActor } from "./actor.ts";
import { nextCaseNumber, numberKindOf } from "./case-number.ts";
import type { AlsoAtStart, Dispatcher } from "./dispatch.ts";
import { tellFailure } from "./told-failure.ts";

const leaseMs = 60_000;

/** Writes what starts cases of the newest version of a process; older versions no longer start any. */
export async function recordStartEvents(
  tx: Transaction,
  model: ProcessModel,
  definitionId: string,
  now: string,
): Promise<void> {
  await tx.execute("DELETE FROM start_event WHERE process_key = ?", [model.id]);
  for (const { element, definition } of startTriggers(model)) {
    const common = { id: newId(), definition_id: definitionId, process_key: model.id, element };
    const none = { name: null, due_at: null, every_text: null, until_at: null, repeats_left: null };
    if (definition.type === "message")
      await tx.insert("start_event", { ...common, ...none, kind: "message", name: definition.message.name });
    if (definition.type === "signal")
      await tx.insert("start_event", { ...common, ...none, kind: "signal", name: definition.name });
    if (definition.type === "timer") {
      const plan = planOf(definition, now);
      if (plan) await tx.insert("start_event", { ...common, ...none, kind: "timer", ...plan });
    }
  }
}

/** First firing of a timer start event; a timer by FEEL or on an SLA clock has nothing to work with before there is a case. */
function planOf(timer: TimerDefinition, now: string) {
  if (timer.timer === "clock" || typeof timer.value !== "string") return null;
  if (timer.timer === "cycle") {
    const repetition = parseRepetition(timer.value);
    const due = repetition && repetition.times !== 0 ? firstFiring(repetition, now) : null;
    if (!repetition || due === null) return null;
    const left = repetition.times === "unbounded" ? "unbounded" : String(repetition.times - 1);
    return { due_at: due, every_text: repetition.every, until_at: repetition.end, repeats_left: left };
  }
  const duration = timer.timer === "duration" ? parseDuration(timer.value) : null;
  const due = duration ? addDuration(now, duration) : parseInstant(timer.value);
  return due === null ? null : { due_at: due, every_text: null, until_at: null, repeats_left: "0" };
}

export interface StartContext {
  readonly store: Store;
  readonly dispatcher: Dispatcher;
  readonly content: Content;
}

/** Starts a case of every process that begins with this message or signal. Gives the ids of the cases. */
export async function startBy(
  context: StartContext,
  event: { readonly kind: "message" | "signal"; readonly name: string; readonly variables: Variables },
  actor: Actor,
  deliveryId: string | null,
): Promise<readonly string[]> {
  const listening = await context.store.read("SELECT * FROM start_event WHERE kind = ? AND name = ? ORDER BY id", [
    event.kind,
    event.name,
  ]);
  const started: string[] = [];
  for (const row of listening) {
    const key = deliveryId === null ? null : `${deliveryId}:${text(row, "element")}`;
    const begin = { commandId: key, also: async () => undefined };
    started.push(await startCase(context, row, event.variables, actor, begin));
  }
  return started;
}

/**
 * Starts what timer start events have due. A conditional update of the lease decides which node does; the next moment is written
 * with the case that starts, so that whatever fails or dies in between is started again when the lease has run out.
 */
export async function startDue(context: StartContext, now: string): Promise<number> {
  const { store } = context;
  let started = 0;
  const due = await store.read(
    "SELECT * FROM start_event WHERE due_at <= ? AND (lease_until IS NULL OR lease_until < ?) ORDER BY due_at, id LIMIT 100",
    [now, store.time.now()],
  );
  for (const row of due) {
    try {
      if (!(await claimStart(store, row))) continue;
      await startCase(context, row, {}, systemActor, { commandId: null, also: (tx) => moveOn(tx, row) });
      started += 1;
    } catch (error) {
      // One that fails must not hold up the others: the failure is told, the lease runs out, and it is tried again.
      tellFailure("a timer started no case", error, { processKey: text(row, "process_key") });
    }
  }
  return started;
}

async function claimStart(store: Store, row: Row): Promise<boolean> {
  const claimed = await store.transaction((tx) => {
    const real = tx.time.now();
    return tx.execute(
      "UPDATE start_event SET lease_owner = ?, lease_until = ? WHERE id = ? AND due_at = ? AND (lease_until IS NULL OR lease_until < ?)",
      [newId(), addMs(real, leaseMs), text(row, "id"), text(row, "due_at"), real],
    );
  });
  return claimed === 1;
}

/** Writes when the event fires next. Another node may have started the case meanwhile, when this one took longer than its lease. */
async function moveOn(tx: Transaction, row: Row): Promise<undefined> {
  const [id, due] = [text(row, "id"), text(row, "due_at")];
  const next = nextDue(row, due);
  const moved = await tx.execute(
    "UPDATE start_event SET due_at = ?, repeats_left = ?, lease_owner = NULL, lease_until = NULL WHERE id = ? AND due_at = ?",
    [next.due, next.repeats, id, due],
  );
  if (moved !== 1) throw new Error(`another node has started what ${id} had due`);
}

/** The next moment at which a timer start event fires; `null` when none will. */
export async function nextStart(store: Store): Promise<string | null> {
  const [row] = await store.read("SELECT MIN(due_at) AS due FROM start_event WHERE due_at IS NOT NULL");
  const due = row?.["due"];
  return typeof due === "string" ? due : null;
}

function nextDue(row: Row, due: string): { due: string | null; repeats: string } {
  const [every, repeats] = [optionalText(row, "every_text"), text(row, "repeats_left")];
  if (every === null || repeats === "0") return { due: null, repeats: "0" };
  const left = repeats === "unbounded" ? repeats : String(Number(repeats) - 1);
  return { due: nextFiring(every, optionalText(row, "until_at"), due), repeats: left };
}

async function startCase(
  { store, dispatcher, content }: StartContext,
  trigger: Row,
  variables: Variables,
  actor: Actor,
  { commandId, also }: { readonly commandId: string | null; readonly also: AlsoAtStart },
): Promise<string> {
  const id = newId();
  const processKey = text(trigger, "process_key");
  const [first] = content.organisations.values();
  const nobody = { organisation: first?.id ?? "", region: first?.region ?? "" };
  const applicant = partyOf(content, variables["applicant"]) ?? nobody;
  const caseNumber = await nextCaseNumber(
    store,
    numberKindOf(processKey),
    applicant.region === "" ? "000000" : applicant.region,
    dispatcher.now(),
  );
  const subject = subjectOf(variables["resource"]) ?? { zh: processKey, en: processKey };
  await dispatcher.start(
    {
      id,
      caseNumber,
      definitionId: text(trigger, "definition_id"),
      processKey,
      startEvent: text(trigger, "element"),
      subject,
      applicant,
      provider: partyOf(content, variables["provider"]) ?? nobody,
      // What threw the event stays named as the origin; from here on the new case goes by a number of its own.
      variables: { ...variables, originCase: variables["caseNumber"] ?? null, caseNumber },
    },
    actor,
    commandId,
    also,
  );
  return id;
}

/** A party that the starting event names, where it is an organisation we know. */
function partyOf(content: Content, value: unknown): { organisation: string; region: string } | null {
  const named = typeof value === "object" && value !== null && "organisation" in value ? value.organisation : null;
  const known = typeof named === "string" ? content.organisations.get(named) : undefined;
  return known ? { organisation: known.id, region: known.region } : null;
}

/** Name of the resource that the starting event is about. */
function subjectOf(value: unknown): Bilingual | null {
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : null;
  const nameEn = typeof value === "object" && value !== null && "nameEn" in value ? value.nameEn : null;
  return typeof name === "string" ? { zh: name, en: typeof nameEn === "string" ? nameEn : name } : null;
}
