import { useMutation } from "@tanstack/react-query";
import { App, Button, Input, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { TaskDetail, WorkItem } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { chinaTime } from "../time.ts";

/** What was asked of others under this task, with their answers, and through whose hands it went. */
export function WorkItems({ task }: { task: TaskDetail }) {
  const { t, term } = useText();
  return (
    <>
      {task.work.length > 0 && (
        <section className="card">
          <h2>{t("handWork")}</h2>
          <ul className="timeline">
            {task.work.map((item) => (
              <Asked key={item.id} item={item} />
            ))}
          </ul>
        </section>
      )}
      {task.custody.length > 0 && (
        <section className="card">
          <h2>
            {t("handCustody")} {task.transfers > 0 && <Tag>{t("handTransfers", { count: task.transfers })}</Tag>}
          </h2>
          <ol className="timeline">
            {task.custody.map((step) => (
              <li key={`${step.at}${step.type}`}>
                <span className="muted">{chinaTime(step.at)}</span> <strong>{step.by}</strong>{" "}
                {term(`custody_${step.type}`)} {step.from && `${step.from.name} → `}
                {/* Whoever claims a task is named once. */}
                {(step.from !== null || step.to?.name !== step.by) && step.to?.name}
                {step.reason && <div>“{step.reason}”</div>}
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Asked({ item }: { item: WorkItem }) {
  const { t, term, pick } = useText();
  const { modal } = App.useApp();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const dismiss = () => {
    let reason = "";
    modal.confirm({
      title: t("handDismiss"),
      content: (
        <label className="field">
          <span>{t("handReason")}</span>
          <Input onChange={(event) => (reason = event.target.value)} />
        </label>
      ),
      onOk: async () => {
        await attempt(() =>
          api.post(`/api/tasks/${item.id}/dismiss`, { rev: item.rev, reason: reason === "" ? null : reason }),
        );
        await refresh();
      },
    });
  };
  return (
    <li>
      <div className="row">
        <Tag>{term(`kind_${item.kind}`)}</Tag>
        <strong>{item.assignee?.name}</strong>
        {item.onBehalfOf && <span>{t("handFor", { who: item.onBehalfOf.name })}</span>}
        <span className="muted">{pick(item.organisation.name)}</span>
        <Tag>{term(`task_${item.state}`)}</Tag>
        {item.mayDismiss && (
          <Button size="small" onClick={dismiss}>
            {t("handDismiss")}
          </Button>
        )}
      </div>
      <div>{item.question}</div>
      <div>{item.answer === null ? <span className="muted">{t("handNotAnswered")}</span> : `“${item.answer}”`}</div>
    </li>
  );
}

/** For whoever was asked: the answer is an opinion and decides nothing. */
export function AnswerForm({ task }: { task: TaskDetail }) {
  const { t, colon } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [opinion, setOpinion] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  const sending = useMutation({
    mutationFn: async () => {
      await api.post(`/api/tasks/${task.id}/answer`, { rev: task.rev, opinion }, key);
      void message.success(t("handDone"));
      await refresh();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      <p>
        <strong>{t("handAsked", { who: task.askedBy?.name ?? "" })}</strong>
        {colon}
        {task.question} {task.parentId && <Link to={`/tasks/${task.parentId}`}>{task.caseNumber}</Link>}
      </p>
      <label className="field">
        <span>{`${t("handAnswer")} (${t("required")})`}</span>
        <Input.TextArea rows={4} value={opinion} onChange={(event) => setOpinion(event.target.value)} />
      </label>
      <Button type="primary" htmlType="submit" loading={sending.isPending} disabled={opinion.trim() === ""}>
        {t("handSend")}
      </Button>
    </form>
  );
}
