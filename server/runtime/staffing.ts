import type { AskedSigner } from "../../engine/approval/round.ts";
import type { ApprovalPolicy, SignerRule } from "../../engine/approval/policy.ts";
import type { StepResult } from "../../engine/execution/step.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import { rootVariables, variablesAt } from "../../engine/execution/variables.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { partiesOf } from "../../engine/routing/facts.ts";
import { organisationAt } from "../../engine/routing/positions.ts";
import { referTo, type Directory } from "../../engine/routing/organisations.ts";
import { nextSuperior, type Post } from "../../engine/routing/superior.ts";
import type { OrganisationRef, Route, RouteDecision } from "../../engine/routing/types.ts";
import { text } from "../store/rows.ts";
import type { Transaction } from "../store/store.ts";
import { systemActor } from "./actor.ts";
import type { JournalLine } from "./journal.ts";
import { policyOf, taskNodeOf, type CaseModels, type TaskCreated } from "./task-node.ts";

/** Who may do a task that a step opens, at this moment. */
export interface Staff {
  /** `null`: one person signs, whoever of those who may takes it. */
  readonly policy: ApprovalPolicy | null;
  readonly signers: readonly AskedSigner[];
  /** Organisations that sign beside the step's own: the case has come to them as well. */
  readonly beside: readonly OrganisationRef[];
}

export interface StaffingQuestion extends CaseModels {
  readonly tx: Transaction;
  readonly instanceId: string;
  readonly startedBy: string;
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
 * or stands above it, the route has no answer: the engine stops there with an incident, and never passes the step.
 */
export async function stepStaffed(question: StaffingQuestion, run: (route: Route) => StepResult): Promise<StaffedStep> {
  const instead = new Map<string, Instead>();
  for (;;) {
    const stepped = run(withInstead(question.route, instead));
    const seated = await seatedTasks(question, stepped, instead);
    const vacant = seated.filter(({ seats }) => seats.some(({ persons }) => persons.length === 0));
    if (seated.every(({ known }) => known) && vacant.length === 0)
      return {
        ...stepped,
        staff: new Map(seated.map((task) => [task.event.wait, staffOf(task)])),
        lines: seated.flatMap(({ event }) => liftedLines(question.now, event, instead)),
      };
    for (const task of vacant)
      instead.set(keyOf(task.event.element, task.decision), replacement(question, task, instead));
  }
}

type Instead =
  | { readonly type: "superior"; readonly post: Post; readonly of: string }
  | { readonly type: "incident"; readonly error: RouteError };

interface Seat {
  readonly rule: SignerRule;
  readonly organisation: OrganisationRef;
  /** Who holds the role, and who of them may act in this case. */
  readonly held: number;
  readonly persons: readonly { readonly id: string; readonly name: string }[];
}

interface SeatedTask {
  readonly event: TaskCreated;
  readonly decision: RouteDecision;
  readonly policy: ApprovalPolicy | null;
  readonly seats: readonly Seat[];
  /** False when its policy could not be read and an incident has to take its place. */
  readonly known: boolean;
}

async function seatedTasks(
  question: StaffingQuestion,
  { state, events }: StepResult,
  instead: Map<string, Instead>,
): Promise<readonly SeatedTask[]> {
  const opened = events.flatMap((event) => {
    if (event.type !== "task.created" || !event.decision || event.decision.role === "") return [];
    const { decision } = event;
    try {
      const policy = policyOf(taskNodeOf(question, state, event), event);
      return [{ event, decision, policy, rules: rulesOf(question, policy, { state, event, decision }), known: true }];
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      instead.set(keyOf(event.element, decision), { type: "incident", error });
      return [{ event, decision, policy: null, rules: [], known: false }];
    }
  });
  const holders = await holdersOf(
    question,
    opened.flatMap(({ rules }) =>
      rules.map(({ rule: { role }, organisation }) => ({ organisation: organisation.id, role })),
    ),
  );
  const done = await doersOf(question, [...new Set(opened.flatMap(({ decision }) => decision.fourEyes))]);
  return opened.map(({ rules, ...task }) => ({
    ...task,
    seats: rules.map(({ rule, organisation }) => {
      const held = holders.get(`${organisation.id} ${rule.role}`) ?? [];
      const isApplicants = rule.role.startsWith("applicant-");
      const persons = held.filter(
        ({ id }) =>
          (isApplicants || id !== question.startedBy) &&
          !task.decision.fourEyes.some((step) => done.get(step)?.has(id)),
      );
      return { rule, organisation, held: held.length, persons };
    }),
  }));
}

/** Who is asked, and where: at the step's organisation, or at that of another place in the case. Throws `RouteError` for none. */
function rulesOf(
  { directory }: StaffingQuestion,
  policy: ApprovalPolicy | null,
  {
    state,
    event,
    decision,
  }: { readonly state: StepResult["state"]; readonly event: TaskCreated; readonly decision: RouteDecision },
): readonly Pick<Seat, "rule" | "organisation">[] {
  const { role, organisation } = decision;
  const named = policy?.parameters.signers ?? [];
  if (named.length === 0) return [{ rule: { role, weight: 1, required: false, veto: false }, organisation }];
  const isElsewhere = named.some(({ at }) => at !== undefined);
  const parties = isElsewhere ? partiesOf(variablesOfTask(state, event.wait)) : null;
  return named.map((rule) => ({
    rule,
    organisation:
      parties && rule.at !== undefined ? referTo(organisationAt(directory, rule.at, parties)) : organisation,
  }));
}

/** A task that was opened and passed in the same step waits no more: what the whole case knows counts. */
function variablesOfTask(state: StepResult["state"], wait: string): Variables {
  return state.waits[wait] ? variablesAt(state, wait) : rootVariables(state);
}

type Persons = readonly { readonly id: string; readonly name: string }[];

async function holdersOf(
  { tx }: StaffingQuestion,
  posts: readonly { readonly organisation: string; readonly role: string }[],
): Promise<ReadonlyMap<string, Persons>> {
  if (posts.length === 0) return new Map();
  const rows = await tx.query(
    `SELECT post.organisation_id, post.role, person.id, person.name FROM post JOIN person ON person.id = post.person_id
     WHERE ${posts.map(() => "(post.organisation_id = ? AND post.role = ?)").join(" OR ")} ORDER BY person.id`,
    posts.flatMap(({ organisation, role }) => [organisation, role]),
  );
  const holders = new Map<string, { id: string; name: string }[]>();
  for (const row of rows) {
    const post = `${text(row, "organisation_id")} ${text(row, "role")}`;
    holders.set(post, [...(holders.get(post) ?? []), { id: text(row, "id"), name: text(row, "name") }]);
  }
  return holders;
}

/** Who did each of these steps in this case, in their own name or in that of somebody else. */
async function doersOf(
  { tx, instanceId }: StaffingQuestion,
  steps: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (steps.length === 0) return new Map();
  const rows = await tx.query(
    `SELECT step, assignee_id, on_behalf_id FROM task WHERE instance_id = ? AND state = 'completed' AND step IN (${steps.map(() => "?").join(", ")})`,
    [instanceId, ...steps],
  );
  const doers = new Map<string, Set<string>>();
  for (const row of rows) {
    const known = doers.get(text(row, "step")) ?? new Set<string>();
    for (const column of ["assignee_id", "on_behalf_id"])
      if (typeof row[column] === "string") known.add(text(row, column));
    doers.set(text(row, "step"), known);
  }
  return doers;
}

function staffOf({ policy, decision, seats }: SeatedTask): Staff {
  const own = decision.organisation.id;
  return {
    policy,
    signers: oncePerPerson(
      seats.flatMap(({ rule, organisation, persons }) =>
        persons.map((person) => ({ ...rule, person, organisation: organisation.id })),
      ),
    ),
    beside: seats.flatMap(({ organisation }) => (organisation.id === own ? [] : [organisation])),
  };
}

/** Whoever holds several of the roles signs once, as the first of them, with the rights of all. */
function oncePerPerson(signers: readonly SeatedSigner[]): readonly SeatedSigner[] {
  const isSame = (a: SeatedSigner) => (b: SeatedSigner) => b.person.id === a.person.id;
  return signers
    .filter((signer, at) => signers.findIndex(isSame(signer)) === at)
    .map((signer) => {
      const roles = signers.filter(isSame(signer));
      return { ...signer, required: roles.some(({ required }) => required), veto: roles.some(({ veto }) => veto) };
    });
}

type SeatedSigner = AskedSigner & { readonly person: { readonly id: string; readonly name: string } };

function replacement(
  { directory }: StaffingQuestion,
  { event, decision, policy, seats }: SeatedTask,
  instead: ReadonlyMap<string, Instead>,
): Instead {
  const empty = seats.find(({ persons }) => persons.length === 0);
  const role = empty?.rule.role ?? decision.role;
  const organisation = directory.organisations.get(decision.organisation.id);
  const seat = empty?.organisation ?? decision.organisation;
  const place = `${seat.id} ${role}`;
  if (!organisation || !empty || empty.held === 0 || (policy?.parameters.signers.length ?? 0) > 0)
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

function withInstead(route: Route, instead: ReadonlyMap<string, Instead>): Route {
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
    if (found.type !== "superior" || !decision || !found.of.startsWith(`${element} `)) return [];
    if (found.post.organisation.id !== decision.organisation.id || found.post.role !== decision.role) return [];
    const payload = { wait, organisation: decision.organisation.id, role: decision.role };
    return [{ at, type: "task.lifted", element, actor: systemActor, payload }];
  });
}
