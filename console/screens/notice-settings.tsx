import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input, Radio } from "antd";
import { useState, type ReactNode } from "react";
import type { NoticePreferences } from "../../server/api/notices/notices.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { noticesKey } from "../parts/notices/bell.tsx";
import { kindKey } from "../parts/notices/kind-key.ts";
import { LanguageChoice } from "../parts/notices/language-choice.tsx";
import { QuietFields } from "../parts/notices/quiet-fields.tsx";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";

const path = "/api/notices/preferences";
const channels = ["product", "mail"] as const;
type Group = NoticePreferences["groups"][number]["group"];
type Named = keyof NoticePreferences["choices"];
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
  const change = (changes: Partial<NoticePreferences>) => setDraft((before) => ({ ...before, ...changes }));
  const saving = useMutation({
    mutationFn: async () => {
      const { hasMail: _hasMail, groups: _groups, ...body } = draft;
      const kept = await api.put<NoticePreferences>(path, body);
      setDraft(kept);
      await client.invalidateQueries({ queryKey: [noticesKey] });
      void message.success(t("noticeSaved"));
    },
  });
  return (
    <form
      className="notice-form"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
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
      <section className="card">
        <h2>{t("noticeAway")}</h2>
        <p className="muted">{t("noticeAwayHint")}</p>
        <Radio.Group
          value={draft.whileAway}
          onChange={(event) => change({ whileAway: event.target.value as NoticePreferences["whileAway"] })}
          options={[
            { value: "both", label: t("noticeAwayBoth") },
            { value: "substitute", label: t("noticeAwaySubstitute") },
          ]}
        />
      </section>
      {saving.error !== null && <Failure error={saving.error} />}
      <Button type="primary" htmlType="submit" loading={saving.isPending}>
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
  const [opened, setOpened] = useState<Group | null>(null);
  const wantedOfGroup = (group: Group): readonly Channel[] => draft.choices[group] ?? channels;
  const wantedOfKind = (kind: string, group: Group): readonly Channel[] =>
    draft.choices[kind as Named] ?? wantedOfGroup(group);
  const without = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(draft.choices).filter(([name]) => !names.includes(name)));
  const switched = (before: readonly Channel[], channel: Channel, on: boolean) => {
    const others = before.filter((known) => known !== channel);
    return on ? [...others, channel] : others;
  };
  // A group is switched as a whole: what was chosen for one of its kinds does not outlast it.
  const switchGroup = ({ group, kinds }: NoticePreferences["groups"][number], channel: Channel, on: boolean) =>
    change({ choices: { ...without(kinds), [group]: switched(wantedOfGroup(group), channel, on) } });
  const switchKind = (kind: string, group: Group, channel: Channel, on: boolean) =>
    change({ choices: { ...draft.choices, [kind]: switched(wantedOfKind(kind, group), channel, on) } });
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
        {draft.groups.map((known) => {
          const { group, kinds } = known;
          const wanted = kinds.map((kind) => wantedOfKind(kind, group));
          return (
            <tbody key={group}>
              <ChoiceRow
                name={
                  <Button
                    type="text"
                    aria-expanded={opened === group}
                    icon={opened === group ? <DownOutlined /> : <RightOutlined />}
                    onClick={() => setOpened(opened === group ? null : group)}
                  >
                    {term(`noticeGroup_${group}`)}
                  </Button>
                }
                label={term(`noticeGroup_${group}`)}
                isOn={(channel) => wanted.every((chosen) => chosen.includes(channel))}
                isMixed={(channel) =>
                  wanted.some((chosen) => chosen.includes(channel)) &&
                  !wanted.every((chosen) => chosen.includes(channel))
                }
                onSwitch={(channel, on) => switchGroup(known, channel, on)}
              />
              {opened === group &&
                kinds.map((kind) => (
                  <ChoiceRow
                    key={kind}
                    name={<span className="kind">{term(kindKey(kind))}</span>}
                    label={term(kindKey(kind))}
                    isOn={(channel) => wantedOfKind(kind, group).includes(channel)}
                    isMixed={() => false}
                    onSwitch={(channel, on) => switchKind(kind, group, channel, on)}
                  />
                ))}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}

function ChoiceRow({
  name,
  label,
  isOn,
  isMixed,
  onSwitch,
}: {
  readonly name: ReactNode;
  readonly label: string;
  readonly isOn: (channel: Channel) => boolean;
  readonly isMixed: (channel: Channel) => boolean;
  readonly onSwitch: (channel: Channel, on: boolean) => void;
}) {
  const { term } = useText();
  return (
    <tr>
      <th scope="row">{name}</th>
      {channels.map((channel) => (
        <td key={channel}>
          <Checkbox
            aria-label={`${label} ${term(`noticeChannel_${channel}`)}`}
            checked={isOn(channel)}
            indeterminate={isMixed(channel)}
            onChange={(event) => onSwitch(channel, event.target.checked)}
          />
        </td>
      ))}
    </tr>
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
