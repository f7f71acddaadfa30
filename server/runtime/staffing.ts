import type { AskedSigner } from "../../engine/approval/round.ts";
import type { ApprovalPolicy } from "../../engine/approval/policy.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { StepResult } from "../../engine/execution/step.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import { rootVariables, variablesAt } from "../../engine/execution/variables.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { referTo, type Directory } from "../../engine/routing/organisations.ts";
import { nextSuperior, type Post } from "../../engine/routing/superior.ts";
import type { OrganisationRef, Route, RouteDecision } from "../../engine/routing/types.ts";
import { standingChoices, type PeopleChoice } from "../choosing/kept-choices.ts";
import type { Authors } from "../identity/authors.ts";
import type { Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";
import { askedSeats, seatsOf, type Acting, type Persons, type Seat, type SeatQuestion } from "./seats.ts";
import { policyOf, taskNodeOf, type CaseModels, type TaskCreated } from "./task-node.ts";

/** Who may do a task that a step opens, at this moment. */
export interface Staff {
  /** `null`: one person signs, whoever of those who may takes it. */
  readonly policy: ApprovalPolicy | null;
  readonly signers: readonly AskedSigner[];
  /** Set where somebody chose these people for the step. */
  readonly chosen: PeopleChoice | null;
  /** Organisations that sign beside the step's own: the case has come to them as well. */
  readonly beside: readonly OrganisationRef[];
}

export interface StaffingQuestion extends CaseModels {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly authors: Authors;
  readonly directory: Directory;
  readonly route: Route;
  readonly now: string;
}

export interface StaffedStep extends StepResult {
  /** By wait. */
  readonly staff: ReadonlyMap<string, Staff>;
  readonly lines: readonly JournalLine[];
}

/**
 * Takes a step so that somebody may do every task that it opens. Whoever applied, or did the other step of a two-person rule,
 * is left out; where that leaves nobody, the next superior acts instead, and the history says so. Where nobody holds the role
 * or stands above it, the route has no answer: the engine stops there with an incident, and never passes the step. People whom
 * an official chose for a step are bound by the same rules; the step is asked of nobody else in their place.
 */
export async function stepStaffed(
  question: StaffingQuestion,
  acting: Acting | null,
  run: (route: Route) => StepResult,
): Promise<StaffedStep> {
  const { instanceId, authors, tx, now } = question;
  const seats = { query: tx.query, instanceId, authors, acting };
  const { result, seated, instead } = await staffed(question, { seats, presumed: null }, (route) => {
    const { state, events } = run(route);
    const opened = events.flatMap((event) => (event.type === "task.created" ? [{ event, state }] : []));
    return { result: { state, events }, opened };
  });
  return {
    ...result,
    staff: new Map(seated.map((task) => [task.event.wait, staffOf(task)])),
    lines: seated.flatMap(({ event }) => liftedLines(now, event, instead)),
  };
}

/** A task, and the case as it is when the task has opened. */
export interface OpenedTask {
  readonly event: TaskCreated;
  readonly state: InstanceState;
}

export interface StaffedRun<R> {
  readonly result: R;
  readonly seated: readonly SeatedTask[];
  readonly instead: ReadonlyMap<string, Instead>;
}

interface SeatedBy {
  readonly seats: SeatQuestion;
  /** Of a run that is only foreseen: who is presumed to do steps before others, by step; `null` for one that happens. */
  readonly presumed: ReadonlyMap<string, readonly string[]> | null;
}

/** Runs until somebody may do every task that the run opens: of one step, or of all that are foreseen. */
export async function staffed<R>(
  question: Omit<StaffingQuestion, "tx" | "now">,
  by: SeatedBy,
  run: (route: Route) => { readonly result: R; readonly opened: readonly OpenedTask[] },
): Promise<StaffedRun<R>> {
  const instead = new Map<string, Instead>();
  for (;;) {
    const { result, opened } = run(withInstead(question.route, instead));
    const seated = await seatedTasks(question, by, opened, instead);
    const vacant = seated.filter(
      (task) => task.missing.length > 0 || task.seats.some(({ persons }) => persons.length === 0),
    );
    if (seated.every(({ known }) => known) && vacant.length === 0) return { result, seated, instead };
    for (const task of vacant)
      instead.set(keyOf(task.event.element, task.decision), replacement(question, task, instead));
  }
}

export type Instead =
  | { readonly type: "superior"; readonly post: Post; readonly of: string }
  | { readonly type: "incident"; readonly error: RouteError };

/** Incident of a step whose chosen people can act there no more. */
export const chosenGoneCode = "CHOSEN_PERSON_GONE";

export interface SeatedTask {
  readonly event: TaskCreated;
  readonly decision: RouteDecision;
  readonly policy: ApprovalPolicy | null;
  readonly seats: readonly Seat[];
  /** False when its policy could not be read and an incident has to take its place. */
  readonly known: boolean;
  readonly choice: PeopleChoice | null;
  /** Those of the chosen people who may not act here any more. */
  readonly missing: Persons;
}

async function seatedTasks(
  question: Omit<StaffingQuestion, "tx" | "now">,
  { seats: seatQuestion, presumed }: SeatedBy,
  tasks: readonly OpenedTask[],
  instead: Map<string, Instead>,
): Promise<readonly SeatedTask[]> {
  const opened = tasks.flatMap(({ event, state }) => {
    if (!event.decision || event.decision.role === "") return [];
    const { decision } = event;
    try {
      const policy = policyOf(taskNodeOf(question, state, event), event);
      const asked = askedSeats(question.directory, { policy, decision }, () => variablesOfTask(state, event.wait));
      return [{ event, state, decision, policy, asked, known: true }];
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      instead.set(keyOf(event.element, decision), { type: "incident", error });
      return [{ event, state, decision, policy: null, asked: [], known: false }];
    }
  });
  if (opened.length === 0) return [];
  const seats = await seatsOf(seatQuestion, opened);
  const choiceAt = await standingChoices(seatQuestion.query, question.instanceId);
  const seated = opened.map(({ state, ...task }, index): SeatedTask => {
    const open = { ...task, seats: seats[index] ?? [], choice: null, missing: [] };
    if (isLifted(task, instead)) return open;
    const scope = state.tokens[state.waits[task.event.wait]?.token ?? ""]?.scope ?? "";
    const choice = choiceAt(state, { element: task.event.element, scope });
    return choice ? { ...open, choice, ...narrowed(open.seats, choice) } : open;
  });
  return presumed ? withoutPresumed(seated, presumed) : seated;
}

/** Who alone can do a step will have done it when the other step of a two-person rule comes. */
function withoutPresumed(
  seated: readonly SeatedTask[],
  presumed: ReadonlyMap<string, readonly string[]>,
): readonly SeatedTask[] {
  const doers = new Map([...presumed].map(([step, persons]) => [step, new Set(persons)]));
  return seated.map((task) => {
    const excluded = new Set(task.decision.fourEyes.flatMap((step) => [...(doers.get(step) ?? [])]));
    const seats = task.seats.map((seat) => ({ ...seat, persons: seat.persons.filter(({ id }) => !excluded.has(id)) }));
    const [only, other] = new Set(seats.flatMap(({ persons }) => persons.map(({ id }) => id)));
    const { step } = task.decision.explanation;
    if (only !== undefined && other === undefined) doers.set(step, (doers.get(step) ?? new Set()).add(only));
    return { ...task, seats };
  });
}

/** The superior who acts in the place of those who were excluded is bound by no choice among them. */
function isLifted({ event, decision }: Pick<SeatedTask, "event" | "decision">, instead: ReadonlyMap<string, Instead>) {
  return [...instead.values()].some((found) => isLiftedBy(found, event.element, decision));
}

function isLiftedBy(found: Instead, element: string, { organisation, role }: RouteDecision): boolean {
  return (
    found.type === "superior" &&
    found.of.startsWith(`${element} `) &&
    found.post.organisation.id === organisation.id &&
    found.post.role === role
  );
}

/** The seats of the chosen alone, and of signers whom no choice can take out. */
function narrowed(seats: readonly Seat[], { people }: PeopleChoice): Pick<SeatedTask, "seats" | "missing"> {
  const chosen = new Set(people.map(({ id }) => id));
  const able = new Set(seats.flatMap(({ persons }) => persons.map(({ id }) => id)));
  const missing = people.filter(({ id }) => !able.has(id));
  if (missing.length > 0) return { seats, missing };
  const taken = seats
    .map((seat) => (seat.rule.required ? seat : { ...seat, persons: seat.persons.filter(({ id }) => chosen.has(id)) }))
    .filter(({ persons, rule }) => rule.required || persons.length > 0);
  return { seats: taken, missing };
}

/** A task that was opened and passed in the same step waits no more: what the whole case knows counts. */
function variablesOfTask(state: StepResult["state"], wait: string): Variables {
  return state.waits[wait] ? variablesAt(state, wait) : rootVariables(state);
}

function staffOf({ policy, decision, seats, choice }: SeatedTask): Staff {
  const own = decision.organisation.id;
  return {
    policy,
    chosen: choice,
    signers: seats.flatMap(({ rule, organisation, persons }) =>
      persons.map((person) => ({ ...rule, person, organisation: organisation.id })),
    ),
    beside: seats.flatMap(({ organisation }) => (organisation.id === own ? [] : [organisation])),
  };
}

function replacement(
  { directory }: Pick<StaffingQuestion, "directory">,
  task: SeatedTask,
  instead: ReadonlyMap<string, Instead>,
): Instead {
  const { event, decision, policy, seats, missing } = task;
  const empty = seats.find(({ persons }) => persons.length === 0);
  const role = empty?.rule.role ?? decision.role;
  const organisation = directory.organisations.get(decision.organisation.id);
  const seat = empty?.organisation ?? decision.organisation;
  const place = `${seat.id} ${role}`;
  const isSignedBySeveral = policy !== null && policy.kind !== "single";
  if (missing.length > 0 && (isSignedBySeveral || haveLeft(task)))
    return { type: "incident", error: chosenGone(missing, place) };
  const hasHolders = missing.length > 0 || (empty?.holders.length ?? 0) > 0;
  if (!organisation || !hasHolders || (policy?.parameters.signers.length ?? 0) > 0)
    return { type: "incident", error: notHeld(seat, role, place) };
  const superior = nextSuperior(directory, { organisation, role });
  // One who was asked for already stands in a circle of superiors, not above.
  if (superior && !instead.has(keyOf(event.element, superior)))
    return { type: "superior", post: superior, of: `${event.element} ${place}` };
  const error = new RouteError(
    "NOBODY_MAY_ACT",
    place,
    {
      zh: `${organisation.name.zh}能办理此环节的人都须回避（申请人或两人规则），且没有上一级`,
      en: `whoever could act at ${organisation.name.en} applied or did the other step of a two-person rule, and nobody stands above`,
    },
    { zh: "请指定另一人担任此角色", en: "Appoint another person to the role" },
  );
  return { type: "incident", error };
}

/** Whether somebody who was chosen holds the role no more, rather than being excluded in this case. */
function haveLeft({ seats, missing }: SeatedTask): boolean {
  const holders = new Set(seats.flatMap((seat) => seat.holders.map(({ id }) => id)));
  return missing.some(({ id }) => !holders.has(id));
}

function chosenGone(missing: Persons, place: string): RouteError {
  const names = missing.map(({ name }) => name);
  return new RouteError(
    chosenGoneCode,
    place,
    {
      zh: `选定的 ${names.join("、")} 已不能办理此环节（离职、调岗或须回避）`,
      en: `${names.join(", ")}, who was chosen for the step, can act there no more (left, moved, or excluded)`,
    },
    {
      zh: "请恢复其职务后重试；直接重试则不再按选定人员，由承担该角色的人员办理",
      en: "Give them the post again; to try again without that lets whoever holds the role act",
    },
  );
}

function notHeld(organisation: OrganisationRef, role: string, place: string): RouteError {
  return new RouteError(
    "ROLE_NOT_HELD",
    place,
    {
      zh: `${organisation.name.zh}没有可以办理的人担任 ${role}`,
      en: `nobody at ${organisation.name.en} who may act holds ${role}`,
    },
    { zh: "请指定担任此角色的人员，再重试", en: "Appoint somebody to this role and try again" },
  );
}

export function withInstead(route: Route, instead: ReadonlyMap<string, Instead>): Route {
  if (instead.size === 0) return route;
  return (query, variables) => {
    let decision = route(query, variables);
    for (let found = instead.get(keyOf(query.element, decision)); found;) {
      if (found.type === "incident") throw found.error;
      decision = lifted(decision, found.post);
      found = instead.get(keyOf(query.element, decision));
    }
    return decision;
  };
}

function lifted(decision: RouteDecision, { organisation, role }: Post): RouteDecision {
  const { sentence } = decision.explanation;
  return {
    ...decision,
    organisation: referTo(organisation),
    role,
    explanation: {
      ...decision.explanation,
      sentence: {
        zh: `${sentence.zh}；原承办人须回避，由上一级办理`,
        en: `${sentence.en}; who would have acted is excluded, so the next superior acts`,
      },
    },
  };
}

function keyOf(element: string, { organisation, role }: Pick<RouteDecision, "organisation" | "role">): string {
  return `${element} ${organisation.id} ${role}`;
}

function liftedLines(
  at: string,
  { element, decision, wait }: TaskCreated,
  instead: ReadonlyMap<string, Instead>,
): readonly JournalLine[] {
  return [...instead.values()].flatMap((found) => {
    if (!decision || !isLiftedBy(found, element, decision)) return [];
    const payload = { wait, organisation: decision.organisation.id, role: decision.role };
    return [{ at, type: "task.lifted", element, actor: systemActor, payload }];
  });
}
