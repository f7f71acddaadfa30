import { useMutation } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import type { WatcherList } from "../../../server/api/comments/comments.schema.ts";
import type { UrgeList } from "../../../server/api/urges/urges.schema.ts";
import { api } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, useApi } from "../page.tsx";

/** Begins or ends to watch a case, and says who else does. */
export function WatchButton({ instanceId }: { instanceId: string }) {
  const { t, colon, list } = useText();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const watchers = useApi<WatcherList>(`/api/instances/${instanceId}/watchers`);
  if (!watchers.data) return null;
  const { watching, items } = watchers.data;
  const change = () =>
    attempt(async () => {
      await api.post(`/api/instances/${instanceId}/watch`, { watching: !watching });
      await refresh();
    });
  return (
    <>
      <Button aria-pressed={watching} onClick={() => void change()}>
        {watching ? t("unwatch") : t("watch")}
      </Button>
      {items.length > 0 && (
        <span className="muted">
          {t("watchers")}
          {colon}
          {list(items.map(({ name }) => name))}
        </span>
      )}
    </>
  );
}

/** Reminds whoever has the case in hand; a refusal says why and from when it is possible. */
export function UrgeButton({ instanceId }: { instanceId: string }) {
  const { t, pick, clauses } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const why = useId();
  const urges = useApi<UrgeList>(`/api/instances/${instanceId}/urges`);
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState("");
  const sending = useMutation({
    mutationFn: async () => {
      await api.post(`/api/instances/${instanceId}/urges`, { note });
      setOpen(false);
      setNote("");
      void message.success(t("urgeDone"));
      await refresh();
    },
  });
  const count = urges.data?.count ?? 0;
  const refused = urges.data?.refused ?? null;
  return (
    <>
      <Button disabled={refused !== null} aria-describedby={refused ? why : undefined} onClick={() => setOpen(true)}>
        {t("urge")}
      </Button>
      {refused && (
        <small id={why} className="muted">
          {clauses(refused.map(pick))}
        </small>
      )}
      {count > 0 && <span className="muted">{t("urgesCount", { count })}</span>}
      <Modal
        open={open}
        title={t("urge")}
        okText={t("confirm")}
        cancelText={t("cancel")}
        okButtonProps={{ loading: sending.isPending }}
        onOk={() => sending.mutate()}
        onCancel={() => {
          setOpen(false);
          sending.reset();
        }}
      >
        {sending.error !== null && <Failure error={sending.error} />}
        <label className="field">
          <span>{t("urgeNote")}</span>
          <Input.TextArea rows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      </Modal>
    </>
  );
}
