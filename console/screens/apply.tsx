import { useMutation } from "@tanstack/react-query";
import { App, Alert, Button, Input, Select, Tag } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { z } from "zod";
import type {
  applicationDetail,
  ApplicationFormView,
  RoutePreview,
} from "../../server/api/applications/applications.schema.ts";
import type { ResourceDetail, ResourceSummary } from "../../server/api/resources/resources.schema.ts";
import { fieldsOf, type Form } from "../../engine/forms/form.ts";
import { api, query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { useRegions } from "../parts/regions.ts";
import { useMe } from "../parts/session.tsx";
import { Sureness } from "../parts/sureness.tsx";
import { chinaTime } from "../parts/time.ts";
import { DraftNote } from "../parts/talk/draft-note.tsx";
import { useDraft } from "../parts/talk/use-draft.ts";
import { FormView, type Values } from "../parts/forms/form-view.tsx";
import { ProblemSummary } from "../parts/forms/problem-summary.tsx";
import { asFacts, formOf, problemsOf, type BrowserContext } from "../parts/forms/wire.ts";

/** Start an application: choose from the catalogue, fill in the form, see which route will apply and why, submit. */
export function Apply() {
  const { t, pick, term } = useText();
  const [search, setSearch] = useState("");
  const [parameters] = useSearchParams();
  const copyId = parameters.get("copy");
  const [resourceId, setResourceId] = useState<string | null>(parameters.get("resource"));
  const copied = useApi<Earlier>(copyId ? `/api/applications/${copyId}` : null);
  const resources = useApi<{ items: ResourceSummary[] }>(`/api/resources${query({ search, limit: "50" })}`);
  const chosen = useApi<ResourceDetail>(resourceId ? `/api/resources/${resourceId}` : null);
  if (resourceId) {
    return (
      <Page title={t("menuApply")} extra={<Button onClick={() => setResourceId(null)}>{t("back")}</Button>}>
        <Loaded result={chosen}>
          {(resource) =>
            copyId !== null && copied.isPending ? null : (
              <ApplicationForm
                resource={resource}
                earlier={copied.data?.resource.id === resourceId ? copied.data.request : null}
              />
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
                      {pick(resource.provider.name)} ·{" "}
                      {pick({ zh: resource.abstract, en: resource.abstractEn ?? resource.abstract })}
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

type Earlier = z.infer<typeof applicationDetail>;

interface ApplicationFormProps {
  readonly resource: ResourceDetail;
  /** What was asked for before, where it is copied into a new application. */
  readonly earlier: Earlier["request"] | null;
}

/** The form of the process that will carry the application: which one that is depends on whose department applies. */
function ApplicationForm({ resource, earlier }: ApplicationFormProps) {
  const me = useMe();
  const { t, pick } = useText();
  const departments = me.appliesFor;
  const [organisationId, setOrganisation] = useState(departments[0]?.id ?? "");
  const inSteadOf = departments.find(({ id }) => id === organisationId)?.inSteadOf ?? null;
  const form = useApi<ApplicationFormView>(
    `/api/applications/form${query({ resource: resource.id, organisation: organisationId })}`,
  );
  return (
    <>
      <section className="card">
        <h2>
          {pick(resource.name)} {resource.code}
        </h2>
        <p className="muted">
          {pick(resource.provider.name)}
          {resource.shareCondition !== null &&
            ` · ${pick({ zh: resource.shareCondition, en: resource.shareConditionEn ?? resource.shareCondition })}`}
        </p>
        {inSteadOf && <Tag color="blue">{t("handFor", { who: inSteadOf.name })}</Tag>}
        {departments.length > 1 && (
          <Select
            aria-label={t("applicant")}
            value={organisationId}
            onChange={setOrganisation}
            options={departments.map(({ id, name }) => ({ value: id, label: pick(name) }))}
          />
        )}
      </section>
      <Loaded result={form}>
        {(view) => (
          <Filling
            key={`${view.process.definitionId} ${organisationId}`}
            resource={resource}
            view={view}
            earlier={earlier}
          />
        )}
      </Loaded>
    </>
  );
}

function Filling({ resource, view, earlier }: ApplicationFormProps & { readonly view: ApplicationFormView }) {
  const { t, pick, colon } = useText();
  const { nameOf } = useRegions();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const [values, setValues] = useState<Values>(
    earlier ? { ...view.values, ...copyOf(earlier, formOf(view.form)) } : view.values,
  );
  const [preview, setPreview] = useState<RoutePreview | null>(null);
  const [tried, setTried] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const form = formOf(view.form);
  const known: BrowserContext = { place: "body.request", facts: asFacts(view.facts), today: view.today, reasons: [] };
  const problems = tried ? problemsOf(form, values, known) : [];
  const organisationId = view.applicant.id;
  const draft = useDraft(`application.${resource.id}`, { request: values }, (before) => {
    const request = before["request"];
    if (typeof request === "object" && request !== null) setValues({ ...view.values, ...request });
  });
  const showing = useMutation({
    mutationFn: async () => {
      const { mode, personalInfo, outsourced, kind, emergency } = values;
      const request = { mode, personalInfo, outsourced, kind, emergency };
      setPreview(
        await api.post<RoutePreview>("/api/applications/preview", { resourceId: resource.id, organisationId, request }),
      );
    },
  });
  const submitting = useMutation({
    mutationFn: async () => {
      await draft.whileSending(() =>
        api.post("/api/applications", { resourceId: resource.id, organisationId, request: values }, key),
      );
      void message.success(t("submitted"));
      await refresh();
      await navigate("/applications");
    },
  });
  const error = submitting.error ?? showing.error;

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        showing.reset();
        if (problemsOf(form, values, known).length === 0) submitting.mutate();
      }}
    >
      {error !== null && <Failure error={error} />}
      {earlier && <Alert type="info" showIcon title={t("gCopied")} style={{ marginBottom: 12 }} />}
      <ProblemSummary problems={problems} />
      <section className="card">
        <p className="muted">
          {t("applicant")}
          {colon}
          {pick(view.applicant.name)} · {view.applicant.uscc} · {nameOf(view.applicant.region)}
        </p>
        <FormView
          form={form}
          values={values}
          onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
          known={known}
          problems={problems}
        />
      </section>
      <DraftNote draft={draft} />
      <div className="row">
        <Button
          loading={showing.isPending}
          onClick={() => {
            submitting.reset();
            showing.mutate();
          }}
        >
          {t("preview")}
        </Button>
        <Button type="primary" htmlType="submit" loading={submitting.isPending}>
          {t("submit")}
        </Button>
      </div>
      {preview && <Preview preview={preview} />}
    </form>
  );
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
          {chinaTime(preview.endToEnd.dueAt)} <Sureness of={preview.endToEnd.confidence} />
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

/**
 * Everything of the earlier application but its period, its promise and its files, which are given anew: a file belongs to the
 * case that it was sent with. Asking for more is widening.
 */
function copyOf(earlier: Earlier["request"], form: Form): Values {
  const files = fieldsOf(form.components).flatMap(({ kind, key }) => (kind === "file" ? [key] : []));
  const anew = new Set(["from", "to", "commitment", ...files]);
  return Object.fromEntries(Object.entries(earlier).filter(([key]) => !anew.has(key)));
}
