import { App, Alert, Button, Checkbox, Input, Select, Tag } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { z } from "zod";
import type {
  applicationDetail,
  applicationRequest,
  RoutePreview,
} from "../../server/api/applications/applications.schema.ts";
import type { ResourceDetail, ResourceSummary } from "../../server/api/resources/resources.schema.ts";
import { api, ApiProblem, query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { useMe } from "../parts/session.tsx";
import { chinaTime } from "../parts/time.ts";
import { DraftNote } from "../parts/talk/draft-note.tsx";
import { useDraft } from "../parts/talk/use-draft.ts";
import { SelectField } from "../parts/select-field.tsx";

type Request = z.input<typeof applicationRequest>;

/** Start an application: choose from the catalogue, fill in the form, see which route will apply and why, submit. */
export function Apply() {
  const { t, pick, term } = useText();
  const [parameters] = useSearchParams();
  const [search, setSearch] = useState("");
  const copyId = parameters.get("copy");
  const [resourceId, setResourceId] = useState<string | null>(parameters.get("resource"));
  const copied = useApi<z.infer<typeof applicationDetail>>(copyId ? `/api/applications/${copyId}` : null);
  const resources = useApi<{ items: ResourceSummary[] }>(`/api/resources${query({ search, limit: "50" })}`);
  const chosen = useApi<ResourceDetail>(resourceId ? `/api/resources/${resourceId}` : null);
  if (resourceId) {
    return (
      <Page title={t("menuApply")} extra={<Button onClick={() => setResourceId(null)}>{t("back")}</Button>}>
        <Loaded result={chosen}>
          {(resource) =>
            copyId === null || copied.data?.resource.id !== resourceId ? (
              copyId !== null && copied.isPending ? null : (
                <ApplicationForm resource={resource} earlier={null} />
              )
            ) : (
              <ApplicationForm resource={resource} earlier={copied.data.request} />
            )
          }
        </Loaded>
      </Page>
    );
  }
  return (
    <Page title={`${t("menuApply")} · ${t("catalogue")}`}>
      <Input
        style={{ maxWidth: 360, marginBottom: 12 }}
        allowClear
        aria-label={t("catalogue")}
        placeholder={t("catalogue")}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Loaded result={resources}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t("empty")}</p>
          ) : (
            items.map((resource) => (
              <section key={resource.id} className="card">
                <div className="row" style={{ justifyContent: "space-between" }}>
                  <div>
                    <strong>{pick(resource.name)}</strong> <span className="muted">{resource.code}</span>
                    <div className="muted">
                      {pick(resource.provider.name)} · {resource.abstract}
                    </div>
                    <Tag>{term(resource.shareClass)}</Tag>
                    <Tag>
                      {t("grade")} {resource.grade}
                    </Tag>
                    {resource.modes.map((mode) => (
                      <Tag key={mode}>{term(mode)}</Tag>
                    ))}
                  </div>
                  <Button
                    type="primary"
                    onClick={() => setResourceId(resource.id)}
                    aria-label={`${t("choose")} ${pick(resource.name)}`}
                  >
                    {t("choose")}
                  </Button>
                </div>
              </section>
            ))
          )
        }
      </Loaded>
    </Page>
  );
}

const frequencies = ["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "once"] as const;
const personalInfos = ["none", "pi", "sensitive", "tenMillion"] as const;
const measures = ["accessControl", "log", "desensitise", "encryption", "storage", "disposal"] as const;

interface ApplicationFormProps {
  readonly resource: ResourceDetail;
  /** What was asked for before, where it is copied into a new application. */
  readonly earlier: z.infer<typeof applicationRequest> | null;
}

function ApplicationForm({ resource, earlier }: ApplicationFormProps) {
  const me = useMe();
  const { t, pick, term } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const posts = me.posts.filter((post) => post.roles.includes("applicant-clerk"));
  const [organisationId, setOrganisation] = useState(posts[0]?.organisation.id ?? "");
  const today = me.now.slice(0, 10);
  const [request, setRequest] = useState<Partial<Request>>({
    items: [],
    mode: resource.modes[0] ?? "query",
    frequency: "realtime",
    from: today,
    to: `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`,
    volume: "",
    personalInfo: resource.items.some((item) => item.personalInfo) ? "pi" : "none",
    security: ["accessControl", "log"],
    outsourced: false,
    ...(earlier ? copyOf(earlier) : {}),
  });
  const [preview, setPreview] = useState<RoutePreview | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(() => crypto.randomUUID());
  const draft = useDraft(`application.${resource.id}`, { request }, (before) => {
    if (typeof before["request"] === "object" && before["request"] !== null) setRequest(before["request"]);
  });
  const set = <K extends keyof Request>(name: K, value: Request[K] | undefined) =>
    setRequest((before) => ({ ...before, [name]: value }));
  const options = (codes: readonly string[]) => codes.map((value) => ({ value, label: term(value) }));
  const attempt = async (work: () => Promise<void>) => {
    try {
      setError(null);
      await work();
    } catch (failure) {
      setError(failure);
      if (!(failure instanceof ApiProblem)) void message.error(t("failed"));
    }
  };
  const showRoute = () =>
    attempt(async () => {
      const { mode, personalInfo, outsourced } = request;
      setPreview(
        await api.post<RoutePreview>("/api/applications/preview", {
          resourceId: resource.id,
          organisationId,
          request: { mode, personalInfo, outsourced },
        }),
      );
    });
  const submit = () =>
    attempt(async () => {
      await draft.whileSending(() =>
        api.post("/api/applications", { resourceId: resource.id, organisationId, request }, key),
      );
      void message.success(t("submitted"));
      await refresh();
      await navigate("/applications");
    });
  const area = (name: "purpose" | "legalBasis" | "scope", label: string) => (
    <label className="field">
      <span>
        {label} ({t("required")})
      </span>
      <Input.TextArea rows={2} value={request[name] ?? ""} onChange={(event) => set(name, event.target.value)} />
    </label>
  );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {error !== null && <Failure error={error} />}
      {earlier && <Alert type="info" showIcon title={t("gCopied")} style={{ marginBottom: 12 }} />}
      <section className="card">
        <h2>
          {pick(resource.name)} {resource.code}
        </h2>
        <p className="muted">
          {pick(resource.provider.name)} · {resource.shareCondition}
        </p>
        {posts.length > 1 && (
          <Select
            aria-label={t("applicant")}
            value={organisationId}
            onChange={setOrganisation}
            options={posts.map((post) => ({ value: post.organisation.id, label: pick(post.organisation.name) }))}
          />
        )}
        <fieldset className="field">
          <legend>{t("items")}</legend>
          <Checkbox.Group
            value={request.items ?? []}
            onChange={(items) => set("items", items)}
            options={resource.items.map((item) => ({
              value: item.code,
              label: `${item.name}${item.personalInfo ? `（${t("personal")}）` : ""}`,
            }))}
          />
        </fieldset>
        {area("purpose", t("purpose"))}
        <label className="field">
          <span>
            {t("matterName")} ({t("required")})
          </span>
          <Input value={request.matter ?? ""} onChange={(event) => set("matter", event.target.value)} />
        </label>
        {area("legalBasis", t("legalBasis"))}
        {area("scope", t("scope"))}
        <SelectField
          id="mode"
          label={t("mode")}
          value={request.mode ?? null}
          onChange={(mode) => set("mode", mode)}
          options={resource.modes.map((mode) => ({ value: mode, label: term(mode) }))}
        />
        <SelectField
          id="frequency"
          label={t("frequency")}
          value={request.frequency ?? null}
          onChange={(value) => set("frequency", value)}
          options={frequencies.map((value) => ({ value, label: term(value) }))}
        />
        <div className="row">
          <label className="field">
            <span>{t("from")}</span>
            <Input type="date" value={request.from ?? ""} onChange={(event) => set("from", event.target.value)} />
          </label>
          <label className="field">
            <span>{t("to")}</span>
            <Input type="date" value={request.to ?? ""} onChange={(event) => set("to", event.target.value)} />
          </label>
        </div>
        <label className="field">
          <span>{t("volume")}</span>
          <Input value={request.volume ?? ""} onChange={(event) => set("volume", event.target.value)} />
        </label>
        <SelectField
          id="personal-info"
          label={t("personalInfo")}
          value={request.personalInfo ?? null}
          onChange={(value) => set("personalInfo", value)}
          options={personalInfos.map((value) => ({ value, label: term(value) }))}
        />
        <fieldset className="field">
          <legend>{t("security")}</legend>
          <Checkbox.Group
            value={[...(request.security ?? [])]}
            onChange={(values) =>
              set(
                "security",
                measures.filter((measure) => values.includes(measure)),
              )
            }
            options={options(measures)}
          />
        </fieldset>
        <Checkbox checked={request.outsourced === true} onChange={(event) => set("outsourced", event.target.checked)}>
          {t("outsourced")}
        </Checkbox>
        <Checkbox
          checked={request.commitment === true}
          onChange={(event) => set("commitment", event.target.checked ? true : undefined)}
        >
          {t("commitment")}
        </Checkbox>
      </section>
      <DraftNote draft={draft} />
      <div className="row">
        <Button onClick={() => void showRoute()}>{t("preview")}</Button>
        <Button type="primary" htmlType="submit">
          {t("submit")}
        </Button>
      </div>
      {preview && <Preview preview={preview} />}
    </form>
  );
}

/** Everything of the earlier application but its period and its promise, which are given anew. Asking for more is widening. */
function copyOf(earlier: z.infer<typeof applicationRequest>): Partial<Request> {
  const { from: _from, to: _to, commitment: _commitment, ...same } = earlier;
  return { ...same, kind: "widen" };
}

function Preview({ preview }: { preview: RoutePreview }) {
  const { t, pick, term } = useText();
  return (
    <section className="card" aria-live="polite">
      <h2>{t("preview")}</h2>
      <p>{pick(preview.sentence)}</p>
      {preview.endToEnd && (
        <p>
          {t("endToEnd")} {preview.endToEnd.value} {term(preview.endToEnd.unit)} · {t("due")}{" "}
          {chinaTime(preview.endToEnd.dueAt)}{" "}
          {preview.endToEnd.confidence === "provisional" && `（${t("provisional")}）`}
        </p>
      )}
      <ol>
        {preview.steps.map((step) => (
          <li key={`${step.element}${step.organisation?.id ?? ""}`}>
            <strong>{pick(step.name)}</strong> {step.organisation && pick(step.organisation.name)}{" "}
            {!step.perform && <Tag>{t("skipped")}</Tag>}
            {step.perform && step.limit && (
              <Tag>
                {step.limit.value} {term(step.limit.unit)}
                {step.limit.verified ? "" : ` · ${t("unverified")}`}
              </Tag>
            )}
            {step.explanation && <div className="muted">{pick(step.explanation.sentence)}</div>}
            {step.problem && <Alert type="warning" title={pick(step.problem)} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
