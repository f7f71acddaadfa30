import { forbiddenVerdict, type Forbidding } from "../../engine/approval/operations.ts";
import type { Command } from "../../engine/execution/commands.ts";
import type { SequenceFlow } from "../../engine/model/process-model.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { PersonActor } from "../runtime/actor.ts";
import type { ChoiceTaken } from "../runtime/decision-record.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Persons } from "../runtime/seats.ts";
import { authorsOf } from "../identity/authors.ts";
import { caseSetting } from "../returning/case-at.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { refuseDecision } from "../tasks/completion.ts";
import { forbiddingOf } from "../tasks/forbidden.ts";
import { choosable, excludedFrom, offerAt, type Completion, type Offer, type PeopleOffer } from "./offer.ts";

/** What somebody chooses with a decision: a branch, the people of later steps, and why. */
export interface ManualChoice {
  readonly branch: string | null;
  /** Ids of persons by the element of their step. */
  readonly people: Readonly<Record<string, readonly string[]>>;
  readonly reason: string;
}

/** Whose choice it is, at which task. */
export interface Choosing {
  readonly runtime: Runtime;
  readonly task: Row;
  readonly actor: PersonActor;
}

export interface Chosen {
  readonly command: Command;
  readonly lines: readonly JournalLine[];
  /** For the responsibility ledger; `null` where nothing was chosen. */
  readonly record: ChoiceTaken | null;
}

const nothing: ManualChoice = { branch: null, people: {}, reason: "" };
type Problems = RuntimeProblem["problems"];

/**
 * Takes what was chosen with a decision, in the transaction that takes the decision: within what the process lets the handler
 * choose, and what the route, the two-person rule and the applicant's exclusion leave of it at this moment. A later decision of
 * the same step replaces what it chose before. Throws 409 `OPERATION_FORBIDDEN_HERE` with the rule
 * that forbids it here, 422 `DECISION_INVALID` that names everything at fault.
 */
export async function choose(
  within: Within,
  choosing: Choosing,
  command: Command,
  wish: ManualChoice | null,
): Promise<Chosen> {
  const choice = wish ?? nothing;
  const isEmpty = choice.branch === null && Object.keys(choice.people).length === 0;
  const forbidding = forbiddingOf(choosing.task, "choose");
  if (forbidding && !isEmpty) throw forbidden(forbidding);
  const offer =
    command.type === "completeTask" && !forbidding ? await offerFor(within, choosing, command, choice.branch) : null;
  if (command.type !== "completeTask" || !offer) {
    if (!isEmpty) refuseDecision([nothingToChoose]);
    return { command, lines: [], record: null };
  }
  const departure = departureOf(offer, choice.branch);
  refuseDecision([
    ...branchProblems(offer, choice.branch),
    ...peopleProblems(offer, choice),
    ...reasonProblems(offer, choice, departure !== null),
  ]);
  await replaceEarlier(within, offer);
  const keep = (kept: Kept) => insertChoice(within, choosing, offer, kept, choice.reason);
  if (departure) await keep({ kind: "branch", target: departure.source, chosen: departure.id });
  const chosenPeople = offer.people.flatMap((asked) => {
    const people = peopleNamed(asked, choice.people[asked.step.id] ?? []);
    return people.length > 0 ? [{ asked, people }] : [];
  });
  for (const { asked, people } of chosenPeople)
    await keep({ kind: "people", target: asked.step.id, chosen: people.map(({ id, name }) => ({ id, name })) });
  return {
    command: departure ? { ...command, branch: departure.id } : command,
    lines: [
      ...(departure ? [branchLine(within, choosing, offer, departure, choice)] : []),
      ...chosenPeople.map(({ asked, people }) => peopleLine(within, choosing, asked, people, choice)),
    ],
    record: departure || chosenPeople.length > 0 ? recordOf(offer, departure, chosenPeople, choice) : null,
  };
}

function recordOf(
  { branch }: Offer,
  departure: SequenceFlow | null,
  chosen: readonly { readonly asked: PeopleOffer; readonly people: Persons }[],
  { reason }: ManualChoice,
): ChoiceTaken {
  const ruled = branch?.flows.find(({ id }) => id === branch.ruled);
  const unnamed = { zh: branch?.ruled ?? "", en: branch?.ruled ?? "" };
  return {
    branch: departure && { name: nameOf(departure), ruled: ruled ? nameOf(ruled) : unnamed },
    people: chosen.map(({ asked, people }) => ({ step: stepName(asked), names: people.map(({ name }) => name) })),
    reason: reason.trim() === "" ? null : reason,
  };
}

/** What the process or the route takes away from the step is refused as at the door, with the rule that does so. */
function forbidden(forbidding: Forbidding): RuntimeProblem {
  const { code, message } = forbiddenVerdict("choose", forbidding);
  return new RuntimeProblem(409, code, message);
}

async function offerFor(
  { tx, instance, state }: Within,
  { runtime, actor }: Choosing,
  command: Completion,
  branch: string | null,
): Promise<Offer | null> {
  const setting = await caseSetting(runtime, instance);
  const seats = { query: tx.query, instanceId: text(instance, "id"), authors: authorsOf(instance) };
  const actors = actor.onBehalfOf ? [actor.id, actor.onBehalfOf.id] : [actor.id];
  const chosen = branch === null ? command : { ...command, branch };
  return offerAt({ ...setting, state, seats }, chosen, actors);
}

/** The branch that is chosen where it is another than the rule's. */
function departureOf({ branch }: Offer, chosen: string | null): SequenceFlow | null {
  if (branch === null || chosen === null || chosen === branch.ruled) return null;
  return branch.flows.find(({ id }) => id === chosen) ?? null;
}

function branchProblems({ branch }: Offer, chosen: string | null): Problems {
  if (chosen === null || branch?.flows.some(({ id }) => id === chosen)) return [];
  const message = branch
    ? { zh: "所选去向不在本环节可选范围内", en: "The branch is not among those that this step may choose" }
    : { zh: "按此结论不会到达可选去向之处", en: "With this outcome the case does not come to the choice" };
  return [{ code: "BRANCH_NOT_OFFERED", place: "choice.branch", message }];
}

function peopleProblems({ people }: Offer, choice: ManualChoice): Problems {
  const unasked = Object.keys(choice.people)
    .filter((element) => !people.some(({ step }) => step.id === element))
    .map((element) => ({
      code: "PEOPLE_NOT_ASKED",
      place: `choice.people.${element}`,
      message: { zh: `不为 ${element} 选定人员`, en: `Nobody is chosen for ${element} here` },
    }));
  return [...unasked, ...people.flatMap((asked) => problemsOfPeople(asked, choice.people[asked.step.id] ?? []))];
}

function problemsOfPeople(asked: PeopleOffer, ids: readonly string[]): Problems {
  const { step, seats, required, least, most } = asked;
  const place = `choice.people.${step.id}`;
  const name = stepName(asked);
  // Where too few are left to choose from, the route's own rule staffs the step.
  const canBeMet = choosable(seats).length >= least;
  if (ids.length === 0 && required && canBeMet) {
    const message = { zh: `须为“${name.zh}”选定人员`, en: `People must be chosen for “${name.en}”` };
    return [{ code: "PEOPLE_MISSING", place, message }];
  }
  const outside = ids.filter((id) => !choosable(seats).some((person) => person.id === id));
  const barred = outside.map((id) => {
    const excluded = excludedFrom(seats).find((person) => person.id === id);
    const message = excluded
      ? {
          zh: `${excluded.name} 须回避（本人申请或已办理互斥环节），不能办理“${name.zh}”`,
          en: `${excluded.name} may not act at “${name.en}” (own application, or the other step of a two-person rule)`,
        }
      : {
          zh: `所选人员没有“${name.zh}”的职责，或已离职`,
          en: `The person does not hold the role of “${name.en}”, or has left`,
        };
    return { code: excluded ? "PERSON_EXCLUDED" : "PERSON_NOT_OFFERED", place, message };
  });
  if (barred.length > 0) return barred;
  const count = new Set(ids).size;
  if (count !== ids.length || (count > 0 && (count < least || count > most)))
    return [
      {
        code: "PEOPLE_COUNT",
        place,
        message: {
          zh: `“${name.zh}”须选 ${least === most ? least : `${least}–${most}`} 人，不得重复`,
          en: `“${name.en}” needs ${least === most ? least : `${least} to ${most}`} different people`,
        },
      },
    ];
  return [];
}

/** What departs from how the case would go without the choice needs a reason. */
function reasonProblems({ people }: Offer, choice: ManualChoice, departs: boolean): Problems {
  const isFree = people.some(({ step, required }) => !required && (choice.people[step.id] ?? []).length > 0);
  if ((!departs && !isFree) || choice.reason.trim() !== "") return [];
  const message = {
    zh: departs ? "所选去向与规则不同，须说明理由" : "自行选定人员须说明理由",
    en: departs
      ? "A branch other than the rule's needs a reason"
      : "Choosing people without being asked to needs a reason",
  };
  return [{ code: "CHOICE_REASON_MISSING", place: "choice.reason", message }];
}

const nothingToChoose = {
  code: "NOTHING_TO_CHOOSE",
  place: "choice",
  message: { zh: "此处没有可由办理人选择的去向或人员", en: "There is no branch and nobody to choose here" },
};

function peopleNamed({ seats }: PeopleOffer, ids: readonly string[]): Persons {
  return choosable(seats).filter(({ id }) => ids.includes(id));
}

async function replaceEarlier({ tx, instance, state }: Within, { node, scope }: Offer): Promise<void> {
  const rows = await tx.query(
    "SELECT id, scope FROM manual_choice WHERE instance_id = ? AND element = ? AND state = 'standing'",
    [text(instance, "id"), node.id],
  );
  for (const row of rows.filter((kept) => text(kept, "scope") === scope || !state.scopes[text(kept, "scope")]))
    await tx.execute("UPDATE manual_choice SET state = 'replaced' WHERE id = ?", [text(row, "id")]);
}

interface Kept {
  readonly kind: "branch" | "people";
  readonly target: string;
  readonly chosen: Json;
}

async function insertChoice(
  { tx, instance, now }: Within,
  { task, actor }: Choosing,
  { node, scope }: Offer,
  { kind, target, chosen }: Kept,
  reason: string,
): Promise<void> {
  await tx.insert("manual_choice", {
    id: newId(),
    instance_id: text(instance, "id"),
    task_id: text(task, "id"),
    element: node.id,
    scope,
    kind,
    target,
    chosen: JSON.stringify(chosen),
    reason: reason.trim() === "" ? null : reason,
    by_id: actor.id,
    by_name: actor.name,
    on_behalf_name: actor.onBehalfOf?.name ?? null,
    at: now,
    state: "standing",
  });
}

function branchLine(
  { now }: Within,
  { task, actor }: Choosing,
  { branch }: Offer,
  taken: SequenceFlow,
  { reason }: ManualChoice,
): JournalLine {
  const ruled = branch?.flows.find(({ id }) => id === branch.ruled);
  const payload = {
    task: text(task, "id"),
    gateway: taken.source,
    flow: taken.id,
    name: nameOf(taken),
    ruled: branch?.ruled ?? null,
    ruledName: ruled ? nameOf(ruled) : null,
    reason,
  };
  return { at: now, type: "choice.branch", element: text(task, "element"), actor, payload };
}

function peopleLine(
  { now }: Within,
  { task, actor }: Choosing,
  asked: PeopleOffer,
  people: Persons,
  { reason }: ManualChoice,
): JournalLine {
  const payload = {
    task: text(task, "id"),
    step: asked.step.id,
    stepName: stepName(asked),
    people: people.map(({ id, name }) => ({ id, name })),
    reason: reason.trim() === "" ? null : reason,
  };
  return { at: now, type: "choice.people", element: text(task, "element"), actor, payload };
}

/** A step in words: as it is drawn. */
export function stepName({ step: { id, name, documentation } }: PeopleOffer): { zh: string; en: string } {
  return { zh: name ?? id, en: documentation ?? name ?? id };
}

/** A branch in words: as it is drawn. */
export function nameOf({ id, name, documentation }: SequenceFlow): { zh: string; en: string } {
  return { zh: name ?? id, en: documentation ?? name ?? id };
}
