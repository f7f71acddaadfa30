import { Button, Tag } from "antd";
import { useNavigate } from "react-router";
import type { DraftList as Drafts } from "../../../server/api/drafts/drafts.schema.ts";
import { api } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

type Draft = Drafts["items"][number];

/** What I have typed and not sent. */
export function DraftList() {
  const { t, pick, term } = useText();
  const navigate = useNavigate();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const drafts = useApi<Drafts>("/api/drafts");
  const throwAway = ({ key }: Draft) =>
    attempt(async () => {
      await api.remove(`/api/drafts/${encodeURIComponent(key)}`);
      await refresh();
    });
  return (
    <Loaded result={drafts}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="card">{t("draftsEmpty")}</p>
        ) : (
          <ul className="plain" aria-label={t("drafts")}>
            {items.map((draft) => (
              <li key={draft.key} className="card row">
                <Tag>{term(`draft_${draft.kind}`)}</Tag>
                <span className="break">
                  <strong>{pick(draft.title)}</strong> {draft.caseNumber}
                  <br />
                  <span className="muted">
                    {t("draftSaved")} {chinaTime(draft.savedAt)} {!draft.isOpen && t("draftClosed")}
                  </span>
                </span>
                <Button onClick={() => void navigate(placeOf(draft))}>{t("draftGoOn")}</Button>
                <Button onClick={() => void throwAway(draft)}>{t("draftThrowAway")}</Button>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function placeOf({ key, kind, taskId, instanceId }: Draft): string {
  const rest = key.slice(key.indexOf(".") + 1);
  switch (kind) {
    case "task":
    case "correction":
      return `/tasks/${taskId ?? ""}`;
    case "comment":
      return `/cases/${instanceId ?? ""}`;
    case "application":
      return `/apply?resource=${encodeURIComponent(rest)}`;
    case "start":
      return `/start`;
  }
}
