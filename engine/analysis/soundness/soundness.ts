import { problem, warning, type Problem } from "../../model/problems.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { reachableFrom } from "../../model/reachable.ts";
import { explore, type Exploration, type ExplorationBounds, type Situation } from "./explore.ts";

/** One step of the way to a fault. */
export interface TraceStep {
  readonly element: string;
  readonly what: string;
}

/** A fault of the structure: no data can make the process behave. `trace` is a shortest way to it. */
export interface Finding extends Problem {
  readonly trace: readonly TraceStep[];
}

export interface SoundnessReport {
  readonly findings: readonly Finding[];
  readonly situations: number;
  /** The bound was reached: what was found holds, but there may be more. */
  readonly stoppedEarly: boolean;
}

/**
 * Looks for a way in which the process cannot end well (van der Aalst's soundness, for BPMN's implicit termination): a join
 * that waits for ever, branches that overtake each other, steps that nothing leads to, rounds without an end.
 */
export async function checkSoundness(
  model: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  bounds: ExplorationBounds,
): Promise<SoundnessReport> {
  const exploration = await explore(model, called, bounds);
  const { situations, stoppedEarly } = exploration;
  const stuck = [...deadlocks(exploration), ...(stoppedEarly ? [] : noWayOut(exploration))];
  const findings = [
    ...stuck,
    ...endlessLoops(exploration),
    ...uncaughtErrors(exploration),
    ...unsynchronised(exploration),
    // What stands behind a deadlock is not dead of its own.
    ...(stoppedEarly || stuck.length > 0 ? [] : deadSteps(model, called, exploration)),
  ];
  return {
    findings: findings.map((found) => withTrace(found, situations)),
    situations: situations.length,
    stoppedEarly,
  };
}

interface Found {
  readonly problem: Problem;
  readonly at: Situation | null;
}

function withTrace({ problem: found, at }: Found, situations: readonly Situation[]): Finding {
  const steps: TraceStep[] = [];
  for (let current = at; current; current = current.from === null ? null : (situations[current.from] ?? null)) {
    const { move } = current;
    steps.unshift(
      move ? { element: move.element, what: move.label } : { element: current.entered[0] ?? "", what: "start" },
    );
  }
  return { ...found, trace: steps };
}

/** The first situation (so the one with the shortest way) for each element where that incident was raised. */
function firstIncidents({ situations }: Exploration, code: string): ReadonlyMap<string, Situation> {
  const first = new Map<string, Situation>();
  for (const situation of situations) {
    for (const token of Object.values(situation.state.tokens))
      if (token.incident?.code === code && !first.has(token.element)) first.set(token.element, situation);
  }
  return first;
}

function deadlocks(exploration: Exploration): readonly Found[] {
  const incidents = firstIncidents(exploration, "JOIN_NEVER_COMPLETES");
  return [...incidents].map(([element, at]) => ({
    at,
    problem: problem(
      "SOUNDNESS_DEADLOCK",
      element,
      `死锁：${element} 等待一个永远不会到来的分支；请检查之前的分支和汇聚是否配对`,
      `Deadlock: ${element} waits for a branch that never comes; see that the split before it and this join match`,
    ),
  }));
}

function endlessLoops(exploration: Exploration): readonly Found[] {
  const incidents = firstIncidents(exploration, "STEP_BUDGET_EXCEEDED");
  return [...incidents].slice(0, 1).map(([element, at]) => ({
    at,
    problem: warning(
      "SOUNDNESS_ENDLESS_LOOP",
      element,
      `经过 ${element} 的循环中没有需要等待的环节，条件一直成立时流程会空转`,
      `The loop through ${element} waits for nothing; while its condition holds the case goes round for ever`,
    ),
  }));
}

function uncaughtErrors(exploration: Exploration): readonly Found[] {
  const incidents = firstIncidents(exploration, "ERROR_UNCAUGHT");
  return [...incidents].map(([element, at]) => ({
    at,
    problem: warning(
      "SOUNDNESS_ERROR_UNCAUGHT",
      element,
      `${element} 抛出的错误无人捕获，案件会在此停住`,
      `Nothing catches the error that ${element} throws: the case stops there as an incident`,
    ),
  }));
}

/** Two tokens of one scope at one element, though nothing that happens several times has happened. */
function unsynchronised({ situations }: Exploration): readonly Found[] {
  const found = new Map<string, Situation>();
  for (const situation of situations) {
    if (situation.multiplied) continue;
    const seen = new Set<string>();
    for (const token of Object.values(situation.state.tokens)) {
      const place = `${token.scope} ${token.element}`;
      if (seen.has(place) && token.at !== "joining" && !found.has(token.element)) found.set(token.element, situation);
      seen.add(place);
    }
  }
  return [...found].map(([element, at]) => ({
    at,
    problem: warning(
      "SOUNDNESS_NOT_SYNCHRONISED",
      element,
      `并行分支未汇聚就到达 ${element}，同一环节会执行多次`,
      `Parallel branches reach ${element} without having been joined: the step is done more than once`,
    ),
  }));
}

function deadSteps(
  model: ProcessModel,
  called: ReadonlyMap<string, ProcessModel>,
  { entered }: Exploration,
): readonly Found[] {
  const leftOpen = reachableFrom(model, boundaryOfUnknownCalls(model, called));
  return [...model.elements.values()]
    .filter((node) => !entered.has(node.id) && !leftOpen.has(node.id) && isStep(model, node.id))
    .map((node) => ({
      at: null,
      problem: warning(
        "SOUNDNESS_DEAD_STEP",
        node.id,
        `无论怎样办理，流程都不会到达 ${node.id}`,
        `Whatever happens, no case ever comes to ${node.id}`,
      ),
    }));
}

/** Boundary events of calls whose process is not at hand: nobody can say whether it throws what they catch. */
function boundaryOfUnknownCalls(model: ProcessModel, called: ReadonlyMap<string, ProcessModel>): readonly string[] {
  return [...model.elements.values()].flatMap((node) =>
    node.kind === "callActivity" && node.calledProcess !== model.id && !called.has(node.calledProcess)
      ? node.boundary
      : [],
  );
}

/** Elements that a case should be able to come to; a boundary event counts with what follows it. */
function isStep(model: ProcessModel, id: string): boolean {
  const node = model.elements.get(id);
  return node !== undefined && node.kind !== "boundaryEvent" && !("forCompensation" in node && node.forCompensation);
}

/** Situations from which no end can be reached any more although things still happen. */
function noWayOut({ situations, next }: Exploration): readonly Found[] {
  // A case that stands still has ended, or is told as a deadlock or an incident of its own.
  const ends = situations.filter(({ id }) => (next[id] ?? []).length === 0).map(({ id }) => id);
  const before: number[][] = situations.map(() => []);
  next.forEach((targets, from) => {
    for (const target of targets) before[target]?.push(from);
  });
  const canEnd = new Set<number>();
  for (let id = ends.pop(); id !== undefined; id = ends.pop()) {
    if (canEnd.has(id)) continue;
    canEnd.add(id);
    ends.push(...(before[id] ?? []));
  }
  const trapped = situations.find(({ id }) => !canEnd.has(id));
  if (!trapped) return [];
  const place = Object.values(trapped.state.tokens).find((token) => token.at !== "armed")?.element ?? null;
  return [
    {
      at: trapped,
      problem: problem(
        "SOUNDNESS_NO_END",
        place,
        `进入 ${place ?? "此处"} 之后，流程再也无法结束`,
        `Once a case is at ${place ?? "this point"}, it can never end`,
      ),
    },
  ];
}
