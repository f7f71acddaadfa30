import { useMutation } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { ReturnButton } from "./return-dialog.tsx";
import { TakeBackButton } from "./take-back.tsx";

function may(task: TaskDetail, operation: string): boolean {
  return task.operations.some((verdict) => verdict.operation === operation && verdict.allowed);
}

/** What sends the case back from this task, as far as the reader may; nothing for others. */
export function TaskReturning({ task }: { task: TaskDetail }) {
  const { pick } = useText();
  const { takingBack } = task;
  return (
    <>
      {may(task, "return") && <ReturnButton task={task} />}
      {takingBack &&
        (takingBack.refused ? (
          <p className="muted">{pick(takingBack.refused)}</p>
        ) : (
          <TakeBackButton next={takingBack} />
        ))}
    </>
  );
}

/** The head lets the applicant be asked once more; nothing for others. */
export function PermitSecond({ task }: { task: TaskDetail }) {
  return may(task, "permitSecondSupplement") ? <PermitForm task={task} /> : null;
}

function PermitForm({ task }: { task: TaskDetail }) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [reason, setReason] = useState("");
  const sending = useMutation({
    mutationFn: async () => {
      await api.post(`/api/tasks/${task.id}/return/permit`, { rev: task.rev, reason });
      void message.success(t("opDone"));
      setReason("");
      await refresh();
    },
  });
  return (
    <details>
      <summary>{t("returnPermit")}</summary>
      {sending.error !== null && <Failure error={sending.error} />}
      <label className="field">
        <span>{t("returnReason")}</span>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Button loading={sending.isPending} disabled={reason.trim() === ""} onClick={() => sending.mutate()}>
        {t("returnPermit")}
      </Button>
    </details>
  );
}
