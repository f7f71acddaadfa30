import { App, Button } from "antd";
import { useState } from "react";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";

/** For whoever took the step before, while nobody has begun with this one; the server says whether it can be. */
export function TakeBackButton({ task }: { task: TaskDetail }) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(() => crypto.randomUUID());
  const send = async () => {
    try {
      await api.post(`/api/tasks/${task.id}/withdraw`, { rev: task.rev }, key);
      void message.success(t("takeBackDone"));
      await refresh();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <>
      {error !== null && <Failure error={error} />}
      <p className="muted">{t("takeBackHint")}</p>
      <Button onClick={() => void send()}>{t("takeBack")}</Button>
    </>
  );
}
