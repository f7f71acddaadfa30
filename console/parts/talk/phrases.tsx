import { useMutation } from "@tanstack/react-query";
import { Button, Dropdown, Tag } from "antd";
import type { PhraseList } from "../../../server/api/phrases/phrases.schema.ts";
import { api, query } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, useApi } from "../page.tsx";

interface PhrasesProps {
  /** Outcome that was chosen; `null` before. */
  readonly outcome: string | null;
  /** What stands in the box now, to be kept as a phrase. */
  readonly typed: string;
  readonly onInsert: (body: string) => void;
}

/** Phrases for the opinion box, the most used first. */
export function Phrases({ outcome, typed, onInsert }: PhrasesProps) {
  const { t } = useText();
  const refresh = useRefreshAll();
  const phrases = useApi<PhraseList>(`/api/phrases${query({ outcome: outcome ?? undefined })}`);
  const changing = useMutation({
    mutationFn: async (work: () => Promise<unknown>) => {
      await work();
      await refresh();
    },
  });
  const items = phrases.data?.items ?? [];
  const keep = (organisationId: string | null) =>
    changing.mutate(() => api.post("/api/phrases", { body: typed.trim(), outcome, organisationId }));
  const [ours] = phrases.data?.maintains ?? [];
  return (
    <div className="row phrases">
      <Dropdown
        trigger={["click"]}
        menu={{
          items:
            items.length === 0
              ? [{ key: "none", disabled: true, label: t("phrasesEmpty") }]
              : items.map(({ id, body, owner, mayRemove }) => ({
                  key: id,
                  label: (
                    <span className="phrase">
                      {body} <Tag>{owner === "person" ? t("phraseOwn") : t("phraseOfOrganisation")}</Tag>
                      {mayRemove && (
                        <Button
                          type="link"
                          size="small"
                          aria-label={`${t("phraseRemove")} ${body}`}
                          onClick={(event) => {
                            event.stopPropagation();
                            changing.mutate(() => api.remove(`/api/phrases/${id}`));
                          }}
                        >
                          ✕
                        </Button>
                      )}
                    </span>
                  ),
                })),
          onClick: ({ key }) => {
            const chosen = items.find(({ id }) => id === key);
            if (!chosen) return;
            onInsert(chosen.body);
            void api.post(`/api/phrases/${key}/use`, {});
          },
        }}
      >
        <Button size="small">{t("phrases")}</Button>
      </Dropdown>
      <Button size="small" disabled={typed.trim() === ""} onClick={() => keep(null)}>
        {t("phraseSave")}
      </Button>
      {ours !== undefined && (
        <Button size="small" disabled={typed.trim() === ""} onClick={() => keep(ours)}>
          {t("phraseSaveForOrganisation")}
        </Button>
      )}
      {changing.error !== null && <Failure error={changing.error} />}
    </div>
  );
}
