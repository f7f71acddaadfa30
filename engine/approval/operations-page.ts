import {
  capacities,
  operationNames,
  operations,
  type Capacity,
  type CaseState,
  type OperationRule,
  type TaskState,
} from "./operations.ts";
import { caseSituations, cellOf, type CaseSituationName } from "./situations.ts";

type Named = OperationRule["name"];

const taskStates: Readonly<Record<TaskState, Named>> = {
  open: { zh: "待办", en: "open" },
  waiting: { zh: "等待", en: "waiting" },
  completed: { zh: "已办", en: "completed" },
  cancelled: { zh: "已取消", en: "cancelled" },
};
const caseStates: Readonly<Record<CaseState, Named>> = {
  running: { zh: "办理中", en: "running" },
  suspended: { zh: "已挂起", en: "suspended" },
  ended: { zh: "已办结", en: "ended" },
};
const kinds: Readonly<Record<OperationRule["kinds"][number], Named>> = {
  decide: { zh: "决定", en: "decision" },
  delegated: { zh: "委派", en: "delegated" },
  consult: { zh: "征询", en: "consultation" },
  coHandle: { zh: "协办", en: "co-handling" },
};
const yes: Named = { zh: "是", en: "yes" };
const no: Named = { zh: "否", en: "no" };
const wholeCase: Named = { zh: "整个案件", en: "the case" };

/** The page `docs/operations.md`, generated so that it cannot tell anything else than the matrix does. */
export function operationsPage(): string {
  const rules = Object.entries<OperationRule>(operations);
  const held = Object.keys(capacities).filter(isCapacity);
  const situations = Object.keys(caseSituations).filter(isSituation);
  return [
    "# 可办理的操作 What can be done to a task",
    "",
    "Generated from `engine/approval/operations.ts` by `node scripts/operations-page.mjs`; a test keeps it true. A process",
    "(`jieli:forbids`) or a route table (`forbids`) may only take operations away from a step. Rights are asked anew whenever",
    "somebody acts; a substitute acts in the capacity of whom they stand in for.",
    "",
    "本页由代码生成。流程（`jieli:forbids`）或路由表（`forbids`）只能减少某环节可用的操作；每次办理时重新核对权限；代理人按被代理人的身份办理。",
    "",
    "## 谁可以办理 Who may do it",
    "",
    table(
      ["操作 Operation", ...held.map((capacity) => both(capacities[capacity]))],
      rules.map(([key, { name, by }]) => [
        `${both(name)} \`${key}\``,
        ...held.map((capacity) => (by.includes(capacity) ? "✓" : "")),
      ]),
    ),
    "",
    "## 何时可以办理 When",
    "",
    table(
      [
        "操作 Operation",
        "任务状态 Task",
        "任务性质 Work",
        "案件状态 Case",
        "停止计时时可否 While paused",
        "须说明理由 Reason",
        "对时限的影响 Clock",
      ],
      rules.map(([key, rule]) => [
        `${both(rule.name)} \`${key}\``,
        rule.task === null ? both(wholeCase) : all(rule.task.map((state) => taskStates[state])),
        rule.task === null ? "" : all(rule.kinds.map((kind) => kinds[kind])),
        all(rule.cases.map((state) => caseStates[state])),
        both(rule.whilePaused ? yes : no),
        both(rule.needsReason ? yes : no),
        both(rule.clock),
      ]),
    ),
    "",
    "## 何种情形下可以办理 In which situation",
    "",
    "✓: it works, by whom it is for and on the work that it is for, and the history tells of it. Otherwise it is refused with this",
    "code and reason, and nothing changes. Each cell is a test (`test/operations/table.test.ts`). Drafts and watching are",
    "one's own and no part of the history. In an ended case only what asks nothing of the case any more works.",
    "",
    "✓ 表示可以办理，并记入办理经过；其余按所列代码和理由拒绝，不作任何改动。每一格都有测试。草稿和关注属于个人，不记入办理经过。",
    "",
    table(
      ["操作 Operation", ...situations.map((situation) => both(caseSituations[situation].name))],
      operationNames.map((operation) => [
        both(operations[operation].name),
        ...situations.map((situation) => {
          const cell = cellOf(operation, situation);
          return cell.works ? "✓" : `${both(cell.because)}<br>\`${cell.code}\``;
        }),
      ]),
    ),
    "",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function both({ zh, en }: Named): string {
  return `${zh} ${en}`;
}

function all(names: readonly Named[]): string {
  return names.map(both).join("<br>");
}

function isCapacity(name: string): name is Capacity {
  return name in capacities;
}

function isSituation(name: string): name is CaseSituationName {
  return name in caseSituations;
}
