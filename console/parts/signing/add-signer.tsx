import { useMutation } from "@tanstack/react-query";
import { App, Button, Input, Modal, Radio } from "antd";
import { useId, useState } from "react";
import type { z } from "zod";
import type { addSignerBody } from "../../../server/api/signing/signing.schema.ts";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { PersonPicker } from "../handing/person-picker.tsx";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";

type Body = z.input<typeof addSignerBody>;
const places = ["before", "beside", "after"] as const satisfies readonly Body["place"][];

interface AddSignerProps {
  readonly task: TaskDetail;
  readonly onDone: () => void;
}

/** Asks for one more signature; where the reader may not, the button says why. */
export function AddSigner({ task, onDone }: AddSignerProps) {
  const { t, pick } = useText();
  const [open, setOpen] = useState(false);
  const why = useId();
  const verdict = task.operations.find(({ operation }) => operation === "addSigner");
  const refused = verdict?.allowed ? null : (verdict?.message ?? null);
  return (
    <>
      <div className="row">
        <Button disabled={refused !== null} aria-describedby={refused ? why : undefined} onClick={() => setOpen(true)}>
          {t("addSigner")}
        </Button>
        {refused && (
          <small id={why} className="muted">
            {pick(refused)}
          </small>
        )}
      </div>
      {open && <AddSignerDialog task={task} onClose={() => setOpen(false)} onDone={onDone} />}
    </>
  );
}

function AddSignerDialog({ task, onClose, onDone }: AddSignerProps & { onClose: () => void }) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [person, setPerson] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const [place, setPlace] = useState<Body["place"]>("before");
  const [counts, setCounts] = useState(true);
  const [reason, setReason] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  const sending = useMutation({
    mutationFn: async () => {
      if (person === null) return;
      const body: Body = { person: person.id, place, counts, reason, rev: task.rev };
      await api.post<TaskDetail>(`/api/tasks/${task.id}/signers`, body, key);
      void message.success(t("addSignerDone", { name: person.name }));
      onClose();
      await refresh();
      onDone();
    },
  });
  return (
    <Modal
      open
      title={t("addSigner")}
      okText={t("confirm")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: person === null, loading: sending.isPending }}
      onOk={() => sending.mutate()}
      onCancel={onClose}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      <PersonPicker
        id="add-signer"
        label={`${t("addSignerWho")} (${t("required")})`}
        organisations={[task.organisation]}
        about={{ task: task.id, operation: "addSigner" }}
        value={person?.id ?? null}
        onChange={(id, name) => setPerson(id === null ? null : { id, name })}
      />
      <fieldset className="field">
        <legend>{t("addSignerPlace")}</legend>
        <Radio.Group value={place} onChange={(event) => setPlace(event.target.value)}>
          {places.map((choice) => (
            <div key={choice}>
              <Radio value={choice}>{t(`addSignerPlace_${choice}`)}</Radio>
            </div>
          ))}
        </Radio.Group>
      </fieldset>
      <fieldset className="field">
        <legend>{t("addSignerCounting")}</legend>
        <Radio.Group value={counts} onChange={(event) => setCounts(event.target.value)}>
          <Radio value>{t("addSignerCounts")}</Radio>
          <Radio value={false}>{t("addSignerAdvises")}</Radio>
        </Radio.Group>
      </fieldset>
      <label className="field">
        <span>{t("addSignerReason")}</span>
        <Input.TextArea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
