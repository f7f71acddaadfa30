import { useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Alert, App, Button, Collapse, Grid, Input, Tabs } from "antd";
import { useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { z } from "zod";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { deliverySpecification } from "../../server/api/shared/delivery.schema.ts";
import { ResourceLine } from "../parts/application.tsx";
import { choicesKey, Choosing, noChoice, type ManualChoice } from "../parts/choosing/manual-choice.tsx";
import { RemainingSteps } from "../parts/choosing/remaining-steps.tsx";
import { CasePath, Clocks, History, Picture } from "../parts/case-parts.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { DeliveryCard, FilledForms } from "../parts/forms/filled-forms.tsx";
import { FormView, type Values } from "../parts/forms/form-view.tsx";
import { ProblemSummary } from "../parts/forms/problem-summary.tsx";
import { stepValues } from "../parts/forms/step-values.ts";
import { asFacts, formOf, problemsOf, type BrowserContext } from "../parts/forms/wire.ts";
import { useRefreshAll } from "../parts/live.ts";
import { LiveNote } from "../parts/live-note.tsx";
import { ObjectionNote, type Objection } from "../parts/objection-note.tsx";
import { MoreActions } from "../parts/handing/more-actions.tsx";
import { AnswerForm, WorkItems } from "../parts/handing/work-items.tsx";
import { Failure, Loaded, Loading, Page, useApi } from "../parts/page.tsx";
import { ChangesCard } from "../parts/returning/changes.tsx";
import type { SaveFirst } from "../parts/returning/correction.tsx";
import { Defects, noDefects, toldDefects, type DefectRow } from "../parts/returning/defects.tsx";
import { PermitSecond, TaskReturning } from "../parts/returning/task-returning.tsx";
import { Related } from "../parts/related.tsx";
import { Signal } from "../parts/signal.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { CaseTalk } from "../parts/talk/case-talk.tsx";
import { Phrases } from "../parts/talk/phrases.tsx";
import { SigningPanel } from "../parts/signing/signing-panel.tsx";
import { DraftNote } from "../parts/talk/draft-note.tsx";
import { useDraft } from "../parts/talk/use-draft.ts";

/** What a decision looks like before it is sent. */
const decisionDraft = z.object({ opinion: z.string(), form: z.record(z.string(), z.unknown()) });

export function TaskScreen() {
  const { id = "" } = useParams();
  const task = useApi<TaskDetail>(`/api/tasks/${id}`);
  return <Loaded result={task}>{(data) => <Task key={data.id} task={data} />}</Loaded>;
}

function Task({ task }: { task: TaskDetail }) {
  const { pick } = useText();
  const instance = useApi<InstanceDetail>(`/api/instances/${task.instanceId}`);
  return (
    <Page
      title={`${pick(task.name)} · ${pick(task.subject)}`}
      extra={
        <Signal
          signal={task.signal}
          left={task.left}
          unit={task.unit}
          dueAt={task.dueAt}
          confidence={task.dueConfidence}
        />
      }
    >
      <p className="muted">
        <Link to={`/cases/${task.instanceId}`}>{task.caseNumber}</Link> · {pick(task.applicant.name)} →{" "}
        {pick(task.organisation.name)}
        <Related items={instance.data?.related ?? []} />
      </p>
      <LiveNote instanceId={task.instanceId} />
      {/* In one piece: what is to be pressed must not move when the path of the case comes. */}
      {instance.isPending ? <Loading /> : <TaskColumns task={task} instance={instance} />}
    </Page>
  );
}

function TaskColumns({ task, instance }: { task: TaskDetail; instance: UseQueryResult<InstanceDetail> }) {
  const { t, pick } = useText();
  const delivery = deliverySpecification.safeParse(task.data["delivery"]);
  const correction = useRef<SaveFirst | null>(null);
  return (
    <>
      {instance.data && <CasePath path={instance.data.path} />}
      <div className="task-columns">
        <div className="task-facts">
          <section className="card">
            <h2>{t("application")}</h2>
            <ResourceLine data={task.data} />
            <FilledForms filled={task.filled} />
          </section>
          {delivery.data && <DeliveryCard specification={delivery.data} />}
          <ChangesCard
            task={task}
            onUnsaved={(save) => {
              correction.current = save;
            }}
          />
        </div>
        <div className="task-acts">
          <section className="card">
            <h2>{t("decide")}</h2>
            {task.onBehalfOf && <p>{t("handFor", { who: task.onBehalfOf.name })}</p>}
            {task.blocked ? (
              <p>{pick(task.blocked)}</p>
            ) : task.kind === "decide" ? (
              <Decision task={task} saveFirst={async () => correction.current?.() ?? true} />
            ) : (
              <AnswerForm task={task} />
            )}
            <div className="row">
              <TaskReturning task={task} />
              <MoreActions task={task} instance={instance.data} />
            </div>
            <PermitSecond task={task} />
          </section>
          <SigningPanel task={task} />
          <WorkItems task={task} />
          <CaseTabs task={task} instance={instance} />
        </div>
        <div className="task-talk">
          <CaseTalk
            instanceId={task.instanceId}
            applicantId={task.applicant.id}
            task={task.blocked ? null : { id: task.id, rev: task.rev }}
          />
        </div>
      </div>
    </>
  );
}

/** What helps to decide, one at a time: as tabs, or below each other where tabs have no room. */
function CaseTabs({ task, instance }: { task: TaskDetail; instance: UseQueryResult<InstanceDetail> }) {
  const { t } = useText();
  const { md } = Grid.useBreakpoint();
  return (
    <div className="card">
      <Loaded result={instance}>
        {(data) => {
          const items = [
            { key: "picture", label: t("picture"), children: <PictureTab instance={data} /> },
            { key: "remaining", label: t("remaining"), children: <RemainingSteps instanceId={data.id} /> },
            { key: "clocks", label: t("clocks"), children: <Clocks clocks={data.clocks} /> },
            { key: "why", label: t("why"), children: <Explanation explanation={task.explanation} /> },
            { key: "history", label: t("history"), children: <History lines={data.history} /> },
          ];
          return md ? <Tabs items={items} /> : <Collapse defaultActiveKey="picture" items={items} />;
        }}
      </Loaded>
    </div>
  );
}

function PictureTab({ instance }: { instance: InstanceDetail }) {
  const { t, pick, term, aside } = useText();
  return (
    <>
      <Picture definitionId={instance.process.definitionId} picture={instance.picture} />
      <h2>{t("steps")}</h2>
      <ol>
        {instance.steps.map((step) => (
          <li key={step.taskId ?? step.element}>
            {pick(step.name)}
            {step.kind === "decide" ? "" : aside(term(`kind_${step.kind}`))} ·{" "}
            {step.organisation && pick(step.organisation.name)} ·{" "}
            {step.closed ? pick(step.closed) : term(`task_${step.state}`)} {step.assignee ?? ""}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Chooses an outcome, says why, and confirms. Nothing is decided by a single key. */
function Decision({ task, saveFirst }: { task: TaskDetail; saveFirst: SaveFirst }) {
  const { t, pick, colon } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const queries = useQueryClient();
  const [outcome, setOutcome] = useState<TaskDetail["outcomes"][number] | null>(null);
  const [opinion, setOpinion] = useState("");
  const [reasonCode, setReasonCode] = useState<string | null>(null);
  const [citation, setCitation] = useState("");
  const [form, setForm] = useState<Values>(() => stepValues(task));
  const [choice, setChoice] = useState<ManualChoice>(noChoice);
  const [tried, setTried] = useState(false);
  const [objection, setObjection] = useState<Objection | null>(null);
  const [defects, setDefects] = useState<readonly DefectRow[]>(noDefects);
  const [error, setError] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  // The screen follows the case; what somebody confirms is what they saw when they chose.
  const [seenRev, setSeenRev] = useState(task.rev);
  const [key] = useState(() => crypto.randomUUID());
  const draft = useDraft(`task.${task.id}`, { opinion, form }, (before) => {
    const kept = decisionDraft.safeParse(before);
    if (!kept.success) return;
    setOpinion(kept.data.opinion);
    setForm(kept.data.form);
  });

  const reason = task.reasonCodes.find((known) => known.code === reasonCode);
  const allowedReasons = task.reasonCodes.filter(({ code }) => outcome?.reasonCodes?.includes(code) ?? true);
  const step = task.form ? formOf(task.form) : null;
  const context: BrowserContext = {
    place: "form",
    facts: { ...asFacts(task.data), outcome: outcome?.code ?? null },
    today: task.today,
    reasons: task.reasonCodes,
  };
  const problems = tried && step ? problemsOf(step, form, context) : [];
  const send = async () => {
    if (!outcome) return;
    setTried(true);
    if (step && problemsOf(step, form, context).length > 0) return;
    if (outcome.tone !== "negative" && !(await saveFirst())) return;
    setSending(true);
    try {
      await queries.cancelQueries({ queryKey: [choicesKey, task.id] });
      await draft.whileSending(() =>
        api.post(
          `/api/tasks/${task.id}/complete`,
          {
            outcome: outcome.code,
            reasonCode: outcome.needsReasonCode ? reasonCode : null,
            citation: reason?.needsCitation ? citation : null,
            opinion,
            form,
            objection,
            defects: outcome.code === "supplement" ? toldDefects(defects) : [],
            choice: task.chooses ? choice : null,
            rev: seenRev,
          },
          key,
        ),
      );
      void message.success(t("completed"));
      // Sent for good: until the inbox has taken its place, this screen must ask nothing more about a task that is over.
      await navigate("/inbox");
      await refresh();
    } catch (failure) {
      setError(failure);
      setSending(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error !== null && <Failure error={error} />}
      <ProblemSummary problems={problems} />
      {step && (
        <FormView
          form={step}
          values={form}
          onChange={(name, value) => setForm((before) => ({ ...before, [name]: value }))}
          known={context}
          problems={problems}
        />
      )}
      <label className="field">
        <span>
          {t("opinion")}
          {outcome?.needsOpinion ? ` (${t("required")})` : ""}
        </span>
        <Input.TextArea rows={3} value={opinion} onChange={(event) => setOpinion(event.target.value)} />
        <DraftNote draft={draft} />
      </label>
      <Phrases
        outcome={outcome?.code ?? null}
        typed={opinion}
        onInsert={(body) => setOpinion((before) => (before === "" ? body : `${before}${body}`))}
      />
      {!outcome && (
        <div className="row">
          {task.outcomes.map((offered) => (
            <Button
              key={offered.code}
              type={offered.tone === "positive" ? "primary" : "default"}
              danger={offered.tone === "negative"}
              onClick={() => {
                setOutcome(offered);
                setSeenRev(task.rev);
              }}
            >
              {pick(offered.label)}
            </Button>
          ))}
        </div>
      )}
      {outcome?.needsReasonCode && (
        <>
          <SelectField
            id="reason-code"
            label={`${t("reasonCode")} (${t("required")})`}
            value={reasonCode}
            onChange={setReasonCode}
            options={allowedReasons.map((known) => ({
              value: known.code,
              label: `${known.code} ${pick(known.name)}`,
            }))}
          />
          {reason && (
            <p>
              {pick(reason.needs)}{" "}
              {reason.minimumReasonLength > 0 && t("atLeast", { count: reason.minimumReasonLength })}
            </p>
          )}
          {reason?.needsCitation && (
            <label className="field">
              <span>{t("citation")}</span>
              <Input value={citation} onChange={(event) => setCitation(event.target.value)} />
            </label>
          )}
        </>
      )}
      {outcome && task.chooses && (
        <Choosing
          task={task}
          outcome={outcome.code}
          form={form}
          value={choice}
          onChange={setChoice}
          sending={sending}
        />
      )}
      {outcome?.code === "supplement" && <Defects rows={defects} onChange={setDefects} />}
      {outcome && <ObjectionNote value={objection} onChange={setObjection} />}
      {outcome && !sending && seenRev !== task.rev && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t("liveRecheck")}
          action={<Button onClick={() => setSeenRev(task.rev)}>{t("liveRechecked")}</Button>}
        />
      )}
      {outcome && (
        <div className="row">
          <Button
            type="primary"
            htmlType="submit"
            loading={sending}
            disabled={!sending && seenRev !== task.rev}
            danger={outcome.tone === "negative"}
          >
            {t("confirm")}
            {colon}
            {pick(outcome.label)}
          </Button>
          <Button
            onClick={() => {
              setOutcome(null);
              setChoice(noChoice);
            }}
          >
            {t("cancel")}
          </Button>
        </div>
      )}
    </form>
  );
}
