import { useMutation } from "@tanstack/react-query";
import { Button, Checkbox, Input, Segmented } from "antd";
import { useState } from "react";
import type { NoticeEndpoint, NoticeEndpoints } from "../../../server/api/notice-endpoints/notice-endpoints.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { SelectField } from "../select-field.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { QuietFields } from "./quiet-fields.tsx";

const types = ["webhook", "wecom", "dingtalk"] as const;

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

type Draft = Pick<NoticeEndpoint, "type" | "name" | "groups" | "language" | "quiet" | "restDaysQuiet" | "isActive"> & {
  readonly organisationId: string | null;
  /** Empty: what is stored stays. */
  readonly url: string;
  readonly secret: string;
};

function draftOf(known: NoticeEndpoint | null, data: NoticeEndpoints): Draft {
  const chosen = known ?? {
    type: "webhook" as const,
    name: "",
    groups: [...data.groups],
    language: "zh" as const,
    quiet: null,
    restDaysQuiet: false,
    isActive: true,
  };
  const { type, name, groups, language, quiet, restDaysQuiet, isActive } = chosen;
  const organisationId = known?.organisation?.id ?? null;
  return { type, name, groups, language, quiet, restDaysQuiet, isActive, organisationId, url: "", secret: "" };
}

/** Registers or changes a webhook or a group robot. Address and secret are only ever written. */
export function EndpointForm({
  known,
  data,
  onDone,
}: {
  known: NoticeEndpoint | null;
  data: NoticeEndpoints;
  onDone: () => void;
}) {
  const { t, term, pick } = useText();
  const refresh = useRefreshAll();
  const [draft, setDraft] = useState(() => draftOf(known, data));
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const isRobot = draft.type !== "webhook";
  const saving = useMutation({
    mutationFn: async () => {
      const { type, url, secret, ...rest } = draft;
      if (known) {
        const kept = { url: url === "" ? null : url, secret: secret === "" ? null : secret };
        await api.put(`/api/notice-endpoints/${known.id}`, { ...rest, ...kept });
      } else await api.post("/api/notice-endpoints", { ...rest, type, url, secret });
      await refresh();
      onDone();
    },
  });
  return (
    <form
      className="notice-form"
      aria-label={known ? known.name : t("noticeEndpointNew")}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      {!known && (
        <Segmented
          value={draft.type}
          onChange={(type) => change({ type, organisationId: null, secret: "" })}
          options={types.map((type) => ({ value: type, label: term(`noticeChannel_${type}`) }))}
        />
      )}
      <label className="field">
        <span>{t("noticeEndpointName")}</span>
        <Input required maxLength={80} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      </label>
      {isRobot && (
        <SelectField
          id="endpoint-organisation"
          label={t("organisation")}
          showSearch
          optionFilterProp="label"
          value={draft.organisationId}
          onChange={(organisationId) => change({ organisationId })}
          options={data.organisations.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
      )}
      <label className="field">
        <span>{t("noticeAddress")}</span>
        <Input
          required={!known}
          type="url"
          autoComplete="off"
          placeholder={known ? t("noticeKept") : "https://"}
          value={draft.url}
          onChange={(event) => change({ url: event.target.value })}
        />
      </label>
      {draft.type !== "wecom" && (
        <div className="row">
          <label className="field grow">
            <span>{t(isRobot ? "noticeRobotSecret" : "noticeSecret")}</span>
            <Input
              required={!known && !isRobot}
              autoComplete="off"
              placeholder={known?.hasSecret ? t("noticeKept") : ""}
              value={draft.secret}
              onChange={(event) => change({ secret: event.target.value })}
            />
          </label>
          {!isRobot && <Button onClick={() => change({ secret: newSecret() })}>{t("noticeNewSecret")}</Button>}
        </div>
      )}
      <fieldset className="plain">
        <legend>{t("noticeGroup")}</legend>
        <Checkbox.Group
          value={draft.groups}
          onChange={(groups) => change({ groups })}
          options={data.groups.map((group) => ({ value: group, label: term(`noticeGroup_${group}`) }))}
        />
      </fieldset>
      {isRobot && (
        <>
          <LanguageChoice value={draft.language} onChange={(language) => change({ language })} />
          <QuietFields
            quiet={draft.quiet}
            restDaysQuiet={draft.restDaysQuiet}
            onChange={(quiet, restDaysQuiet) => change({ quiet, restDaysQuiet })}
          />
        </>
      )}
      <div>
        <Checkbox checked={draft.isActive} onChange={(event) => change({ isActive: event.target.checked })}>
          {t("noticeActive")}
        </Checkbox>
      </div>
      {saving.error !== null && <Failure error={saving.error} />}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t("noticeSave")}
        </Button>
        <Button onClick={onDone}>{t("cancel")}</Button>
      </div>
    </form>
  );
}
