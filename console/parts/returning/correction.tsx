import { App, Button, Input } from "antd";
import { useState } from "react";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";

const fields = ["purpose", "legalBasis", "scope", "volume"] as const;

/** The applicant corrects what the application says in words, while the case is back with them. */
export function Correction({ task }: { task: TaskDetail }) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const request = (task.data["request"] ?? {}) as Readonly<Record<string, unknown>>;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<unknown>(null);
  const textOf = (field: string) => {
    const known = request[field];
    return values[field] ?? (typeof known === "string" ? known : "");
  };
  const send = async () => {
    try {
      await api.post(`/api/tasks/${task.id}/corrections`, { rev: task.rev, request: values });
      setValues({});
      setError(null);
      void message.success(t("correctionDone"));
      await refresh();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <details>
      <summary>{t("correctionTitle")}</summary>
      {error !== null && <Failure error={error} />}
      {fields.map((field) => (
        <label className="field" key={field}>
          <span>{t(field)}</span>
          <Input.TextArea
            autoSize={{ minRows: 1, maxRows: 6 }}
            value={textOf(field)}
            onChange={(event) => setValues((before) => ({ ...before, [field]: event.target.value }))}
          />
        </label>
      ))}
      <Button disabled={Object.keys(values).length === 0} onClick={() => void send()}>
        {t("correctionSave")}
      </Button>
    </details>
  );
}
