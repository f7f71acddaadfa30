import type { z } from "zod";
import type { Json } from "../../../engine/expressions/json.ts";
import { variablesAt } from "../../../engine/execution/variables.ts";
import { mayDo } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import { recordDecision, seenAt, type SeenItem } from "../../runtime/decision-record.ts";
import type { Within } from "../../runtime/dispatch.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import type { completeBody } from "./tasks.schema.ts";
import { checkForm } from "./form-check.ts";
import { localMinute } from "../present.ts";
import { outcomeTerms } from "./outcomes.ts";
import { usedUp } from "./used-up.ts";
import { askedItems, grantedItemsField, stepForm } from "./step-form.ts";
import { chosenReasons } from "./reason-codes.ts";

type Decision = z.infer<typeof completeBody>;

/** Form fields that a process reads by their own name; all others stay under `forms`. */
const processFields: ReadonlySet<string> = new Set(["extensionDays", "extensionReason", grantedItemsField]);

/** A person decides. Rights, revision and form are checked inside the transaction that acts, so nothing can change in between. */
export async function completeTask(
  runtime: Runtime,
  principal: Principal,
  taskId: string,
  decision: Decision,
  commandId: string | null,
): Promise<void> {
  const [found] = await runtime.store.read("SELECT instance_id, organisation_id FROM task WHERE id = ?", [taskId]);
  if (!found) throw notFound();
  let task: Row | null = null;
  let seen: readonly SeenItem[] = [];
  let written: Readonly<Record<string, Json>> = {};
  await runtime.dispatch({
    instanceId: text(found, "instance_id"),
    actor: { kind: "person", id: principal.id, name: principal.name, organisation: text(found, "organisation_id") },
    commandId: commandId === null ? null : `${taskId}:${commandId}`,
    decide: async (within) => {
      task = await lockTask(runtime, principal, within, taskId, decision.rev);
      checkDecision(runtime, within, task, decision);
      const variables = variablesAt(within.state, text(task, "wait_id"));
      seen = seenAt(within.state, text(task, "wait_id"));
      const values = checkForm(
        stepForm(runtime, optionalText(task, "form"), text(within.instance, "process_key"), variables),
        decision.form,
      );
      written = values;
      const own = Object.fromEntries(Object.entries(values).filter(([key]) => processFields.has(key)));
      const forms = variables["forms"];
      const filled = new Map<string, Json>(typeof forms === "object" && forms !== null ? Object.entries(forms) : []);
      filled.set(text(task, "element"), values);
      return {
        type: "completeTask",
        wait: text(task, "wait_id"),
        outcome: decision.outcome,
        variables: { ...own, forms: Object.fromEntries(filled) },
      };
    },
    also: async (within) => {
      const { tx, now } = within;
      if (!task) throw notFound();
      const record = await recordDecision(within, task, seen, { ...decision, person: principal, written });
      await tx.execute(
        "UPDATE task SET assignee_id = ?, assignee_name = ?, reason_code = ?, citation = ?, opinion = ? WHERE id = ?",
        [principal.id, principal.name, decision.reasonCode, decision.citation, decision.opinion, taskId],
      );
      if (decision.outcome === "delivered")
        await tx.execute("UPDATE delivery SET delivered_at = ? WHERE instance_id = ?", [
          now,
          text(found, "instance_id"),
        ]);
      const payload = {
        task: taskId,
        outcome: decision.outcome,
        reasonCode: decision.reasonCode,
        citation: decision.citation,
        opinion: decision.opinion,
        ...(decision.objection === null ? {} : { objection: { ...decision.objection } }),
        record,
      };
      const organisation = text(found, "organisation_id");
      return [
        {
          at: now,
          type: "decision.taken",
          element: text(task, "element"),
          actor: { kind: "person" as const, id: principal.id, name: principal.name, organisation },
          payload,
        },
      ];
    },
  });
}

/** The task as it stands in this transaction, if this person may act on it now. Otherwise says who was quicker. */
export async function lockTask(
  runtime: Runtime,
  principal: Principal,
  { tx, instance }: Within,
  taskId: string,
  rev: number,
): Promise<Row> {
  const [task] = await tx.query("SELECT * FROM task WHERE id = ?", [taskId]);
  if (!task) throw notFound();
  const assignee = optionalText(task, "assignee_id");
  const holder = {
    type: "task.work" as const,
    organisation: text(task, "organisation_id"),
    role: text(task, "role"),
    startedBy: text(instance, "started_by"),
  };
  if (!mayDo(principal, { ...holder, assignee: null }, runtime.content)) throw notFound();
  if (text(task, "state") !== "open") {
    throw closedBefore(task);
  }
  if (!mayDo(principal, { ...holder, assignee }, runtime.content)) {
    const who = optionalText(task, "assignee_name") ?? "";
    throw new RuntimeProblem(
      409,
      "TASK_CLAIMED",
      { zh: `${who} 已认领此任务`, en: `${who} has claimed this task` },
      { zh: "请由认领人办理或先释放", en: "Let them act, or have them release it first" },
    );
  }
  if (integer(task, "rev") !== rev) {
    throw new RuntimeProblem(
      409,
      "TASK_CHANGED",
      { zh: "您打开之后任务已有变化", en: "The task has changed since you opened it" },
      { zh: "请刷新后再办理", en: "Refresh and decide again" },
    );
  }
  return task;
}

function closedBefore(task: Row): RuntimeProblem {
  const closedAt = optionalText(task, "completed_at");
  const at = closedAt === null ? "—" : localMinute(closedAt);
  const code = optionalText(task, "outcome");
  const outcome =
    code === null ? { zh: "已取消", en: "cancelled" } : (outcomeTerms[code]?.label ?? { zh: code, en: code });
  const who = optionalText(task, "assignee_name");
  return new RuntimeProblem(409, "TASK_CLOSED", {
    zh: `${who ?? "系统"} 已于 ${at} 办理此任务（${outcome.zh}）`,
    en: `${who ?? "The system"} closed this task at ${at} (${outcome.en})`,
  });
}

function checkDecision(runtime: Runtime, within: Within, task: Row, decision: Decision): void {
  const problems: { code: string; place: string; message: { zh: string; en: string } }[] = [];
  const variables = variablesAt(within.state, text(task, "wait_id"));
  const outcomes = text(task, "outcomes")
    .split(" ")
    .filter((outcome) => outcome !== "");
  if (outcomes.length > 0 && !outcomes.includes(decision.outcome ?? "")) {
    problems.push({
      code: "OUTCOME_NOT_ALLOWED",
      place: "outcome",
      message: { zh: `结论须为 ${outcomes.join("、")} 之一`, en: `The outcome is one of ${outcomes.join(", ")}` },
    });
  }
  const term = outcomeTerms[decision.outcome ?? ""];
  if (term?.needsOpinion && decision.opinion.trim() === "") {
    problems.push({
      code: "OPINION_MISSING",
      place: "opinion",
      message: { zh: "此结论须填写意见", en: "This outcome needs an opinion" },
    });
  }
  if (term?.needsReasonCode) problems.push(...reasonProblems(runtime, decision));
  if (decision.outcome === "partial") problems.push(...grantProblems(runtime, variables, decision));
  const exhausted = usedUp(runtime, within.instance, variables, decision.outcome);
  if (exhausted) problems.push({ code: exhausted.code, place: "outcome", message: { ...exhausted.message } });
  if (problems.length > 0)
    throw new RuntimeProblem(
      422,
      "DECISION_INVALID",
      { zh: "办理意见有以下需要更正之处，未作任何处理", en: "The decision needs these corrections; nothing was done" },
      { zh: "请更正后再提交", en: "Correct them and send again" },
      problems,
    );
}

function reasonProblems(
  runtime: Runtime,
  decision: Decision,
): { code: string; place: string; message: { zh: string; en: string } }[] {
  const reason = chosenReasons(runtime).find(({ code }) => code === decision.reasonCode);
  if (!reason)
    return [
      {
        code: "REASON_CODE_MISSING",
        place: "reasonCode",
        message: { zh: "请选择法定理由代码（R1–R11）", en: "Choose a reason code (R1–R11)" },
      },
    ];
  const allowed = outcomeTerms[decision.outcome ?? ""]?.reasonCodes;
  if (allowed && !allowed.includes(reason.code))
    return [
      {
        code: "REASON_CODE_NOT_ALLOWED",
        place: "reasonCode",
        message: {
          zh: `此结论只能依据 ${allowed.join("、")}`,
          en: `This outcome may only rest on ${allowed.join(", ")}`,
        },
      },
    ];
  const problems: { code: string; place: string; message: { zh: string; en: string } }[] = [];
  if (reason.needsCitation && (decision.citation ?? "").trim() === "") {
    problems.push({
      code: "CITATION_MISSING",
      place: "citation",
      message: {
        zh: `${reason.code} 须引用依据：${reason.needs.zh}`,
        en: `${reason.code} needs a citation: ${reason.needs.en}`,
      },
    });
  }
  if (decision.opinion.trim().length < reason.minimumReasonLength) {
    problems.push({
      code: "REASON_TOO_SHORT",
      place: "opinion",
      message: {
        zh: `${reason.code} 的理由至少 ${reason.minimumReasonLength} 字：${reason.needs.zh}`,
        en: `${reason.code} needs reasons of at least ${reason.minimumReasonLength} characters: ${reason.needs.en}`,
      },
    });
  }
  return problems;
}

/** A partial grant says which of the items asked for it grants: none of them is a refusal, all of them an approval. */
function grantProblems(
  runtime: Runtime,
  variables: Readonly<Record<string, Json>>,
  decision: Decision,
): { code: string; place: string; message: { zh: string; en: string } }[] {
  const granted = decision.form[grantedItemsField];
  const count = Array.isArray(granted) ? new Set(granted).size : 0;
  const asked = askedItems(runtime, variables).length;
  if (count > 0 && count < asked) return [];
  return [
    {
      code: "GRANTED_ITEMS_NOT_PARTIAL",
      place: `form.${grantedItemsField}`,
      message: {
        zh: `部分同意须勾选所申请 ${asked} 个数据项中的一部分`,
        en: `A partial grant names some, not all, of the ${asked} items asked for`,
      },
    },
  ];
}
