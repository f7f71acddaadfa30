import { App, Button } from "antd";
import { useEffect, useState } from "react";
import type { CorrectionView } from "../../../server/api/returns/returns.schema.ts";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { fieldsOf } from "../../../engine/forms/form.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { FormView, type Values } from "../forms/form-view.tsx";
import { ProblemSummary } from "../forms/problem-summary.tsx";
import { asFacts, formOf, problemsOf, type BrowserContext } from "../forms/wire.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { DraftNote } from "../talk/draft-note.tsx";
import { useDraft } from "../talk/use-draft.ts";

/** Saves what is typed and not saved; gives `false` where that was refused. */
export type SaveFirst = () => Promise<boolean>;

interface CorrectionProps {
  readonly task: TaskDetail;
  readonly view: CorrectionView;
  /** Lets the decision on the step save first what is typed here. */
  readonly onUnsaved: (save: SaveFirst | null) => void;
}

/** The applicant corrects the application by the form that it was made with, while the case is back with them. */
export function Correction({ task, view, onUnsaved }: CorrectionProps) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [typed, setTyped] = useState<Values>({});
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = formOf(view.form);
  const values = { ...view.values, ...typed };
  const fixed = asFacts(view.fixed);
  const known: BrowserContext = {
    place: "body.request",
    facts: asFacts(view.facts),
    today: view.today,
    reasons: [],
    fixed,
  };
  const problems = tried ? problemsOf(form, values, known) : [];
  const draft = useDraft(`correction.${task.id}`, { request: typed }, (before) => {
    const kept = before["request"];
    if (typeof kept === "object" && kept !== null) setTyped({ ...kept });
  });
  const save = async () => {
    setTried(true);
    if (problemsOf(form, values, known).length > 0) return false;
    try {
      setError(null);
      const request = emptied(typed);
      await draft.whileSending(() => api.post(`/api/tasks/${task.id}/corrections`, { rev: task.rev, request }));
      setTyped({});
      void message.success(t("correctionDone"));
      await refresh();
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    }
  };
  const isTyped = Object.keys(typed).length > 0;
  useEffect(() => {
    onUnsaved(isTyped ? save : null);
    return () => onUnsaved(null);
  });
  const writable = fieldsOf(form.components).some(({ access }) => access === "write");
  return (
    <section aria-label={t("correctionTitle")}>
      <h3>{t("correctionTitle")}</h3>
      <p className="muted">{t("correctionHint")}</p>
      {error !== null && <Failure error={error} />}
      <ProblemSummary problems={problems} />
      <FormView
        form={form}
        values={{ ...values, ...fixed }}
        onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
        known={known}
        problems={problems}
      />
      <DraftNote draft={draft} />
      {writable && (
        <Button disabled={!isTyped} onClick={() => void save()}>
          {t("correctionSave")}
        </Button>
      )}
    </section>
  );
}

/** What was emptied is sent as `null`: what is not sent at all stays as it is. */
function emptied(typed: Values): Values {
  return Object.fromEntries(Object.entries(typed).map(([key, value]) => [key, value === undefined ? null : value]));
}
