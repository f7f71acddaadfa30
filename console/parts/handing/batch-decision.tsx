import { Input, Radio } from "antd";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { asFacts, formOf, problemsOf } from "../forms/wire.ts";
import { SelectField } from "../select-field.tsx";

/** One decision for many alike tasks, while it is being made. */
export interface DecisionDraft {
  readonly outcome: string | null;
  readonly opinion: string;
  readonly reasonCode: string | null;
  readonly citation: string;
}

export const undecided: DecisionDraft = { outcome: null, opinion: "", reasonCode: null, citation: "" };

/** True when the server has no reason to refuse every one of the tasks for what is missing here. */
export function isComplete(draft: DecisionDraft, task: TaskDetail): boolean {
  const outcome = task.outcomes.find(({ code }) => code === draft.outcome);
  if (!outcome) return false;
  if (outcome.needsOpinion && draft.opinion.trim() === "") return false;
  if (!outcome.needsReasonCode) return true;
  const reason = task.reasonCodes.find(({ code }) => code === draft.reasonCode);
  if (!reason || (reason.needsCitation && draft.citation.trim() === "")) return false;
  return draft.opinion.trim().length >= reason.minimumReasonLength;
}

interface BatchDecisionProps {
  readonly task: TaskDetail;
  readonly value: DecisionDraft;
  readonly onChange: (draft: DecisionDraft) => void;
}

/** The outcomes of the step; the reason, by name, where the outcome needs one; and the words that all of them get. */
export function BatchDecision({ task, value, onChange }: BatchDecisionProps) {
  const { t, pick } = useText();
  const outcome = task.outcomes.find(({ code }) => code === value.outcome);
  const reason = task.reasonCodes.find(({ code }) => code === value.reasonCode);
  const reasons = task.reasonCodes.filter(({ code }) => outcome?.reasonCodes?.includes(code) ?? true);
  const closed = task.outcomes.filter(({ code }) => needsForm(task, code));
  const choose = (code: string) => onChange({ ...value, outcome: code, reasonCode: null, citation: "" });
  return (
    <>
      <Radio.Group
        aria-label={t("decide")}
        value={value.outcome}
        onChange={(event) => choose(String(event.target.value))}
        options={task.outcomes.map((offered) => ({
          value: offered.code,
          label: pick(offered.label),
          disabled: closed.includes(offered),
        }))}
      />
      {closed.length > 0 && (
        <p className="muted">
          {t("batchNeedsForm", { outcomes: closed.map(({ label }) => `“${pick(label)}”`).join(" ") })}
        </p>
      )}
      {outcome?.needsReasonCode && (
        <SelectField<string | null>
          id="batch-reason"
          label={`${t("reasonCode")} (${t("required")})`}
          value={value.reasonCode}
          onChange={(reasonCode) => onChange({ ...value, reasonCode })}
          options={reasons.map((known) => ({ value: known.code, label: `${known.code} ${pick(known.name)}` }))}
        />
      )}
      {outcome?.needsReasonCode && reason && <p className="muted">{pick(reason.needs)}</p>}
      {outcome?.needsReasonCode && reason?.needsCitation && (
        <label className="field">
          <span>{`${t("citation")} (${t("required")})`}</span>
          <Input value={value.citation} onChange={(event) => onChange({ ...value, citation: event.target.value })} />
        </label>
      )}
      <label className="field">
        <span>
          {t("opinion")}
          {outcome?.needsOpinion && ` (${t("required")})`}
          {reason && reason.minimumReasonLength > 0 && ` ${t("atLeast", { count: reason.minimumReasonLength })}`}
        </span>
        <Input.TextArea
          rows={3}
          value={value.opinion}
          onChange={(event) => onChange({ ...value, opinion: event.target.value })}
        />
      </label>
    </>
  );
}

/** Whether an outcome asks for fields of the form, which differ from case to case and so are none for a batch. */
function needsForm({ form, data, today, reasonCodes }: TaskDetail, outcome: string): boolean {
  if (!form) return false;
  const facts = { ...asFacts(data), outcome };
  return problemsOf(formOf(form), {}, { place: "form", facts, today, reasons: reasonCodes }).length > 0;
}
