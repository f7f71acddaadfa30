import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input, Radio } from "antd";
import { useState } from "react";
import type { NoticePreferences } from "../../server/api/notices/notices.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { noticesKey } from "../parts/notices/bell.tsx";
import { LanguageChoice } from "../parts/notices/language-choice.tsx";
import { QuietFields } from "../parts/notices/quiet-fields.tsx";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";

const path = "/api/notices/preferences";
const channels = ["product", "mail"] as const;
type Group = NoticePreferences["groups"][number];
type Channel = (typeof channels)[number];

/** The one place where a person chooses what they are told, by which channel, and when. */
export function NoticeSettingsScreen() {
  const { t } = useText();
  const preferences = useApi<NoticePreferences>(path, [noticesKey]);
  return (
    <Page title={t("noticeSettings")}>
      <Loaded result={preferences}>{(data) => <Settings stored={data} />}</Loaded>
    </Page>
  );
}

function Settings({ stored }: { stored: NoticePreferences }) {
  const { t } = useText();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [draft, setDraft] = useState(stored);
  const [error, setError] = useState<unknown>(null);
  const change = (changes: Partial<NoticePreferences>) => setDraft((before) => ({ ...before, ...changes }));
  const save = async () => {
    const { hasMail: _hasMail, groups: _groups, ...body } = draft;
    try {
      const kept = await api.put<NoticePreferences>(path, body);
      setDraft(kept);
      setError(null);
      await client.invalidateQueries({ queryKey: [noticesKey] });
      void message.success(t("noticeSaved"));
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <form
      className="notice-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {!stored.hasMail && <Alert className="notice-state" type="info" showIcon title={t("noticeNoMailServer")} />}
      <Choices draft={draft} change={change} />
      <MailFields draft={draft} change={change} />
      <section className="card">
        <h2>{t("noticeQuiet")}</h2>
        <p className="muted">{t("noticeQuietHint")}</p>
        <QuietFields
          quiet={draft.quiet}
          restDaysQuiet={draft.restDaysQuiet}
          onChange={(quiet, restDaysQuiet) => change({ quiet, restDaysQuiet })}
        />
      </section>
      {error !== null && <Failure error={error} />}
      <Button type="primary" htmlType="submit">
        {t("noticeSave")}
      </Button>
    </form>
  );
}

interface PartProps {
  readonly draft: NoticePreferences;
  readonly change: (changes: Partial<NoticePreferences>) => void;
}

function Choices({ draft, change }: PartProps) {
  const { t, term } = useText();
  const wanted = (group: Group): readonly Channel[] => draft.choices[group] ?? channels;
  const toggle = (group: Group, channel: Channel, on: boolean) => {
    const others = wanted(group).filter((known) => known !== channel);
    change({ choices: { ...draft.choices, [group]: on ? [...others, channel] : others } });
  };
  return (
    <section className="card">
      <h2>{t("noticeWhat")}</h2>
      <p className="muted">{t("noticeWhatHint")}</p>
      <table className="choices">
        <thead>
          <tr>
            <th scope="col">{t("noticeGroup")}</th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {term(`noticeChannel_${channel}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {draft.groups.map((group) => (
            <tr key={group}>
              <th scope="row">{term(`noticeGroup_${group}`)}</th>
              {channels.map((channel) => (
                <td key={channel}>
                  <Checkbox
                    aria-label={`${term(`noticeGroup_${group}`)} ${term(`noticeChannel_${channel}`)}`}
                    checked={wanted(group).includes(channel)}
                    onChange={(event) => toggle(group, channel, event.target.checked)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MailFields({ draft, change }: PartProps) {
  const { t } = useText();
  return (
    <section className="card">
      <h2>{t("noticeMail")}</h2>
      <p className="muted">{t("noticeMailHint")}</p>
      <label className="field">
        <span>{t("noticeMailAddress")}</span>
        <Input
          type="email"
          autoComplete="email"
          maxLength={254}
          value={draft.mail ?? ""}
          onChange={(event) => change({ mail: event.target.value === "" ? null : event.target.value })}
        />
      </label>
      <LanguageChoice value={draft.language} onChange={(language) => change({ language })} />
      <div className="row">
        <Radio.Group
          value={draft.digestAt === null ? "each" : "daily"}
          onChange={(event) => change({ digestAt: event.target.value === "daily" ? "08:30" : null })}
          options={[
            { value: "each", label: t("noticeEach") },
            { value: "daily", label: t("noticeDaily") },
          ]}
        />
        {draft.digestAt !== null && (
          <Input
            type="time"
            aria-label={t("noticeDailyAt")}
            value={draft.digestAt}
            style={{ width: 120 }}
            onChange={(event) => event.target.value !== "" && change({ digestAt: event.target.value })}
          />
        )}
      </div>
    </section>
  );
}
