import type { AskedSigner } from "../../engine/approval/round.ts";
import type { ApprovalPolicy } from "../../engine/approval/policy.ts";
import type { StepResult } from "../../engine/execution/step.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import { referTo, type Directory } from "../../engine/routing/organisations.ts";
import { nextSuperior, type Post } from "../../engine/routing/superior.ts";
import type { Route, RouteDecision } from "../../engine/routing/types.ts";
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
  readonly rule: Omit<AskedSigner, "person" | "organisation">;
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
      return [{ event, decision, policy, rules: rulesOf(policy, decision), known: true }];
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      instead.set(keyOf(event.element, decision), { type: "incident", error });
      return [{ event, decision, policy: null, rules: [], known: false }];
    }
  });
  const holders = await holdersOf(
    question,
    opened.flatMap(({ decision, rules }) =>
      rules.map(({ role }) => ({ organisation: decision.organisation.id, role })),
    ),
  );
  const done = await doersOf(question, [...new Set(opened.flatMap(({ decision }) => decision.fourEyes))]);
  return opened.map(({ rules, ...task }) => ({
    ...task,
    seats: rules.map((rule) => {
      const held = holders.get(`${task.decision.organisation.id} ${rule.role}`) ?? [];
      const isApplicants = rule.role.startsWith("applicant-");
      const persons = held.filter(
        ({ id }) =>
          (isApplicants || id !== question.startedBy) &&
          !task.decision.fourEyes.some((step) => done.get(step)?.has(id)),
      );
      return { rule, held: held.length, persons };
    }),
  }));
}

function rulesOf(policy: ApprovalPolicy | null, { role }: RouteDecision): readonly Seat["rule"][] {
  const named = policy?.parameters.signers ?? [];
  return named.length > 0 ? named : [{ role, weight: 1, required: false, veto: false }];
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
  const organisation = decision.organisation.id;
  return {
    policy,
    signers: seats.flatMap(({ rule, persons }) => persons.map((person) => ({ ...rule, person, organisation }))),
  };
}

function replacement(
  { directory }: StaffingQuestion,
  { event, decision, policy, seats }: SeatedTask,
  instead: ReadonlyMap<string, Instead>,
): Instead {
  const empty = seats.find(({ persons }) => persons.length === 0);
  const role = empty?.rule.role ?? decision.role;
  const organisation = directory.organisations.get(decision.organisation.id);
  const place = `${decision.organisation.id} ${role}`;
  if (!organisation || !empty || empty.held === 0 || (policy?.parameters.signers.length ?? 0) > 0)
    return { type: "incident", error: notHeld(decision, role, place) };
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

function notHeld(decision: RouteDecision, role: string, place: string): RouteError {
  return new RouteError(
    "ROLE_NOT_HELD",
    place,
    {
      zh: `${decision.organisation.name.zh}没有可以办理的人担任 ${role}`,
      en: `nobody at ${decision.organisation.name.en} who may act holds ${role}`,
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
