import type { z } from "zod";
import type { Command } from "../../engine/execution/commands.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { completeBody } from "../api/tasks/tasks.schema.ts";
import { requireCoHandled } from "../handing/ask.ts";
import { dropDraft } from "../drafts/drafts.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import { recordDecision, seenAt, type SeenItem } from "../runtime/decision-record.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import { checkDeliveryStep, recordDeliveryStep, type CompletedStep } from "../sharing/delivery-steps.ts";
import type { Row, Transaction } from "../store/store.ts";
import { checkForm } from "./form-check.ts";
import { operateOnTask } from "./operate.ts";
import { abstention, signingOf, signTask, type Settled, type Signed } from "./sign.ts";
import { outcomeTerms } from "./outcomes.ts";
import { usedUp } from "./used-up.ts";
import { askedItems, grantedItemsField, stepForm } from "./step-form.ts";
import { chosenReasons } from "./reason-codes.ts";

type Decision = z.infer<typeof completeBody>;

/** Form fields that a process reads by their own name; all others stay under `forms`. */
const processFields: ReadonlySet<string> = new Set(["extensionDays", "extensionReason", grantedItemsField]);

/**
 * A person decides, or gives their vote where several sign. Rights, revision and form are checked inside the transaction that
 * acts, so nothing can change in between. Errors of the door (`operateOnTask`), 422 for what needs correcting.
 */
export async function completeTask(
  runtime: Runtime,
  principal: Principal,
  taskId: string,
  decision: Decision,
  commandId: string | null,
): Promise<void> {
  const request = { principal, taskId, operation: "decide", rev: decision.rev, reason: null, commandId } as const;
  let seen: readonly SeenItem[] = [];
  let written: Readonly<Record<string, Json>> = {};
  let signed: Signed | null = null;
  let settled: Settled | null = null;
  await operateOnTask(runtime, request, {
    decide: async (within, { task, actor }) => {
      await requireCoHandled(within, taskId);
      const round = await signingOf(within, task);
      checkDecision(runtime, within, task, { ...decision, mayAbstain: round?.policy.parameters.abstain ?? false });
      seen = seenAt(within.state, text(task, "wait_id"));
      written = decision.outcome === abstention ? {} : checkedForm(runtime, within, task, decision);
      await checkDeliveryStep(within, deliveryStep(task, { outcome: decision.outcome, written }));
      await writeDecision(within.tx, task, actor, decision);
      signed = await signTask(within, task, { outcome: decision.outcome, written });
      settled = signed === null ? { outcome: decision.outcome, written } : signed.settled;
      return settled ? completionOf(within, task, settled) : null;
    },
    also: async (within, { task, actor }) => {
      const taken = { ...decision, person: principal, onBehalfOf: actor.onBehalfOf ?? null, written };
      const record = await recordDecision(within, task, seen, taken);
      await dropDraft(within.tx, principal.id, `task.${taskId}`);
      return [
        decisionLine(within.now, task, actor, { ...decision, record }),
        ...(signed?.lines ?? []),
        ...(settled ? await recordDeliveryStep(within, deliveryStep(task, settled), actor) : []),
      ];
    },
  });
}

function checkedForm(
  runtime: Runtime,
  { state, instance }: Within,
  task: Row,
  decision: Decision,
): Readonly<Record<string, Json>> {
  const variables = variablesAt(state, text(task, "wait_id"));
  const form = stepForm(runtime, optionalText(task, "form"), text(instance, "process_key"), variables);
  return checkForm(form, decision.form);
}

function completionOf({ state }: Within, task: Row, { outcome, written }: Settled): Command {
  const wait = text(task, "wait_id");
  const own = Object.fromEntries(Object.entries(written).filter(([key]) => processFields.has(key)));
  const { forms } = variablesAt(state, wait);
  const filled = new Map<string, Json>(typeof forms === "object" && forms !== null ? Object.entries(forms) : []);
  filled.set(text(task, "element"), written);
  return { type: "completeTask", wait, outcome, variables: { ...own, forms: Object.fromEntries(filled) } };
}

function deliveryStep(task: Row, { outcome, written }: Settled): CompletedStep {
  return { form: optionalText(task, "form"), outcome, values: written };
}

async function writeDecision(tx: Transaction, task: Row, actor: PersonActor, decision: Decision): Promise<void> {
  const { onBehalfOf } = actor;
  await tx.execute(
    `UPDATE task SET assignee_id = ?, assignee_name = ?, on_behalf_id = ?, on_behalf_name = ?, reason_code = ?, citation = ?, opinion = ?
     WHERE id = ?`,
    [
      actor.id,
      actor.name,
      onBehalfOf?.id ?? null,
      onBehalfOf?.name ?? null,
      decision.reasonCode,
      decision.citation,
      decision.opinion,
      text(task, "id"),
    ],
  );
}

function decisionLine(
  at: string,
  task: Row,
  actor: PersonActor,
  { outcome, reasonCode, citation, opinion, objection, record }: Decision & { readonly record: string },
): JournalLine {
  return {
    at,
    type: "decision.taken",
    element: text(task, "element"),
    actor,
    payload: {
      task: text(task, "id"),
      outcome,
      reasonCode,
      citation,
      opinion,
      ...(objection === null ? {} : { objection: { ...objection } }),
      record,
    },
  };
}

function checkDecision(
  runtime: Runtime,
  within: Within,
  task: Row,
  decision: Decision & { readonly mayAbstain: boolean },
): void {
  if (decision.mayAbstain && decision.outcome === abstention) return;
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
