import type { StoredClock } from "../runtime/clock-rows.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import type { Announcement } from "./announce.ts";
import type { StepTold } from "./from-events.ts";

const words = {
  decided: { zh: "环节已办理", en: "step decided" },
  returned: { zh: "已退回", en: "returned" },
  supplement: { zh: "要求补正", en: "supplement asked for" },
  suspended: { zh: "已中止办理", en: "suspended" },
  resumed: { zh: "已恢复办理", en: "resumed" },
  overdue: { zh: "已逾期", en: "overdue" },
  delivered: { zh: "数据已提供", en: "data delivered" },
  ended: { zh: "已办结", en: "closed" },
} as const;
export type Milestone = keyof typeof words;

interface Happened {
  readonly tasks: readonly Row[];
  readonly breached: readonly StoredClock[];
  readonly isDelivered: boolean;
}

/** What those who watch a case are told of a step: that it came on, and never what was decided or filled in. */
export function milestonesOf(step: StepTold, { tasks, breached, isDelivered }: Happened): readonly Announcement[] {
  if (!step.isWatched) return [];
  const about = { instanceId: step.instanceId, at: step.now, by: step.by };
  const has = (type: string) => step.events.some((event) => event.type === type);
  return [
    ...decidedIn(step, tasks).map((task) => milestone(about, "decided", stepOf(task))),
    ...(isDelivered ? [milestone(about, "delivered")] : []),
    ...(has("process.suspended") ? [milestone(about, "suspended")] : []),
    ...(has("process.resumed") ? [milestone(about, "resumed")] : []),
    ...breached.map(({ resolved: { name } }) =>
      milestone({ ...about, by: null }, "overdue", { "step.zh": name.zh, "step.en": name.en }),
    ),
    ...(step.isEnded ? [milestone(about, "ended")] : []),
  ];
}

/** One announcement to whoever watches the case at the moment. `more` names the step or the limit. */
export function milestone(
  { instanceId, at, by }: Pick<Announcement, "instanceId" | "at" | "by">,
  which: Milestone,
  more: Readonly<Record<string, string>> = {},
): Announcement {
  const { zh, en } = words[which];
  const params = { "milestone.zh": zh, "milestone.en": en, ...more };
  return { kind: "case.milestone", instanceId, taskId: null, to: [{ watchers: true }], params, at, by };
}

/** Steps that were decided: one for all who signed it. What the system closed or carried over is no milestone. */
function decidedIn({ events }: StepTold, tasks: readonly Row[]): readonly Row[] {
  const completed = new Set(events.flatMap((event) => (event.type === "task.completed" ? [event.wait] : [])));
  const decided = tasks.filter(
    (task) =>
      completed.has(text(task, "wait_id")) &&
      text(task, "kind") === "decide" &&
      text(task, "state") === "completed" &&
      optionalText(task, "assignee_id") !== null,
  );
  return [...new Map(decided.map((task) => [text(task, "wait_id"), task])).values()];
}

function stepOf(task: Row): Readonly<Record<string, string>> {
  return { "step.zh": text(task, "name"), "step.en": text(task, "name_en") };
}
