import type { ApprovalPolicy } from "../../engine/approval/policy.ts";
import { routeQueryOf } from "../../engine/execution/activities/activity.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import { CommandError } from "../../engine/execution/errors.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { processScopeOf } from "../../engine/execution/process-scope.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { step } from "../../engine/execution/step.ts";
import { visibleVariables } from "../../engine/execution/variables.ts";
import type { ProcessModel, SequenceFlow, TaskActivity } from "../../engine/model/process-model.ts";
import { reachableFrom } from "../../engine/model/reachable.ts";
import type { Directory } from "../../engine/routing/organisations.ts";
import { RouteError } from "../../engine/routing/errors.ts";
import type { RouteDecision } from "../../engine/routing/types.ts";
import { askedSeats, seatsOf, type Persons, type Seat, type SeatQuestion } from "../runtime/seats.ts";
import { policyOf } from "../runtime/task-node.ts";

/** A case with what a step on a copy of it needs. */
export interface ChoiceSetting {
  readonly state: InstanceState;
  readonly model: ProcessModel;
  readonly context: StepContext;
  readonly directory: Directory;
  readonly seats: Omit<SeatQuestion, "acting">;
}

export type Completion = Extract<Command, { type: "completeTask" }>;

/** The branches of which one may be taken by hand. */
export interface BranchOffer {
  readonly gateway: string;
  readonly flows: readonly SequenceFlow[];
  /** The one that the conditions of the gateway give. */
  readonly ruled: string;
}

/** The people of whom some may be chosen for a later step. */
export interface PeopleOffer {
  readonly step: TaskActivity;
  readonly decision: RouteDecision;
  readonly policy: ApprovalPolicy | null;
  readonly seats: readonly Seat[];
  readonly required: boolean;
  readonly least: number;
  readonly most: number;
}

export interface Offer {
  /** The step that chooses; the engine's scope in which it stands. */
  readonly node: TaskActivity;
  readonly scope: string;
  readonly branch: BranchOffer | null;
  readonly people: readonly PeopleOffer[];
}

/**
 * What whoever completes a task so may choose by hand: found by taking the step on a copy of the case, so that the branch which
 * the rule gives is the engine's own answer, and the people are those whom the route would let act. `null` where the step lets
 * its handler choose nothing. What the decision does not lead to is not offered.
 */
export async function offerAt(
  setting: ChoiceSetting,
  command: Completion,
  actors: readonly string[],
): Promise<Offer | null> {
  const chooser = chooserAt(setting, command.wait);
  if (!chooser) return null;
  const { node, model, scope } = chooser;
  const { branch: _chosen, ...ruled } = command;
  const branch = branchOf(chooser, taken(setting, ruled).events);
  const after = branch ? taken(setting, command) : taken(setting, ruled);
  const asked = node.choices.peopleFor.flatMap((id) => {
    const later = model.elements.get(id);
    return later?.kind === "userTask" && comesNext(chooser, after.state, id) ? [later] : [];
  });
  const people = await peopleOf({ setting, after, scope, node, wait: command.wait, actors }, asked);
  return { node, scope, branch, people };
}

interface Chooser {
  readonly node: TaskActivity;
  readonly model: ProcessModel;
  readonly scope: string;
}

interface Taken {
  readonly state: InstanceState;
  readonly events: readonly EngineEvent[];
}

/** The step that waits there, where its process lets its handler choose anything. */
export function chooserAt({ state, model, context }: Omit<ChoiceSetting, "seats">, waitId: string): Chooser | null {
  const wait = state.waits[waitId];
  const token = state.tokens[wait?.token ?? ""];
  if (!wait || !token) return null;
  const process = processScopeOf({ get: (id) => state.scopes[id] }, token.scope);
  const owner =
    process?.version === undefined
      ? model
      : context.calledProcess(process.process, { version: process.version })?.model;
  const node = owner?.elements.get(wait.element);
  if (!owner || node?.kind !== "userTask") return null;
  const { branches, peopleFor } = node.choices;
  return branches.length + peopleFor.length > 0 ? { node, model: owner, scope: token.scope } : null;
}

/** The step on a copy: nothing is written. One that the state refuses leads nowhere; the door will say why. */
function taken({ state, model, context }: ChoiceSetting, command: Completion): Taken {
  try {
    return step(model, state, command, context);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { state, events: [] };
  }
}

/** Only a gateway that this very decision comes to. */
function branchOf({ node, model }: Chooser, events: readonly EngineEvent[]): BranchOffer | null {
  const flows = node.choices.branches.flatMap((id) => model.flows.get(id) ?? []);
  const gateway = flows[0]?.source;
  if (gateway === undefined) return null;
  const by = events.find((event) => event.type === "flow.taken" && event.source === gateway);
  return by?.type === "flow.taken" ? { gateway, flows, ruled: by.flow } : null;
}

/** Whether the case may come to the step before it comes to the choice again. */
function comesNext({ node, model, scope }: Chooser, state: InstanceState, id: string): boolean {
  const around = (inner: string | null): boolean =>
    inner !== null && (inner === scope || around(state.scopes[inner]?.parent ?? null));
  const standing = Object.values(state.tokens)
    .filter((token) => around(token.scope) && token.at !== "armed")
    .map(({ element }) => element);
  return reachableFrom(model, standing, node.id).has(id);
}

interface PeopleQuestion {
  readonly setting: ChoiceSetting;
  readonly after: Taken;
  readonly scope: string;
  readonly node: TaskActivity;
  readonly wait: string;
  readonly actors: readonly string[];
}

async function peopleOf(
  { setting, after, scope, node, wait, actors }: PeopleQuestion,
  later: readonly TaskActivity[],
): Promise<readonly PeopleOffer[]> {
  const routed = later.flatMap((asked) => {
    const found = routedStep(setting, after, scope, asked);
    return found ? [found] : [];
  });
  const seats = await seatsOf({ ...setting.seats, acting: { step: node.step, wait, persons: actors } }, routed);
  return routed.map((found, index) => {
    const own = seats[index] ?? [];
    return { ...found, seats: own, required: node.choices.peopleRequired, ...sizes(found.policy, own) };
  });
}

/**
 * The later step as the route answers it with what the case then knows; `null` where the route leaves it out, or has no answer:
 * the step then stops with an incident of its own, and no choice could help.
 */
function routedStep(
  { context, directory }: ChoiceSetting,
  { state, events }: Taken,
  scope: string,
  later: TaskActivity,
) {
  const variables = () => visibleVariables({ get: (id) => state.scopes[id] }, scope);
  try {
    const opened = events.find((event) => event.type === "task.created" && event.element === later.id);
    const decision =
      opened?.type === "task.created" ? opened.decision : (context.route?.(routeQueryOf(later), variables()) ?? null);
    if (!decision?.perform) return null;
    const policy = policyOf(later, { decision, element: later.id });
    return { step: later, decision, policy, asked: askedSeats(directory, { policy, decision }, variables) };
  } catch (error) {
    if (error instanceof RouteError) return null;
    throw error;
  }
}

/** How many of those who can be chosen there must be, and may be: one where one signs, else enough for the policy to be met. */
function sizes(policy: ApprovalPolicy | null, seats: readonly Seat[]): { least: number; most: number } {
  if (policy === null || policy.kind === "single") return { least: 1, most: 1 };
  const { passCount, quorum } = policy.parameters;
  const fixed = seats.filter(({ rule }) => rule.required).flatMap(({ persons }) => persons).length;
  return { least: Math.max(1, (passCount ?? 1) - fixed, (quorum ?? 1) - fixed), most: choosable(seats).length };
}

/** Those who can be chosen. Signers without whom the step is not decided sign in any case. */
export function choosable(seats: readonly Seat[]): Persons {
  const byId = new Map(
    seats.filter(({ rule }) => !rule.required).flatMap(({ persons }) => persons.map((person) => [person.id, person])),
  );
  return [...byId.values()];
}

/** Those who hold the role and may not act in this case. */
export function excludedFrom(seats: readonly Seat[]): Persons {
  const able = new Set(seats.flatMap(({ persons }) => persons.map(({ id }) => id)));
  const byId = new Map(
    seats.flatMap(({ holders }) => holders.filter(({ id }) => !able.has(id)).map((person) => [person.id, person])),
  );
  return [...byId.values()];
}
