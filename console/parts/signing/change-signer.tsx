import { useMutation } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useState } from "react";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import type { SignerView } from "./nested-signers.ts";

const changes = {
  removeSigner: { path: "remove-signer", help: null },
  excuseSigner: { path: "excuse", help: "excuseSignerHelp" },
} as const;
type Change = keyof typeof changes;

interface ChangeProps {
  readonly signer: SignerView;
  readonly onDone: () => void;
}

/** Takes a signer out who was added, or goes on without one who is away; only what the server would let the reader do. */
export function ChangeSigner({ signer, onDone }: ChangeProps) {
  const { t } = useText();
  const [open, setOpen] = useState<Change | null>(null);
  const { taskId } = signer;
  if (taskId === null || !(signer.mayRemove || signer.mayExcuse)) return null;
  const name = signer.name ?? t("signerNobodyYet");
  const button = (change: Change) => (
    <Button size="small" aria-label={t(`${change}Of`, { name })} onClick={() => setOpen(change)}>
      {t(change)}
    </Button>
  );
  return (
    <p className="row">
      {signer.mayRemove && button("removeSigner")}
      {signer.mayExcuse && button("excuseSigner")}
      {open && (
        <ChangeDialog
          change={open}
          work={{ taskId, rev: signer.rev, name }}
          onClose={() => setOpen(null)}
          onDone={onDone}
        />
      )}
    </p>
  );
}

interface DialogProps {
  readonly change: Change;
  readonly work: { readonly taskId: string; readonly rev: number; readonly name: string };
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function ChangeDialog({ change, work, onClose, onDone }: DialogProps) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [reason, setReason] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  const { path, help } = changes[change];
  const { taskId, rev, name } = work;
  const sending = useMutation({
    mutationFn: async () => {
      await api.post<TaskDetail>(`/api/tasks/${taskId}/${path}`, { reason, rev }, key);
      void message.success(t(`${change}Done`, { name }));
      onClose();
      await refresh();
      onDone();
    },
  });
  return (
    <Modal
      open
      title={t(`${change}Of`, { name })}
      okText={t("confirm")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: reason.trim() === "", loading: sending.isPending }}
      onOk={() => sending.mutate()}
      onCancel={onClose}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      {help && <p>{t(help)}</p>}
      <label className="field">
        <span>{`${t("signingReason")} (${t("required")})`}</span>
        <Input.TextArea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
