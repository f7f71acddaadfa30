import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { InstanceDetail } from "../../../server/api/instances/instances.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { useMe } from "../session.tsx";

interface TakeBackProps {
  /** What followed, and goes. */
  readonly next: { readonly taskId: string; readonly rev: number };
}

/** For whoever took the step before, while nobody has begun with what follows; the server says whether it can be. */
export function TakeBackButton({ next }: TakeBackProps) {
  const me = useMe();
  const { t } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const [key] = useState(() => crypto.randomUUID());
  const sending = useMutation({
    mutationFn: async () => {
      const { steps } = await api.post<InstanceDetail>(`/api/tasks/${next.taskId}/withdraw`, { rev: next.rev }, key);
      void message.success(t("takeBackDone"));
      // The step is theirs again, and is what they want to go on with.
      const again = steps.findLast((step) => step.state === "open" && step.assignee === me.name);
      if (again?.taskId) await navigate(`/tasks/${again.taskId}`);
      await refresh();
    },
  });
  return (
    <>
      {sending.error !== null && <Failure error={sending.error} />}
      <p className="muted">{t("takeBackHint")}</p>
      <Button loading={sending.isPending} onClick={() => sending.mutate()}>
        {t("takeBack")}
      </Button>
    </>
  );
}
