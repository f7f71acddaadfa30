import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { CopyCounts, RecipientList, SentCopies } from "../../../server/api/copies/copies.schema.ts";
import { api, query } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

interface CopyButtonProps {
  readonly instanceId: string;
  /** The task from which it is sent; `null` for those who oversee. */
  readonly task: { readonly id: string; readonly rev: number } | null;
}

/** Copies a case to people, with the fields that those of other departments may see. */
export function CopyButton({ instanceId, task }: CopyButtonProps) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("copy")}</Button>
      {open && <CopyDialog instanceId={instanceId} task={task} onClose={() => setOpen(false)} />}
    </>
  );
}

function CopyDialog({ instanceId, task, onClose }: CopyButtonProps & { onClose: () => void }) {
  const { t, pick } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [search, setSearch] = useState("");
  const [to, setTo] = useState<{ value: string; label: string }[]>([]);
  const [note, setNote] = useState("");
  const [fields, setFields] = useState<string[]>([]);
  const [key] = useState(() => crypto.randomUUID());
  const people = useApi<RecipientList>(`/api/instances/${instanceId}/recipients${query({ search })}`);
  const copies = useApi<SentCopies>(`/api/instances/${instanceId}/copies`);
  const posts = people.data?.people ?? [];
  const persons = [...new Map(posts.map((person) => [person.id, person])).values()];
  const sending = useMutation({
    mutationFn: async () => {
      const body = { task, to: to.map(({ value }) => recipientOf(value)), note, fields };
      const { sent, already } = await api.post<CopyCounts>(`/api/instances/${instanceId}/copies`, body, key);
      void message.success(
        [t("copySent", { count: sent }), ...(already > 0 ? [t("copyAlready", { count: already })] : [])].join(" · "),
      );
      await refresh();
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("copy")}
      okText={t("copySend")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: to.length === 0, loading: sending.isPending }}
      onOk={() => sending.mutate()}
      onCancel={onClose}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      <label className="field" htmlFor="copy-to">
        <span>{t("copyTo")}</span>
        <Select
          id="copy-to"
          mode="multiple"
          labelInValue
          style={{ width: "100%" }}
          filterOption={false}
          onSearch={setSearch}
          value={to}
          onChange={setTo}
          options={[
            {
              label: t("copyTo"),
              options: persons.map(({ id, name, organisation }) => ({
                value: `person ${id}`,
                label: `${name} · ${pick(organisation.name)}`,
              })),
            },
            {
              label: t("copyToRole"),
              options: [
                ...new Map(
                  posts.map(({ organisation, role, roleName }) => [
                    `post ${organisation.id} ${role}`,
                    `${pick(organisation.name)} · ${pick(roleName)}`,
                  ]),
                ),
              ].map(([value, label]) => ({ value, label })),
            },
          ]}
        />
      </label>
      <fieldset className="field">
        <legend>{t("copyFields")}</legend>
        <Checkbox.Group
          value={fields}
          onChange={setFields}
          options={(copies.data?.disclosable ?? []).map(({ name, label }) => ({ value: name, label: pick(label) }))}
        />
        <small className="muted">{t("copyFieldsHint")}</small>
      </fieldset>
      <label className="field">
        <span>{t("copyNote")}</span>
        <Input.TextArea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      {(copies.data?.items.length ?? 0) > 0 && (
        <Alert
          type="info"
          title={t("copiesSent")}
          description={
            <ul>
              {copies.data?.items.map((copy) => (
                <li key={copy.id}>
                  {copy.to.name} · {copy.readAt ? t("copyReadAt", { at: chinaTime(copy.readAt) }) : t("copyUnread")}
                </li>
              ))}
            </ul>
          }
        />
      )}
    </Modal>
  );
}

function recipientOf(value: string): { person: string } | { organisation: string; role: string } {
  const [kind, first = "", second = ""] = value.split(" ");
  return kind === "person" ? { person: first } : { organisation: first, role: second };
}
