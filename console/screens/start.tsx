import { useMutation } from "@tanstack/react-query";
import { App, Button, Input, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { ResourceSummary } from "../../server/api/resources/resources.schema.ts";
import type { StartOption } from "../../server/api/starts/starts.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { FormView, type Values } from "../parts/forms/form-view.tsx";
import { ProblemSummary } from "../parts/forms/problem-summary.tsx";
import { formOf, problemsOf, type BrowserContext } from "../parts/forms/wire.ts";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { DraftNote } from "../parts/talk/draft-note.tsx";
import { useDraft } from "../parts/talk/use-draft.ts";
import { SelectField } from "../parts/select-field.tsx";

type OrganisationRef = Omit<StartOption["organisations"][number], "inSteadOf">;

interface Starts {
  readonly items: readonly StartOption[];
  readonly organisations: readonly OrganisationRef[];
}

/** Begin a process by hand: those that the person may begin, each with the form that it begins with. */
export function Start() {
  const { t, pick } = useText();
  const starts = useApi<Starts>("/api/starts");
  const [chosen, setChosen] = useState<StartOption | null>(null);
  return (
    <Page
      title={chosen ? pick(chosen.name) : t("menuStart")}
      extra={chosen && <Button onClick={() => setChosen(null)}>{t("back")}</Button>}
    >
      <Loaded result={starts}>
        {({ items, organisations }) => {
          if (chosen) return <StartForm option={chosen} organisations={organisations} />;
          if (items.length === 0) return <p>{t("empty")}</p>;
          return items.map((option) => (
            <section key={`${option.process.key} ${option.key}`} className="card">
              <div className="row" style={{ justifyContent: "space-between" }}>
                <div>
                  <strong>{pick(option.name)}</strong>
                  <div className="muted">
                    {pick(option.process.name)} {option.process.key}
                  </div>
                </div>
                <Button
                  type="primary"
                  onClick={() => setChosen(option)}
                  aria-label={`${t("begin")} ${pick(option.name)}`}
                >
                  {t("begin")}
                </Button>
              </div>
            </section>
          ));
        }}
      </Loaded>
    </Page>
  );
}

interface FormProps {
  readonly option: StartOption;
  readonly organisations: readonly OrganisationRef[];
}

function StartForm({ option, organisations }: FormProps) {
  const { t, pick } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const [organisationId, setOrganisation] = useState(option.organisations[0]?.id ?? "");
  const inSteadOf = option.organisations.find(({ id }) => id === organisationId)?.inSteadOf ?? null;
  const [resourceId, setResource] = useState<string | null>(null);
  const [otherOrganisationId, setOther] = useState<string | null>(null);
  const [caseNumber, setNumber] = useState("");
  const [form, setForm] = useState<Values>({});
  const [tried, setTried] = useState(false);
  const definition = formOf(option.form);
  const known: BrowserContext = { place: "form", facts: {}, today: option.today, reasons: [] };
  const problems = tried ? problemsOf(definition, form, known) : [];
  const [key] = useState(() => crypto.randomUUID());
  const resources = useApi<{ items: ResourceSummary[] }>(
    option.needs === "resource" ? "/api/resources?limit=50" : null,
  );
  const draft = useDraft(`start.${option.process.key}.${option.key}`, { form }, (before) => {
    const kept = before["form"];
    if (typeof kept === "object" && kept !== null) setForm({ ...kept });
  });
  const sending = useMutation({
    mutationFn: async () => {
      const begun = await draft.whileSending(() =>
        api.post<{ instanceId: string; caseNumber: string }>(
          `/api/processes/${option.process.key}/cases`,
          { start: option.key, organisationId, resourceId, otherOrganisationId, caseNumber: caseNumber || null, form },
          key,
        ),
      );
      void message.success(`${t("begun")} ${begun.caseNumber}`);
      await refresh();
      await navigate(`/cases/${begun.instanceId}`);
    },
  });
  const choose = (items: readonly OrganisationRef[]) =>
    items.map((organisation) => ({ value: organisation.id, label: pick(organisation.name) }));

  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problemsOf(definition, form, known).length === 0) sending.mutate();
      }}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      <SelectField
        id="own-organisation"
        label={t("organisation")}
        value={organisationId}
        onChange={setOrganisation}
        options={choose(option.organisations)}
      />
      {inSteadOf && <Tag color="blue">{t("handFor", { who: inSteadOf.name })}</Tag>}
      {option.needs === "resource" && (
        <SelectField
          id="resource"
          label={`${t("catalogue")} (${t("required")})`}
          value={resourceId}
          onChange={setResource}
          options={(resources.data?.items ?? []).map((resource) => ({
            value: resource.id,
            label: `${pick(resource.name)} · ${pick(resource.provider.name)}`,
          }))}
        />
      )}
      {option.needs === "organisation" && (
        <SelectField
          id="other-organisation"
          label={`${t("otherOrganisation")} (${t("required")})`}
          value={otherOrganisationId}
          onChange={setOther}
          options={choose(organisations)}
        />
      )}
      {option.needs === "case" && (
        <label className="field">
          <span>
            {t("number")} ({t("required")})
          </span>
          <Input value={caseNumber} onChange={(event) => setNumber(event.target.value.trim())} />
        </label>
      )}
      <ProblemSummary problems={problems} />
      <FormView
        form={definition}
        values={form}
        onChange={(name, value) => setForm((before) => ({ ...before, [name]: value }))}
        known={known}
        problems={problems}
      />
      <DraftNote draft={draft} />
      <Button type="primary" htmlType="submit" loading={sending.isPending}>
        {t("begin")}
      </Button>
    </form>
  );
}
