import { localMinute } from "../../engine/calendar/dates.ts";
import type { Actor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import { outcomeLabel } from "./outcomes.ts";

interface Named {
  readonly zh: string;
  readonly en: string;
}

const because: Readonly<Record<string, Named>> = {
  notNeeded: { zh: "他人已办结，不再需要", en: "no longer needed, others have settled it" },
  removed: { zh: "已减签", en: "the signer was removed" },
  returned: { zh: "案件已退回", en: "the case was returned" },
  jumped: { zh: "案件已跳转", en: "the case was jumped onward" },
  takenBack: { zh: "上一环节已撤回", en: "the step before took it back" },
  dismissed: { zh: "征询已撤回", en: "the request was withdrawn" },
  absent: { zh: "已标记缺席", en: "marked absent" },
};

const cancelled: Named = { zh: "已取消", en: "cancelled" };
const timeOver: Named = { zh: "时间已到，流程已转入后续环节", en: "its time was over, and the process went on" };

/** What a person did that ended somebody else's work, by the line of the journal that tells of it. */
const doings: Readonly<Record<string, Named>> = {
  "case.returned": { zh: "退回案件", en: "returned the case" },
  "jump.done": { zh: "确认跳转", en: "confirmed a jump" },
  "decision.takenBack": { zh: "撤回上一环节的办理", en: "took the step before back" },
  "signer.removed": { zh: "减签", en: "took the signer out" },
  "signer.excused": { zh: "标记缺席", en: "went on without the signer" },
  "work.dismissed": { zh: "撤回请求", en: "withdrew the request" },
  "task.handedOver": { zh: "办理离职移交", en: "signed off the one who had it" },
  "decision.taken": { zh: "办结本环节", en: "settled the step" },
  "case.terminated": { zh: "终止案件", en: "ended the case" },
  "application.withdrawn": { zh: "撤销申请", en: "withdrew the application" },
};

/** Says who did what to a task that is over, for whoever came too late. */
export async function closedBefore(query: Query, task: Row): Promise<RuntimeProblem> {
  const closedAt = optionalText(task, "completed_at");
  const at = closedAt === null ? "—" : localMinute(closedAt);
  if (text(task, "state") === "completed") return doneBefore(task, at);
  const ended = closedAt === null ? null : await endedBy(query, task, closedAt);
  if (ended)
    return closed({
      zh: `${ended.who} 已于 ${at} ${ended.doing.zh}，此任务已结束`,
      en: `${ended.who} ${ended.doing.en} at ${at}; this task is over`,
    });
  const reason = whyClosed(task) ?? (closedAt !== null && (await ranOut(query, task, closedAt)) ? timeOver : cancelled);
  return closed({
    zh: `系统 已于 ${at} 结束此任务（${reason.zh}）`,
    en: `The system closed this task at ${at} (${reason.en})`,
  });
}

/** What the row of a task without a decision says about its end; `null` where it says nothing. */
export function whyClosed(task: Row): Named | null {
  return because[optionalText(task, "closed_because") ?? ""] ?? null;
}

function doneBefore(task: Row, at: string): RuntimeProblem {
  const name = optionalText(task, "assignee_name");
  if (text(task, "kind") !== "decide")
    return closed({ zh: `${name ?? ""} 已于 ${at} 答复`, en: `${name ?? ""} answered at ${at}` });
  const code = optionalText(task, "outcome") ?? "";
  const outcome = code === "" ? { zh: "完成", en: "done" } : outcomeLabel(code, optionalText(task, "form"));
  return closed({
    zh: `${name ?? "系统"} 已于 ${at} 办理此任务（${outcome.zh}）`,
    en: `${name ?? "The system"} closed this task at ${at} (${outcome.en})`,
  });
}

/** The person whose operation ended the task, and what it was; `null` where the system did. */
async function endedBy(query: Query, task: Row, at: string): Promise<{ who: string; doing: Named } | null> {
  const types = Object.keys(doings);
  const lines = await query(
    `SELECT type, actor FROM journal WHERE instance_id = ? AND at = ? AND type IN (${placesFor(types)}) ORDER BY seq DESC`,
    [text(task, "instance_id"), at, ...types],
  );
  for (const line of lines) {
    const actor = json<Actor>(line, "actor");
    const doing = doings[text(line, "type")];
    if (actor.kind === "person" && doing) return { who: actor.name, doing };
  }
  return null;
}

/** Whether a timer ended the task. */
async function ranOut(query: Query, task: Row, at: string): Promise<boolean> {
  const lines = await query("SELECT id FROM journal WHERE instance_id = ? AND at = ? AND type = 'timer.fired'", [
    text(task, "instance_id"),
    at,
  ]);
  return lines.length > 0;
}

function closed(detail: Named): RuntimeProblem {
  return new RuntimeProblem(409, "TASK_CLOSED", detail);
}
