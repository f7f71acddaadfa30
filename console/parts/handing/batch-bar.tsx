import { Alert, Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import type { BatchResultView } from "../../../server/api/handing/handing.schema.ts";
import type { TaskDetail, TaskSummary } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { PersonPicker } from "./person-picker.tsx";

type Work = "claim" | "transfer" | "decide";

/** Does the same to all selected tasks, each by itself, and tells what became of each. */
export function BatchBar({ tasks, onClear }: { tasks: readonly TaskSummary[]; onClear: () => void }) {
  const { t } = useText();
  const [work, setWork] = useState<Work | null>(null);
  const [results, setResults] = useState<BatchResultView["items"] | null>(null);
  const alike = new Set(tasks.map(({ element, name }) => `${element} ${name.zh}`)).size === 1;
  if (tasks.length === 0 && results === null) return null;
  return (
    <div className="card row" role="region" aria-label={t("batchDecide")}>
      <strong aria-live="polite">{t("batchSelected", { count: tasks.length })}</strong>
      {tasks.every(({ assignee }) => assignee === null) ? (
        <Button onClick={() => setWork("claim")}>{t("batchClaim")}</Button>
      ) : (
        <Button onClick={() => setWork("transfer")}>{t("batchTransfer")}</Button>
      )}
      <Button type="primary" disabled={!alike} title={alike ? "" : t("batchUnlike")} onClick={() => setWork("decide")}>
        {t("batchDecide")}
      </Button>
      <Button onClick={onClear}>{t("batchClear")}</Button>
      {!alike && <span className="muted">{t("batchUnlike")}</span>}
      {work && (
        <BatchDialog
          work={work}
          tasks={tasks}
          onClose={(done) => {
            setWork(null);
            if (done) setResults(done);
          }}
        />
      )}
      <Results
        results={results}
        onClose={() => {
          setResults(null);
          onClear();
        }}
      />
    </div>
  );
}

function Results({ results, onClose }: { results: BatchResultView["items"] | null; onClose: () => void }) {
  const { t, pick } = useText();
  return (
    <Modal
      open={results !== null}
      title={t("batchResult")}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t("close")}</Button>}
    >
      <ul>
        {results?.map(({ taskId, caseNumber, state, message }) => (
          <li key={taskId}>
            {caseNumber ?? taskId}：{t(state === "done" ? "batchOk" : "batchNo")}
            {message && ` · ${pick(message)}`}
          </li>
        ))}
      </ul>
    </Modal>
  );
}

interface DialogProps {
  readonly work: Work;
  readonly tasks: readonly TaskSummary[];
  readonly onClose: (results: BatchResultView["items"] | null) => void;
}

function BatchDialog({ work, tasks, onClose }: DialogProps) {
  const { t } = useText();
  const refresh = useRefreshAll();
  const first = useApi<TaskDetail>(work === "decide" && tasks[0] ? `/api/tasks/${tasks[0].id}` : null);
  const [outcome, setOutcome] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [reasonCode, setReasonCode] = useState("");
  const [citation, setCitation] = useState("");
  const [to, setTo] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(() => crypto.randomUUID());
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  const send = async () => {
    const decision = { outcome, opinion: words, reasonCode: orNull(reasonCode), citation: orNull(citation) };
    const body = work === "decide" ? { decision } : work === "transfer" ? { to, reason: words } : {};
    try {
      const selected = tasks.map(({ id, rev }) => ({ id, rev }));
      const { items } = await api.post<BatchResultView>(
        "/api/tasks/batch",
        { operation: work, tasks: selected, ...body },
        key,
      );
      await refresh();
      onClose(items);
    } catch (failure) {
      setError(failure);
    }
  };
  const title = { claim: "batchClaim", transfer: "batchTransfer", decide: "batchDecide" } as const;
  const missing = { claim: false, transfer: to === null || words.trim() === "", decide: outcome === null };
  return (
    <Modal
      open
      title={`${t(title[work])} (${tasks.length})`}
      okText={t("handSend")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: missing[work] }}
      onOk={() => void send()}
      onCancel={() => onClose(null)}
    >
      <Alert type="info" title={t("batchHelp")} />
      {error !== null && <Failure error={error} />}
      {work === "transfer" && tasks[0] && (
        <PersonPicker
          id="batch-to"
          label={`${t("handPerson")} (${t("required")})`}
          organisations={[tasks[0].organisation]}
          about={{ task: tasks[0].id, operation: "transfer" }}
          value={to}
          onChange={setTo}
        />
      )}
      {work === "decide" && (
        <Loaded result={first}>{(task) => <Outcomes task={task} value={outcome} onChange={setOutcome} />}</Loaded>
      )}
      {work !== "claim" && (
        <label className="field">
          <span>{work === "transfer" ? `${t("handReason")} (${t("required")})` : t("opinion")}</span>
          <Input.TextArea rows={3} value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
      )}
      {work === "decide" && (
        <>
          <label className="field">
            <span>{t("batchCode")}</span>
            <Input value={reasonCode} onChange={(event) => setReasonCode(event.target.value)} />
          </label>
          <label className="field">
            <span>{t("batchCitation")}</span>
            <Input value={citation} onChange={(event) => setCitation(event.target.value)} />
          </label>
        </>
      )}
    </Modal>
  );
}

function Outcomes({
  task,
  value,
  onChange,
}: {
  task: TaskDetail;
  value: string | null;
  onChange: (outcome: string) => void;
}) {
  const { pick } = useText();
  return (
    <Radio.Group
      value={value}
      onChange={(event) => onChange(String(event.target.value))}
      options={task.outcomes.map(({ code, label }) => ({ value: code, label: pick(label) }))}
    />
  );
}
