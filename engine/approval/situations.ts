import { mayOperate, operations, type CaseState, type Operation, type OperationRule } from "./operations.ts";

interface Named {
  readonly zh: string;
  readonly en: string;
}

interface CaseSituation {
  readonly name: Named;
  readonly case: CaseState;
  /** Whether every clock of the case stands still. */
  readonly clockPaused: boolean;
}

const alive = (zh: string, en: string, more: Partial<CaseSituation> = {}): CaseSituation => ({
  name: { zh, en },
  case: "running",
  clockPaused: false,
  ...more,
});

/** Where a case can stand when somebody operates on it. Every operation is tried in each of them (test/operations). */
export const caseSituations = {
  single: alive("单一环节", "single step"),
  parallelBranch: alive("并行分支", "parallel branch"),
  subProcess: alive("子流程", "sub-process"),
  calledProcess: alive("被调用的流程", "called process"),
  multiInstance: alive("多实例", "multi-instance"),
  pausedClock: alive("暂停计时", "paused clock", { clockPaused: true }),
  suspended: alive("已挂起", "suspended case", { case: "suspended", clockPaused: true }),
  migrated: alive("换版后", "migrated case"),
  ended: alive("已办结", "ended case", { case: "ended" }),
} as const satisfies Readonly<Record<string, CaseSituation>>;
export type CaseSituationName = keyof typeof caseSituations;

/** Whether an operation works in a situation, for whom it is and on the work that it is for; otherwise the code and the reason. */
export type Cell = { readonly works: true } | { readonly works: false; readonly code: string; readonly because: Named };

/** What no process can be drawn for, whatever the matrix says: its publication is refused. */
const undrawn: Partial<Record<Operation, Partial<Record<CaseSituationName, Extract<Cell, { works: false }>>>>> = {
  choose: {
    multiInstance: {
      works: false,
      code: "CHOICE_OF_SEVERAL",
      because: {
        zh: "多实例的任务不能人工选择，流程不予发布",
        en: "a task that runs several times chooses nothing; such a process is not published",
      },
    },
  },
};

const taskClosed: Named = { zh: "任务已随案件结束", en: "the task is over with its case" };

/** One cell of the table of operations and situations, from the matrix that the door itself asks. */
export function cellOf(operation: Operation, situation: CaseSituationName): Cell {
  const refused = undrawn[operation]?.[situation];
  if (refused) return refused;
  const rule: OperationRule = operations[operation];
  const at: CaseSituation = caseSituations[situation];
  if (at.case === "ended" && rule.task !== null) return { works: false, code: "TASK_CLOSED", because: taskClosed };
  const [state] = rule.task ?? [];
  const [kind] = rule.kinds;
  const task = state && kind ? { state, kind } : null;
  const asked = { task, case: at.case, clockPaused: at.clockPaused, forbidden: [] };
  const verdict = mayOperate(operation, new Set(rule.by), asked);
  return verdict.allowed ? { works: true } : { works: false, code: verdict.code, because: verdict.because };
}
