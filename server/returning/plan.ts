import { setImmediate } from "node:timers/promises";
import { elementsBehind, planReturn, type Home } from "../../engine/analysis/operations/return-plan.ts";
import { hangsOn, roundsIn, wayBackOf, type WayBack } from "../../engine/approval/way-back.ts";
import type { StartBefore } from "../../engine/execution/commands.ts";
import { problem, type Problem } from "../../engine/model/problems.ts";
import type { FlowNode, ProcessModel } from "../../engine/model/process-model.ts";
import { applicantRoles } from "../identity/posts.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { CaseAt } from "./case-at.ts";
import { homeAt, homeOf, homeOfScope, modelsAt, standsAs, type CaseProcesses } from "./homes.ts";

/** Situations that are looked at to see whether a return would leave a join waiting for ever. */
export const situationsBeforeReturn = 1_500;

export type Afterwards = "backToMe" | "walkAgain";
export type TargetKind = "applicant" | "previous" | "element";

/** What a return to one step would take away and where the case would go on; `problems` say why it cannot be. */
export interface PlannedReturn {
  readonly target: FlowNode;
  /** Scope of the called process that the target stands in; `null` for the case's own process. */
  readonly scope: string | null;
  readonly cancel: readonly string[];
  readonly start: readonly StartBefore[];
  readonly wayBack: WayBack;
  /** Open work of others that would end: parallel branches, and who signs beside. */
  readonly siblings: readonly Row[];
  readonly supplement: boolean;
  readonly problems: readonly Problem[];
}

/** A step of one of the processes that the case runs, by the scope of the process (`null`: the case's own). */
export interface Place {
  readonly element: string;
  readonly scope: string | null;
}

/** Plans the return from an open task to a step. Looks at the state alone and changes nothing; `null` where there is no such step. */
export async function planTaskReturn(at: CaseAt, task: Row, { element, scope }: Place): Promise<PlannedReturn | null> {
  const { model, called, state, tasks } = at;
  const processes = processesOf(at);
  const home = homeAt(processes, scope);
  const target = home?.model.elements.get(element);
  if (!home || !target) return null;
  const bounds = { situations: situationsBeforeReturn, pause: async () => setImmediate() };
  const plan = await planReturn(model, called, state, element, bounds, home);
  const gone = new Set(plan.cancel);
  const isTaken = (row: Row) => hangsOn(state, text(row, "token"), gone);
  const notMine = problem(
    "RETURN_NOT_BEFORE",
    element,
    `${nameOf(target)}不在本环节之前`,
    `${nameOf(target)} does not lie before this step`,
  );
  return {
    target,
    scope,
    cancel: plan.cancel,
    start: plan.start,
    wayBack:
      noWayBackTo(target) ??
      wayBackOf({ models: modelsAt(processes), state, evaluator: at.context.evaluator }, plan.cancel),
    siblings: tasks.filter((row) => isOpen(row) && text(row, "id") !== text(task, "id") && isTaken(row)),
    supplement: isSupplement(target) || asksApplicant(at, task, { element, scope }),
    problems: plan.problems.length > 0 || isTaken(task) ? plan.problems : [notMine],
  };
}

/** Whichever step of the applicant a case goes back to from others, the applicant is asked to supplement it. */
function asksApplicant({ tasks }: CaseAt, task: Row, { element, scope }: Place): boolean {
  const isApplicants = (row: Row) => text(row, "role").startsWith(applicantRoles);
  const isThere = (row: Row) => text(row, "element") === element && homeOf(row) === scope;
  return !isApplicants(task) && tasks.some((row) => isThere(row) && isApplicants(row));
}

/** The processes of a case as it was read. */
export function processesOf({ model, state, context }: CaseAt): CaseProcesses {
  return { model, state, calledProcess: context.calledProcess };
}

/** Why nothing that is done at a step could lead straight back. */
function noWayBackTo(target: FlowNode): WayBack | null {
  if (target.kind === "callActivity") return { possible: false, because: calledAsAWhole };
  return isSeveral(target) ? { possible: false, because: severalDoIt } : null;
}

const severalDoIt = {
  zh: "该环节由多人分别办理，须重新逐步办理",
  en: "several persons do that step, each for themselves; the way has to be walked again",
};
const calledAsAWhole = {
  zh: "被调用的流程须从头整体重办，办结后按流程继续，须重新逐步办理",
  en: "the called process is begun anew as a whole, and no single decision ends it; the way has to be walked again",
};

/** Decisions that would count no more: of the step itself, and, where the way is walked again, of all that follow it. */
export function fallenBy(at: CaseAt, planned: PlannedReturn, afterwards: Afterwards): readonly Row[] {
  const { state, tasks } = at;
  const { target, scope, cancel } = planned;
  const home = homeAt(processesOf(at), scope);
  if (!home) return [];
  const follows = followsOf(home, target.id, tasks);
  const rounds = roundsIn({ models: modelsAt(processesOf(at)), state }, cancel).map(
    ({ element, scope: inner }) => `${homeOfScope(state, inner) ?? ""} ${element}`,
  );
  const isInRound = (row: Row) => rounds.includes(`${homeOf(row) ?? ""} ${text(row, "element")}`);
  const votes = new Set(votesIn(at, cancel));
  return tasks.filter((row) => {
    if (!stands(row)) return false;
    const element = standsAs(row, scope);
    if (votes.has(row)) return true;
    if (element === null) return false;
    return element === target.id || isInRound(row) || (afterwards === "walkAgain" && follows(row));
  });
}

/** Votes of signers in rounds that end without a result when these tokens are taken away: they decide nothing. */
export function votesIn({ state, tasks }: CaseAt, cancel: readonly string[]): readonly Row[] {
  const gone = new Set(cancel);
  return tasks.filter((row) => {
    const token = state.waits[text(row, "wait_id")]?.token;
    return optionalText(row, "signer") !== null && stands(row) && token !== undefined && hangsOn(state, token, gone);
  });
}

/** Whether it is a decision that was taken and has not fallen since. */
export function stands(row: Row): boolean {
  return text(row, "state") === "completed" && optionalText(row, "fallen_at") === null && isDecision(row);
}

/**
 * Whether a decision was taken on the way on from the target, since the case last came to it. A loop leads from the target to
 * steps that were done before it as well: those are not done again, and stand.
 */
export function followsOf(home: Home, target: string, tasks: readonly Row[]): (row: Row) => boolean {
  const behind = behindOf(home, target);
  const isAtTarget = (row: Row) => isDecision(row) && text(row, "state") === "completed";
  const last = tasks.findLast((row) => isAtTarget(row) && standsAs(row, home.scope) === target);
  return (row) =>
    behind(standsAs(row, home.scope) ?? "") && (!last || text(row, "completed_at") > text(last, "created_at"));
}

/** Whether an element lies behind the target in the same process, also inside a sub-process that does. */
function behindOf({ model }: Home, target: string): (element: string) => boolean {
  const behind = elementsBehind(model, target);
  return (element) => {
    const node = model.elements.get(element);
    return node !== undefined && isInside(model, node, behind);
  };
}

function isInside(model: ProcessModel, node: FlowNode, behind: ReadonlySet<string>): boolean {
  for (let current: FlowNode | undefined = node; current; current = model.elements.get(current.parent))
    if (behind.has(current.id)) return true;
  return false;
}

export function isOpen(row: Row): boolean {
  return text(row, "state") === "open" || text(row, "state") === "waiting";
}

export function isDecision(row: Row): boolean {
  return optionalText(row, "kind") === "decide";
}

/** A step at which the applicant supplements what was asked for (`jieli:pauses="supplement"`). */
export function isSupplement(node: FlowNode): boolean {
  return "pauses" in node && node.pauses === "supplement";
}

function isSeveral(node: FlowNode): boolean {
  return "multiInstance" in node && (node.multiInstance !== null || node.standardLoop !== null);
}

export function nameOf(node: FlowNode): string {
  return node.name ?? node.id;
}
