import { localMinute } from "../../engine/calendar/dates.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { outcomeTerms } from "./outcomes.ts";

const because: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  notNeeded: { zh: "他人已办结，不再需要", en: "no longer needed, others have settled it" },
  removed: { zh: "已减签", en: "the signer was removed" },
  returned: { zh: "案件已退回", en: "the case was returned" },
  takenBack: { zh: "上一环节已撤回", en: "the step before took it back" },
  dismissed: { zh: "征询已撤回", en: "the request was withdrawn" },
  absent: { zh: "已标记缺席", en: "marked absent" },
};

/** Says who did what to a task that is over, for whoever came too late. */
export function closedBefore(task: Row): RuntimeProblem {
  const closedAt = optionalText(task, "completed_at");
  const at = closedAt === null ? "—" : localMinute(closedAt);
  const code = optionalText(task, "outcome");
  const reason = because[optionalText(task, "closed_because") ?? ""] ?? { zh: "已取消", en: "cancelled" };
  const isAnswer = text(task, "kind") !== "decide" && text(task, "state") === "completed";
  if (isAnswer) return answeredBefore(optionalText(task, "assignee_name") ?? "", at);
  const outcome = code === null ? reason : (outcomeTerms[code]?.label ?? { zh: code, en: code });
  const who = optionalText(task, "assignee_name");
  return new RuntimeProblem(409, "TASK_CLOSED", {
    zh: `${who ?? "系统"} 已于 ${at} 办理此任务（${outcome.zh}）`,
    en: `${who ?? "The system"} closed this task at ${at} (${outcome.en})`,
  });
}

function answeredBefore(who: string, at: string): RuntimeProblem {
  return new RuntimeProblem(409, "TASK_CLOSED", { zh: `${who} 已于 ${at} 答复`, en: `${who} answered at ${at}` });
}
