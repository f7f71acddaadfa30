import { isDeemed } from "../../engine/calendar/deemed-effect.ts";
import type { z } from "zod";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { completeBody } from "../api/tasks/tasks.schema.ts";
import { requireCoHandled } from "../handing/ask.ts";
import type { Principal } from "../identity/sessions.ts";
import type { PersonActor } from "../runtime/actor.ts";
import { recordDecision, seenAt, type SeenItem } from "../runtime/decision-record.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import { dropDraft } from "../drafts/drafts.ts";
import { checkDeliveryStep, recordDeliveryStep, type CompletedStep } from "../sharing/delivery-steps.ts";
import type { Row, Transaction } from "../store/store.ts";
import { choose, type Chosen } from "../choosing/choose.ts";
import { toldItems } from "../forms/item-decisions.ts";
import { noteDrawnSupplement } from "../returning/drawn-supplement.ts";
import { leadBack } from "../returning/lead-back.ts";
import { bindFormFiles } from "../forms/attachments.ts";
import {
  completionOf,
  decisionsFieldAt,
  nothingWritten,
  refuseDecision,
  writtenForm,
  type Written,
} from "./completion.ts";
import { operateOnTask } from "./operate.ts";
import { abstention, signingOf, signTask, type Settled, type Signed } from "./sign.ts";
import { outcomesToChoose, outcomeTerms } from "./outcomes.ts";
import { recordSupplement, supplementOutcome, supplementUse, type SupplementUse } from "../returning/supplement-use.ts";
import { usedUp } from "./used-up.ts";
import { chosenReasons } from "./reason-codes.ts";

type Decision = z.infer<typeof completeBody>;

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
  let written = nothingWritten;
  let signed: Signed | null = null;
  let settled: Settled | null = null;
  let supplement: SupplementUse | null = null;
  let chosen: Chosen | null = null;
  await operateOnTask(runtime, request, {
    decide: async (within, { task, actor }) => {
      await requireCoHandled(within, taskId);
      const round = await signingOf(within, task);
      supplement = await supplementUse(within.tx.query, task, variablesAt(within.state, text(task, "wait_id")));
      const mayAbstain = round?.policy.parameters.abstain ?? false;
      checkDecision(runtime, within, task, { ...decision, mayAbstain, supplement });
      seen = seenAt(within.state, text(task, "wait_id"));
      const inCase = { query: within.tx.query, instance: within.instance, state: within.state, task };
      if (decision.outcome !== abstention) written = await writtenForm({ runtime, principal, decision }, inCase);
      await checkDeliveryStep(within, deliveryStep(task, { outcome: decision.outcome, written: written.values }));
      await writeDecision(within.tx, task, actor, decision);
      const vote = { outcome: decision.outcome, written: written.values, items: written.items };
      const field = round ? await decisionsFieldAt(runtime, inCase) : null;
      signed = await signTask(runtime, within, task, { ...vote, field });
      settled = signed === null ? vote : signed.settled;
      if (!settled) return null;
      const command = await leadBack(runtime, within, completionOf(inCase, settled));
      // The choice of a vote that the result went against decides nothing.
      const choice = settled.outcome === decision.outcome ? decision.choice : null;
      chosen = command && (await choose(within, { runtime, task, actor }, command, choice));
      return chosen?.command ?? null;
    },
    also: async (within, { task, actor }, events) => {
      const taken = {
        ...decision,
        person: principal,
        onBehalfOf: actor.onBehalfOf ?? null,
        written: written.values,
        chose: chosen?.record ?? null,
      };
      const record = await recordDecision(within, task, seen, taken);
      await dropDraft(within.tx, principal.id, `task.${taskId}`);
      if (settled?.outcome === supplementOutcome) {
        const asked = { task, actor, reason: decision.opinion, defects: decision.defects };
        await noteDrawnSupplement(runtime, within, events, asked);
      }
      return [
        decisionLine(within.now, task, actor, { ...decision, record }),
        ...(await filesOf(runtime, within, task, actor, written)),
        ...itemsLine(within.now, task, actor, written),
        ...(signed?.lines ?? []),
        ...(supplement && settled?.outcome === supplementOutcome
          ? await recordSupplement(within, { task, actor, use: supplement })
          : []),
        ...(chosen?.lines ?? []),
        ...(settled ? await recordDeliveryStep(within, deliveryStep(task, settled), actor) : []),
      ];
    },
  });
}

/** Makes the files of what was written part of the case. */
async function filesOf(
  { content }: Runtime,
  { tx, instance, now }: Within,
  task: Row,
  actor: PersonActor,
  { form, values }: Written,
): Promise<readonly JournalLine[]> {
  const place = text(task, "element");
  const binding = { instanceId: text(instance, "id"), taskId: text(task, "id"), actor, at: now };
  return bindFormFiles(tx, content, { form, values, place, ...binding });
}

function itemsLine(at: string, task: Row, actor: PersonActor, { items }: Written): readonly JournalLine[] {
  if (!items) return [];
  return [{ at, type: "items.decided", element: text(task, "element"), actor, payload: toldItems(items) }];
}

function deliveryStep(task: Row, { outcome, written }: Pick<Settled, "outcome" | "written">): CompletedStep {
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
  { outcome, reasonCode, citation, opinion, objection, defects, record }: Decision & { readonly record: string },
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
      ...(defects.length > 0 ? { defects: defects.map((defect) => ({ ...defect })) } : {}),
      record,
    },
  };
}

function checkDecision(
  runtime: Runtime,
  within: Within,
  task: Row,
  decision: Decision & { readonly mayAbstain: boolean; readonly supplement: SupplementUse },
): void {
  if (decision.mayAbstain && decision.outcome === abstention) return;
  const problems: { code: string; place: string; message: { zh: string; en: string } }[] = [];
  const variables = variablesAt(within.state, text(task, "wait_id"));
  const outcomes = outcomesToChoose(text(task, "outcomes"));
  if (isDeemed(decision.outcome ?? "") || (outcomes.length > 0 && !outcomes.includes(decision.outcome ?? ""))) {
    problems.push({
      code: "OUTCOME_NOT_ALLOWED",
      place: "outcome",
      message: { zh: `结论须为 ${outcomes.join("、")} 之一`, en: `The outcome is one of ${outcomes.join(", ")}` },
    });
  }
  if (decision.defects.length > 0 && decision.outcome !== supplementOutcome)
    problems.push({
      code: "DEFECTS_WITHOUT_SUPPLEMENT",
      place: "defects",
      message: { zh: "只有要求补正时才列补正清单", en: "Defects are listed only with a request for a supplement" },
    });
  const term = outcomeTerms[decision.outcome ?? ""];
  if (term?.needsOpinion && decision.opinion.trim() === "") {
    problems.push({
      code: "OPINION_MISSING",
      place: "opinion",
      message: { zh: "此结论须填写意见", en: "This outcome needs an opinion" },
    });
  }
  if (term?.needsReasonCode) problems.push(...reasonProblems(runtime, decision));
  const exhausted = usedUp(runtime, within.instance, { variables, supplement: decision.supplement }, decision.outcome);
  if (exhausted) problems.push({ code: exhausted.code, place: "outcome", message: { ...exhausted.message } });
  refuseDecision(problems);
}

const codesOf = (reasons: readonly { readonly code: string }[], between: string) =>
  reasons.map(({ code }) => code).join(between);

function reasonProblems(
  runtime: Runtime,
  decision: Decision,
): { code: string; place: string; message: { zh: string; en: string } }[] {
  const known = chosenReasons(runtime);
  const reason = known.find(({ code }) => code === decision.reasonCode);
  if (!reason)
    return [
      {
        code: "REASON_CODE_MISSING",
        place: "reasonCode",
        message: { zh: `请选择理由代码：${codesOf(known, "、")}`, en: `Choose a reason code: ${codesOf(known, ", ")}` },
      },
    ];
  const { reasonCodes: allowed, reasonBasis: basis } = outcomeTerms[decision.outcome ?? ""] ?? {};
  if (allowed && basis && !allowed.includes(reason.code))
    return [
      {
        code: "REASON_CODE_NOT_ALLOWED",
        place: "reasonCode",
        message: {
          zh: `此结论只能依据 ${allowed.join("、")}：${basis.zh}`,
          en: `This outcome may only rest on ${allowed.join(", ")}: ${basis.en}`,
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
