import { useMutation } from "@tanstack/react-query";
import { Alert, Input, Modal } from "antd";
import { useState } from "react";
import type { BatchResultView } from "../../../server/api/handing/handing.schema.ts";
import type { TaskDetail, TaskSummary } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { BatchDecision, isComplete, undecided, type DecisionDraft } from "./batch-decision.tsx";
import { PersonPicker } from "./person-picker.tsx";

export type Work = "claim" | "transfer" | "decide";

interface DialogProps {
  readonly work: Work;
  readonly tasks: readonly TaskSummary[];
  readonly onClose: (results: BatchResultView["items"] | null) => void;
}

const titles = { claim: "batchClaim", transfer: "batchTransfer", decide: "batchDecide" } as const;

/** Asks what the batch needs, and sends it. It stays open with what was typed when the batch as a whole is refused. */
export function BatchDialog({ work, tasks: selected, onClose }: DialogProps) {
  const { t } = useText();
  const refresh = useRefreshAll();
  // What is sent is what was selected when the dialog opened, whatever the list behind it does meanwhile.
  const [tasks] = useState(selected);
  const first = useApi<TaskDetail>(work === "decide" && tasks[0] ? `/api/tasks/${tasks[0].id}` : null);
  const [decision, setDecision] = useState<DecisionDraft>(undecided);
  const [reason, setReason] = useState("");
  const [to, setTo] = useState<string | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const bodies = { claim: {}, transfer: { to, reason }, decide: { decision: sent(decision) } };
  const isReady = {
    claim: true,
    transfer: to !== null && reason.trim() !== "",
    decide: first.data !== undefined && isComplete(decision, first.data),
  };
  const sending = useMutation({
    mutationFn: async () => {
      const { items } = await api.post<BatchResultView>(
        "/api/tasks/batch",
        { operation: work, tasks: tasks.map(({ id, rev }) => ({ id, rev })), ...bodies[work] },
        key,
      );
      onClose(items);
      await refresh();
    },
  });
  return (
    <Modal
      open
      title={`${t(titles[work])} (${tasks.length})`}
      okText={t("handSend")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: !isReady[work], loading: sending.isPending }}
      onOk={() => sending.mutate()}
      onCancel={() => onClose(null)}
    >
      <Alert type="info" title={t("batchHelp")} />
      {sending.error !== null && <Failure error={sending.error} />}
      {work === "transfer" && tasks[0] && (
        <>
          <PersonPicker
            id="batch-to"
            label={`${t("handPerson")} (${t("required")})`}
            organisations={[tasks[0].organisation]}
            about={{ task: tasks[0].id, operation: "transfer" }}
            value={to}
            onChange={setTo}
          />
          <label className="field">
            <span>{`${t("handReason")} (${t("required")})`}</span>
            <Input.TextArea rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
        </>
      )}
      {work === "decide" && (
        <Loaded result={first}>
          {(task) => <BatchDecision task={task} value={decision} onChange={setDecision} />}
        </Loaded>
      )}
    </Modal>
  );
}

function sent({ outcome, opinion, reasonCode, citation }: DecisionDraft) {
  return { outcome, opinion, reasonCode, citation: citation.trim() === "" ? null : citation.trim() };
}
