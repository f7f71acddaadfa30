import { Alert, Button } from "antd";
import { useText } from "../../i18n/i18n.ts";
import { chinaTime } from "../time.ts";
import type { DraftState } from "./use-draft.ts";

/** Whether what is typed is saved, and whether it replaced what was typed elsewhere. */
export function DraftNote({ draft }: { draft: DraftState }) {
  const { t } = useText();
  return (
    <div className="draft-note" aria-live="polite">
      {draft.failed ? (
        <small className="muted">{t("draftFailed")}</small>
      ) : (
        draft.savedAt && (
          <small className="muted">
            {t("draftSaved")} {chinaTime(draft.savedAt)}
          </small>
        )
      )}
      {draft.overwrote && (
        <Alert
          type="warning"
          showIcon
          title={t("draftOverwrote", { at: chinaTime(draft.overwrote.savedAt) })}
          action={<Button onClick={draft.takeBack}>{t("draftTakeBack")}</Button>}
        />
      )}
    </div>
  );
}
