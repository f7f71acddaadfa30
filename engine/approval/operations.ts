/**
 * Everything that can be done to a task or to its case, by whom and when: the one command set. A process or a route may forbid
 * some of it for a step (`forbidden`), and can never allow more. `docs/operations.md` is made from this table.
 */

/** In what capacity somebody acts. A substitute acts in the capacity of whom they stand in for. */
export const capacities = {
  assignee: { zh: "承办人", en: "assignee" },
  candidate: { zh: "候选人", en: "candidate" },
  owner: { zh: "委派人", en: "delegating owner" },
  adder: { zh: "加签人", en: "who added the signer" },
  head: { zh: "单位负责人", en: "head of the organisation" },
  previousActor: { zh: "上一环节办理人", en: "who took the previous step" },
  applicant: { zh: "申请人", en: "applicant" },
  overseer: { zh: "主管监督人员", en: "overseer of the region" },
  participant: { zh: "案件参与方", en: "participant" },
} as const;
export type Capacity = keyof typeof capacities;

/** `decide`: one's own decision or vote. The others were asked of somebody by whoever decides. */
export const workKinds = ["decide", "delegated", "consult", "coHandle"] as const;
export type WorkKind = (typeof workKinds)[number];

/** `waiting`: somebody else must act first (a delegate, a signer added before). */
export type TaskState = "open" | "waiting" | "completed" | "cancelled";
export type CaseState = "running" | "suspended" | "ended";

interface Named {
  readonly zh: string;
  readonly en: string;
}

export interface OperationRule {
  readonly name: Named;
  readonly by: readonly Capacity[];
  /** States of the task in which it is possible; `null` for an operation on the whole case. */
  readonly task: readonly TaskState[] | null;
  readonly kinds: readonly WorkKind[];
  readonly cases: readonly CaseState[];
  readonly needsReason: boolean;
  /** Whether it makes sense while the step's clock stands still. */
  readonly whilePaused: boolean;
  /** What it does to the clock, in words for the documentation. */
  readonly clock: Named;
}

const goesOn: Named = { zh: "继续计时", en: "runs on" };
const unconcerned: Named = { zh: "无影响", en: "not concerned" };

const onTask = (
  zh: string,
  en: string,
  by: readonly Capacity[],
  rule: Partial<Omit<OperationRule, "name" | "by">> = {},
): OperationRule => ({
  name: { zh, en },
  by,
  task: ["open"],
  kinds: ["decide"],
  cases: ["running"],
  needsReason: false,
  whilePaused: true,
  clock: goesOn,
  ...rule,
});
const onCase = (
  zh: string,
  en: string,
  by: readonly Capacity[],
  rule: Partial<Omit<OperationRule, "name" | "by" | "task">> = {},
): OperationRule => onTask(zh, en, by, { clock: unconcerned, ...rule, task: null });

const everyKind = workKinds;
const alive: readonly CaseState[] = ["running", "suspended"];
const always: readonly CaseState[] = ["running", "suspended", "ended"];

export const operations = {
  decide: onTask("办理", "decide", ["assignee", "candidate"], {
    clock: { zh: "办结后停止", en: "stops with the step" },
  }),
  /** Comes with the decision, where the process lets its handler choose. */
  choose: onTask("选择去向和人员", "choose the branch and the people", ["assignee", "candidate"]),
  answer: onTask("答复", "answer", ["assignee"], { kinds: ["delegated", "consult", "coHandle"] }),
  claim: onTask("认领", "claim", ["candidate"]),
  release: onTask("释放", "release", ["assignee"]),
  assign: onTask("指派", "assign", ["head", "overseer"], { task: ["open", "waiting"], cases: alive }),
  transfer: onTask("转办", "transfer", ["assignee", "head", "overseer"], {
    kinds: everyKind,
    cases: alive,
    needsReason: true,
  }),
  delegate: onTask("委派", "delegate", ["assignee"]),
  recall: onTask("收回委派", "recall a delegation", ["owner"], { task: ["waiting"] }),
  consult: onTask("征询", "consult", ["assignee", "candidate"]),
  coHandle: onTask("协办", "ask to co-handle", ["assignee", "candidate"]),
  dismiss: onTask("撤回征询", "withdraw a request", ["adder"], { kinds: ["consult", "coHandle"] }),
  addSigner: onTask("加签", "add a signer", ["assignee", "overseer"]),
  removeSigner: onTask("减签", "remove a signer", ["adder", "overseer"], {
    task: ["open", "waiting"],
    needsReason: true,
  }),
  excuse: onTask("缺席", "mark absent", ["head", "overseer"], { task: ["open", "waiting"], needsReason: true }),
  return: onTask("退回", "return", ["assignee", "candidate", "overseer"], {
    needsReason: true,
    clock: { zh: "按时限规则继续或重新计时", en: "goes on or restarts, as the limit says" },
  }),
  permitSecondSupplement: onTask("批准二次补正", "permit a second supplement", ["head"], { needsReason: true }),
  withdraw: onTask("撤回", "take back", ["previousActor"], {
    task: ["open", "waiting"],
    clock: { zh: "原环节继续按已用时间计时", en: "the earlier step goes on with what was used" },
  }),
  saveDraft: onTask("暂存", "save a draft", ["assignee", "candidate"], { kinds: everyKind, cases: alive }),
  withdrawApplication: onCase("撤销申请", "withdraw the application", ["applicant"], {
    needsReason: true,
    cases: alive,
    clock: { zh: "停止", en: "stops" },
  }),
  jump: onCase("跳转", "jump", ["overseer"], {
    needsReason: true,
    cases: alive,
    clock: { zh: "按时限规则继续或重新计时", en: "goes on or restarts, as the limit says" },
  }),
  terminate: onCase("终止", "terminate", ["overseer"], {
    needsReason: true,
    cases: alive,
    clock: { zh: "停止", en: "stops" },
  }),
  suspend: onCase("挂起", "suspend", ["overseer"], {
    needsReason: true,
    clock: { zh: "按原因暂停", en: "pauses by its reason" },
  }),
  resume: onCase("恢复", "resume", ["overseer"], {
    cases: ["suspended"],
    needsReason: true,
    clock: { zh: "按剩余时间继续", en: "goes on with what is left" },
  }),
  repair: onCase("修复", "repair", ["overseer"], { cases: alive }),
  restart: onCase("重启", "restart", ["overseer"], {
    cases: ["ended"],
    needsReason: true,
    clock: { zh: "新案重新计时", en: "the new case has clocks of its own" },
  }),
  urge: onCase("催办", "urge", ["applicant", "overseer"], { whilePaused: false }),
  copy: onCase("抄送", "copy to", ["assignee", "candidate", "head", "overseer"], { cases: always }),
  comment: onCase("评论", "comment", ["participant", "overseer"], { cases: always }),
  attach: onCase("添加附件", "attach a file", ["participant", "overseer"], { cases: alive }),
  watch: onCase("关注", "watch", ["participant", "overseer"], { cases: always }),
} as const satisfies Readonly<Record<string, OperationRule>>;

export type Operation = keyof typeof operations;

/** An operation that is taken away from a step, and the rule that does so. */
export interface Forbidding {
  readonly operation: string;
  readonly by: Named;
}

/** What the question is asked about. `clockPaused` and `forbidden` are those of the step; `task` is `null` for the case itself. */
export interface Situation {
  readonly task: { readonly state: TaskState; readonly kind: WorkKind } | null;
  readonly case: CaseState;
  readonly clockPaused: boolean;
  readonly forbidden: readonly Forbidding[];
}

export type Verdict = { readonly allowed: true; readonly capacity: Capacity } | Refusal;

export interface Refusal {
  readonly allowed: false;
  readonly code: RefusalCode;
  readonly message: Named;
  /** The reason alone, as `message` gives it. */
  readonly because: Named;
}

export type RefusalCode =
  | "OPERATION_NOT_YOURS"
  | "OPERATION_FORBIDDEN_HERE"
  | "CASE_STATE_REFUSES"
  | "TASK_STATE_REFUSES"
  | "CLOCK_PAUSED_REFUSES"
  | "WORK_KIND_REFUSES";

/** Whether somebody with these capacities may do it now, and in which of them; otherwise the reason. */
export function mayOperate(operation: Operation, held: ReadonlySet<Capacity>, situation: Situation): Verdict {
  const rule: OperationRule = operations[operation];
  const refuse = (code: RefusalCode, because: Named) => refusal(operation, code, because);
  const capacity = rule.by.find((candidate) => held.has(candidate));
  if (!capacity)
    return refuse(
      "OPERATION_NOT_YOURS",
      held.has("candidate") && rule.by.includes("assignee") ? claimFirst : byWhom(rule),
    );
  if (!rule.cases.includes(situation.case)) return refuse("CASE_STATE_REFUSES", caseReasons[situation.case]);
  const forbidding = situation.forbidden.find((found) => found.operation === operation);
  if (forbidding) return forbiddenVerdict(operation, forbidding);
  if (rule.task !== null && situation.task !== null) {
    if (!rule.kinds.includes(situation.task.kind)) return refuse("WORK_KIND_REFUSES", kindReason);
    if (!rule.task.includes(situation.task.state))
      return refuse("TASK_STATE_REFUSES", taskReasons[situation.task.state]);
  }
  if (situation.clockPaused && !rule.whilePaused)
    return refuse("CLOCK_PAUSED_REFUSES", { zh: "时限已暂停计时", en: "the clock stands still" });
  return { allowed: true, capacity };
}

/** The refusal of what a process or a route takes away from a step, with the rule that does so. */
export function forbiddenVerdict(operation: Operation, { by }: Forbidding): Refusal {
  return refusal(operation, "OPERATION_FORBIDDEN_HERE", {
    zh: `本环节不允许（${by.zh}）`,
    en: `it is forbidden at this step (${by.en})`,
  });
}

function refusal(operation: Operation, code: RefusalCode, because: Named): Refusal {
  const { zh, en } = operations[operation].name;
  return {
    allowed: false,
    code,
    because,
    message: { zh: `不能${zh}：${because.zh}`, en: `Cannot ${en}: ${because.en}` },
  };
}

/** Which operations somebody may do now. */
export function operationsFor(held: ReadonlySet<Capacity>, situation: Situation): readonly Operation[] {
  return operationNames.filter((operation) => mayOperate(operation, held, situation).allowed);
}

export const operationNames = Object.keys(operations).filter(isOperation);

export function isOperation(name: string): name is Operation {
  return name in operations;
}

/** What a process or a route may take away from a step. Without a decision or an answer the step could never end. */
export type Forbiddable = Exclude<Operation, "decide" | "answer"> | "batch";

/** To work through a step in batches is no operation of its own, but may be forbidden: each case is looked at by itself then. */
const inBatches: Named = { zh: "批量办理", en: "work through in batches" };

export function isForbiddable(name: string): name is Forbiddable {
  return name === "batch" || (isOperation(name) && name !== "decide" && name !== "answer");
}

export const forbiddables: readonly Forbiddable[] = [...operationNames, "batch"].filter(isForbiddable);

export function forbiddableName(name: Forbiddable): Named {
  return name === "batch" ? inBatches : operations[name].name;
}

/** For whoever could have the task in hand and has not taken it. */
const claimFirst: Named = { zh: "请先认领此任务", en: "claim the task first" };

function byWhom(rule: OperationRule): Named {
  const whom = rule.by.map((capacity) => capacities[capacity].en.replace(/^who /, "whoever "));
  return {
    zh: `须由${rule.by.map((capacity) => capacities[capacity].zh).join("、")}办理`,
    en: `it is for ${whom.map((name) => (name.startsWith("whoever ") ? name : `the ${name}`)).join(", ")}`,
  };
}

const caseReasons: Readonly<Record<CaseState, Named>> = {
  running: { zh: "案件正在办理", en: "the case is running" },
  suspended: { zh: "案件已挂起", en: "the case is suspended" },
  ended: { zh: "案件已办结", en: "the case has ended" },
};
const taskReasons: Readonly<Record<TaskState, Named>> = {
  open: { zh: "任务待办", en: "the task is open" },
  waiting: { zh: "任务正在等待他人先办理", en: "the task waits for somebody else" },
  completed: { zh: "任务已办理", en: "the task has been done" },
  cancelled: { zh: "任务已取消", en: "the task was cancelled" },
};
const kindReason: Named = {
  zh: "此任务是受托答复，不是决定",
  en: "this piece of work was asked for; it is not the decision",
};
