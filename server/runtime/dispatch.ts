import { localDate } from "../../engine/calendar/dates.ts";
import type { Command, Resumption } from "../../engine/execution/commands.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { Directory } from "../../engine/routing/organisations.ts";
import { authorsOf, type Authors } from "../identity/authors.ts";
import { keepEndedCall } from "../returning/ended-calls.ts";
import { isDuplicateKey } from "../store/duplicate-key.ts";
import { ConflictError } from "../store/retry.ts";
import { integer, json, optionalText, text } from "../store/rows.ts";
import type { Row, Store, Transaction } from "../store/store.ts";
import type { Actor } from "./actor.ts";
import type { ClockSource } from "./clock-source.ts";
import { CaseClocks } from "./clocks.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import { appendJournal, type JournalLine } from "./journal.ts";
import type { LiveFeed } from "./live.ts";
import { tellOfStep } from "../notices/from-events.ts";
import type { CallMoment, Models } from "./models.ts";
import { addParticipant, project } from "./project.ts";
import type { Rules, UsePlan } from "./rules.ts";
import type { StaffingQuestion } from "./staffing.ts";
import { linesOf } from "./step-lines.ts";
import { stepCase, type SteppedCase } from "./stepping.ts";
import { tellFailure } from "./told-failure.ts";

export interface DispatchParts {
  readonly store: Store;
  readonly clock: ClockSource;
  readonly models: Models;
  readonly rules: Rules;
  readonly live: LiveFeed;
}

/** What a caller does inside the transaction of a command, before or after the engine's step. */
export interface Within {
  readonly tx: Transaction;
  readonly instance: Row;
  readonly state: InstanceState;
  readonly clocks: CaseClocks;
  readonly directory: Directory;
  readonly use: UsePlan;
  readonly now: string;
}

export interface DispatchRequest {
  readonly instanceId: string;
  readonly actor: Actor;
  /** Key of the request; the same key again changes nothing and gives `repeated`. `null` for the system's own commands. */
  readonly commandId: string | null;
  /** Authorises and gives the command, or `null` for a change that the engine has no part in. */
  readonly decide: (within: Within) => Promise<Command | null>;
  /** Version with which the case goes on from this command; for a migration. */
  readonly definitionId?: string;
  /** Further effects of the same transaction, with the events of the step. */
  readonly also?: (within: Within, events: readonly EngineEvent[]) => Promise<readonly JournalLine[]>;
}

export interface DispatchResult {
  readonly repeated: boolean;
  readonly events: readonly EngineEvent[];
}

/** What happens with the beginning of a case, in its transaction. */
export type AlsoAtStart = (tx: Transaction) => Promise<readonly JournalLine[] | undefined>;

/** A new case before its first step. */
export interface NewCase {
  readonly id: string;
  readonly caseNumber: string;
  readonly definitionId: string;
  readonly processKey: string;
  readonly startEvent: string | null;
  /** Whose application it is, where another begins the case for them; left out, it is the actor's. */
  readonly authors?: Authors;
  readonly subject: { readonly zh: string; readonly en: string };
  readonly applicant: { readonly organisation: string; readonly region: string };
  readonly provider: { readonly organisation: string; readonly region: string };
  readonly variables: Variables;
}

/** What a step needs to know of a case besides its state. */
interface CaseFacts {
  readonly id: string;
  readonly definitionId: string;
  readonly processKey: string;
  readonly ruleSetId: string;
  readonly rulesDate: string;
  readonly authors: Authors;
  readonly startedAt: string;
  readonly regions: readonly string[];
}

interface Recording {
  readonly question: StaffingQuestion;
  readonly facts: CaseFacts;
  readonly clocks: CaseClocks;
  readonly stepped: SteppedCase;
  readonly actor: Actor;
  readonly endsNow: boolean;
  /** Whether anybody watches the case. */
  readonly isWatched: boolean;
  readonly also?: () => Promise<readonly JournalLine[]>;
}

/** The one door to the engine: one transaction a command, from the lock to the journal. */
export class Dispatcher {
  readonly #parts: DispatchParts;

  constructor(parts: DispatchParts) {
    this.#parts = parts;
  }

  /** The moment that a command given now would carry. */
  now(): string {
    return this.#parts.clock.now();
  }

  /** Starts a case and does `also` in the same transaction, which may give further lines of the journal. */
  async start(created: NewCase, actor: Actor, commandId: string | null, also: AlsoAtStart): Promise<DispatchResult> {
    const { store, rules, clock } = this.#parts;
    const now = clock.now();
    const rulesDate = localDate(now);
    const ruleSet = await rules.current(now);
    const facts: CaseFacts = {
      ...created,
      ruleSetId: ruleSet.id,
      rulesDate,
      authors: created.authors ?? authorsBy(actor),
      startedAt: now,
      regions: [created.applicant.region, created.provider.region],
    };
    // Read before the transaction, which would hold its connection while a model is loaded for the first time.
    const setting = await this.#settingOf(facts, { state: null }, now);
    const result = await store.transaction(async (tx): Promise<DispatchResult> => {
      if (await this.#isRepeated(tx, commandId, created.id, now)) return { repeated: true, events: [] };
      const question = { tx, ...setting };
      const start = { type: "start", startEvent: created.startEvent, variables: created.variables } as const;
      const stepped = await stepCase(question, null, start);
      const { state, events } = stepped;
      await tx.insert("instance", {
        id: created.id,
        case_number: created.caseNumber,
        process_key: created.processKey,
        definition_id: created.definitionId,
        rule_set_id: ruleSet.id,
        rules_date: rulesDate,
        status: state.status,
        rev: 1,
        state: JSON.stringify(state),
        subject_zh: created.subject.zh,
        subject_en: created.subject.en,
        applicant_org: created.applicant.organisation,
        applicant_region: created.applicant.region,
        provider_org: created.provider.organisation,
        provider_region: created.provider.region,
        due_at: null,
        started_by: facts.authors.startedBy,
        drafted_by: facts.authors.draftedBy,
        started_at: now,
        stepped_at: now,
        ended_at: null,
        incidents: 0,
      });
      await addParticipant(tx, created.id, created.applicant.organisation, created.applicant.region);
      const further = (await also(tx)) ?? [];
      const clocks = await CaseClocks.open(tx, created.id, rules, now);
      await this.#record({
        question,
        facts,
        clocks,
        stepped,
        actor,
        endsNow: !isAlive(state),
        isWatched: false,
        also: async () => further,
      });
      await tx.execute("UPDATE instance SET due_at = ?, incidents = ? WHERE id = ?", [
        clocks.endToEnd,
        incidentsOf(state),
        created.id,
      ]);
      return { repeated: false, events };
    });
    await this.#tell(created.id, now, result.events);
    return result;
  }

  async dispatch(request: DispatchRequest): Promise<DispatchResult> {
    const { store, clock } = this.#parts;
    const result = await store.transaction((tx) => this.#step(tx, request));
    if (!result.repeated) await this.#tell(request.instanceId, clock.now(), result.events);
    return result;
  }

  async #step(tx: Transaction, request: DispatchRequest): Promise<DispatchResult> {
    const { rules, clock } = this.#parts;
    const [instance] = await tx.query(
      `SELECT instance.*, EXISTS (SELECT 1 FROM watcher WHERE watcher.instance_id = instance.id) AS is_watched
       FROM instance WHERE id = ? ${tx.forUpdate}`,
      [request.instanceId],
    );
    if (!instance) throw notFound();
    const now = notBefore(optionalText(instance, "stepped_at"), clock.now());
    if (await this.#isRepeated(tx, request.commandId, request.instanceId, now)) return { repeated: true, events: [] };
    const state = json<InstanceState>(instance, "state");
    const clocks = await CaseClocks.open(tx, request.instanceId, rules, now);
    const within: Within = { tx, instance, state, clocks, directory: rules.directory, use: rules.use, now };
    const command = await request.decide(within);
    const definitionId = request.definitionId ?? text(instance, "definition_id");
    const facts = factsOf(instance, definitionId);
    const question = { tx, ...(await this.#settingOf(facts, { state, resumed: resumedBy(command) }, now)) };
    const stepped = command ? await orConflict(() => stepCase(question, state, command)) : unchanged(state);
    const models = { model: question.model, calledProcess: question.calledProcess };
    await keepEndedCall(
      { tx, instanceId: request.instanceId, now, models, before: state, after: stepped.state },
      command,
    );
    const endsNow = isAlive(state) && !isAlive(stepped.state);
    const also = async () => request.also?.({ ...within, state: stepped.state }, stepped.events) ?? [];
    const isWatched = Number(instance["is_watched"]) === 1;
    await this.#record({ question, facts, clocks, stepped, actor: request.actor, endsNow, isWatched, also });
    const ended = isAlive(stepped.state) ? null : (optionalText(instance, "ended_at") ?? now);
    const rev = integer(instance, "rev");
    const changed = await tx.execute(
      "UPDATE instance SET state = ?, status = ?, ended_at = ?, incidents = ?, definition_id = ?, stepped_at = ?, rev = ? WHERE id = ? AND rev = ?",
      [
        JSON.stringify(stepped.state),
        stepped.state.status,
        ended,
        incidentsOf(stepped.state),
        definitionId,
        now,
        rev + 1,
        request.instanceId,
        rev,
      ],
    );
    if (changed !== 1) throw new ConflictError("another command changed the instance first");
    return { repeated: false, events: stepped.events };
  }

  /** Everything that a step of the case is computed from, but for its state and the transaction. */
  async #settingOf(facts: CaseFacts, at: Omit<CallMoment, "startedAt">, now: string) {
    const { models, rules } = this.#parts;
    const model = await models.get(facts.definitionId);
    const called = await models.called(model, { ...at, startedAt: facts.startedAt });
    const route = await rules.route(facts.ruleSetId, facts.processKey, facts.rulesDate);
    const { id: instanceId, authors } = facts;
    const calledProcess = called.resolve;
    return { instanceId, model, calledProcess, route, now, directory: rules.directory, authors };
  }

  /** What a step leaves behind: the work on the desks, the caller's own effects, the history and the notices. */
  async #record({ question, facts, clocks, stepped, actor, endsNow, isWatched, also }: Recording): Promise<void> {
    const { tx, instanceId, now, directory } = question;
    const { state, events, staff, carried } = stepped;
    const by = personOf(actor);
    await project({ ...question, state, clocks, sentBy: by, staff, carried }, events);
    const further = also ? await also() : [];
    await appendJournal(tx, instanceId, [...further, ...linesOf(stepped, actor), ...clocks.lines]);
    await tellOfStep({
      tx,
      now,
      instanceId,
      authors: facts.authors,
      regions: facts.regions,
      isEnded: endsNow,
      isWatched,
      by,
      events,
      clockLines: clocks.lines,
      clocks: clocks.all,
      directory,
    });
  }

  async #isRepeated(tx: Transaction, commandId: string | null, instanceId: string, now: string): Promise<boolean> {
    if (commandId === null) return false;
    const known = await tx.query("SELECT id FROM command WHERE id = ?", [commandId]);
    if (known.length > 0) return true;
    try {
      await tx.insert("command", { id: commandId, instance_id: instanceId, at: now });
    } catch (error) {
      // The same request came twice at once: the insert waited until the other was committed.
      if (isDuplicateKey(error)) return true;
      throw error;
    }
    return false;
  }

  /** Tells those who watch. The step is committed: whatever fails here fails nobody who took it. */
  async #tell(instanceId: string, at: string, events: readonly EngineEvent[]): Promise<void> {
    if (!this.#parts.live.isHeard) return;
    try {
      await this.#publish(instanceId, at, events);
    } catch (error) {
      tellFailure("a change was told to nobody", error, { instanceId });
    }
  }

  async #publish(instanceId: string, at: string, events: readonly EngineEvent[]): Promise<void> {
    const { store, live } = this.#parts;
    const organisations = (
      await store.read("SELECT organisation_id FROM participant WHERE instance_id = ?", [instanceId])
    ).map((row) => text(row, "organisation_id"));
    live.publish({ at, type: "instance", instanceId, taskId: null, organisations });
    // Without a step of the engine it was the work itself that changed hands.
    if (events.length === 0 || events.some((event) => event.type.startsWith("task.")))
      live.publish({ at, type: "task", instanceId, taskId: null, organisations });
    if (events.some((event) => event.type.startsWith("limit.")))
      live.publish({ at, type: "sla", instanceId, taskId: null, organisations });
  }
}

/** The moment of a step, taken while its case is held: those of one case follow each other in time, on whichever nodes they are. */
function notBefore(last: string | null, now: string): string {
  return last !== null && last > now ? last : now;
}

async function orConflict<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new RuntimeProblem(409, error.code, {
      zh: `事项的状态不允许此操作：${error.message}`,
      en: `The case's state does not allow this: ${error.message}`,
    });
  }
}

function resumedBy(command: Command | null): readonly Pick<Resumption, "held">[] {
  return command?.type === "comeBack" || command?.type === "moveTokens" ? command.start : [];
}

function unchanged(state: InstanceState): SteppedCase {
  return { state, events: [], automaticFrom: 0, staff: new Map(), carried: new Map(), lines: [] };
}

function factsOf(instance: Row, definitionId: string): CaseFacts {
  return {
    id: text(instance, "id"),
    definitionId,
    processKey: text(instance, "process_key"),
    ruleSetId: text(instance, "rule_set_id"),
    rulesDate: text(instance, "rules_date"),
    authors: authorsOf(instance),
    startedAt: text(instance, "started_at"),
    regions: [text(instance, "applicant_region"), text(instance, "provider_region")],
  };
}

/** What a substitute begins is the application of whoever they stand in for. */
function authorsBy(actor: Actor): Authors {
  if (actor.kind === "system") return { startedBy: "system", draftedBy: null };
  const inSteadOf = actor.kind === "person" ? actor.onBehalfOf : undefined;
  return inSteadOf ? { startedBy: inSteadOf.id, draftedBy: actor.id } : { startedBy: actor.id, draftedBy: null };
}

function personOf(actor: Actor): string | null {
  return actor.kind === "person" ? actor.id : null;
}

function isAlive({ status }: InstanceState): boolean {
  return status === "running" || status === "suspended";
}

function incidentsOf(state: InstanceState): number {
  return Object.values(state.tokens).filter((token) => token.at === "incident").length;
}
