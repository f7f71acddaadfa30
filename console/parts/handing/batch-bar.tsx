import { Button, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { BatchResultView } from "../../../server/api/handing/handing.schema.ts";
import type { TaskSummary } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { BatchDialog, type Work } from "./batch-dialog.tsx";

/** Does the same to all selected tasks, each by itself, and tells what became of each. */
export function BatchBar({ tasks, onClear }: { tasks: readonly TaskSummary[]; onClear: () => void }) {
  const [work, setWork] = useState<Work | null>(null);
  const [results, setResults] = useState<BatchResultView["items"] | null>(null);
  return (
    <>
      {tasks.length > 0 && <Bar tasks={tasks} onChoose={setWork} onClear={onClear} />}
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
    </>
  );
}

interface BarProps {
  readonly tasks: readonly TaskSummary[];
  readonly onChoose: (work: Work) => void;
  readonly onClear: () => void;
}

function Bar({ tasks, onChoose, onClear }: BarProps) {
  const { t } = useText();
  const alike = new Set(tasks.map(({ element, name }) => `${element} ${name.zh}`)).size === 1;
  return (
    <div className="card row" role="region" aria-label={t("batchDecide")}>
      <strong aria-live="polite">{t("batchSelected", { count: tasks.length })}</strong>
      {tasks.every(({ assignee }) => assignee === null) && (
        <Button onClick={() => onChoose("claim")}>{t("batchClaim")}</Button>
      )}
      {tasks.every(({ assignee }) => assignee !== null) && (
        <Button onClick={() => onChoose("transfer")}>{t("batchTransfer")}</Button>
      )}
      <Button type="primary" disabled={!alike} title={alike ? "" : t("batchUnlike")} onClick={() => onChoose("decide")}>
        {t("batchDecide")}
      </Button>
      <Button onClick={onClear}>{t("batchClear")}</Button>
      {!alike && <span className="muted">{t("batchUnlike")}</span>}
    </div>
  );
}

function Results({ results, onClose }: { results: BatchResultView["items"] | null; onClose: () => void }) {
  const { t, pick, colon } = useText();
  const count = (wanted: "done" | "refused") => results?.filter(({ state }) => state === wanted).length ?? 0;
  return (
    <Modal
      open={results !== null}
      title={t("batchResult")}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t("close")}</Button>}
    >
      <p>{t("batchSum", { done: count("done"), refused: count("refused") })}</p>
      <ul>
        {results?.map(({ taskId, caseNumber, state, message }) => (
          <li key={taskId}>
            <Link to={`/tasks/${taskId}`}>{caseNumber ?? t("batchUnknown")}</Link>
            {colon}
            {t(state === "done" ? "batchOk" : "batchNo")}
            {message && ` · ${pick(message)}`}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
