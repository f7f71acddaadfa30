import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Input, Select, Tabs } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { z } from "zod";
import type { DefinitionDetail, deployed, SecondOpinion } from "../../../server/api/definitions/definitions.schema.ts";
import { readForm } from "../../../engine/forms/reading/read-form.ts";
import {
  createFormEditor,
  type FormEditorHandle,
  stepsOf,
  withRights,
  type FormSchema,
  type StepFieldRight,
  type StepOfForms,
} from "../../../modeler/forms/index.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../../parts/page.tsx";
import { SecondOpinionCard } from "../../parts/second-opinion.tsx";
import { useMe } from "../../parts/session.tsx";
import { FormPreview } from "./preview.tsx";
import { RightsMatrix } from "./rights-matrix.tsx";
import { TextsTable } from "./texts-table.tsx";

/** Forms of a process: design, texts in both languages, the preview that officials will see, and who may do what with a field. */
export function FormsScreen() {
  const { id = "" } = useParams();
  const definition = useApi<DefinitionDetail>(`/api/definitions/${id}`);
  return <Loaded result={definition}>{(data) => <FormsOf key={data.id} definition={data} />}</Loaded>;
}

type Bundle = Readonly<Record<string, FormSchema>>;

function FormsOf({ definition }: { definition: DefinitionDetail }) {
  const me = useMe();
  const { t, pick, colon, list } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const original = definition.forms as Bundle;
  const [forms, setForms] = useState<Bundle>(original);
  const [steps, setSteps] = useState<readonly StepOfForms[]>([]);
  const [rights, setRights] = useState<ReadonlyMap<string, readonly StepFieldRight[]> | null>(null);
  const [key, setKey] = useState(Object.keys(original)[0] ?? "");
  const [comment, setComment] = useState("");
  const [opinion, setOpinion] = useState<SecondOpinion | null>(null);
  useEffect(() => {
    void stepsOf(definition.xml).then(setSteps);
  }, [definition.xml]);

  const schema = forms[key];
  const read = useMemo(() => (schema ? readForm(schema) : null), [schema]);
  const rightsNow = rights ?? new Map(steps.map((step) => [step.id, step.rights]));
  const changed = forms !== original || rights !== null;
  const put = (next: FormSchema) => {
    setOpinion(null);
    setForms((before) => ({ ...before, [key]: next }));
  };
  /** A difference to the second engine that nobody has looked at stops the first click, and the second one publishes. */
  const publishing = useMutation({
    mutationFn: async () => {
      const xml = rights === null ? definition.xml : await withRights(definition.xml, rights);
      if (rights !== null && !opinion) {
        const asked = await api.post<SecondOpinion>("/api/definitions/second-opinion", { xml });
        setOpinion(asked);
        if (asked.counts.suspicious > 0) return;
      }
      const body = { xml, forms, comment, basedOn: definition.id };
      const result = await api.post<z.infer<typeof deployed>>("/api/definitions", body);
      void message.success(t("formsPublished", { version: result.definition.version }));
      await refresh();
      await navigate(`/processes/${result.definition.id}/forms`);
    },
  });
  const usedBy = steps.filter(({ form }) => form === key);

  return (
    <Page title={`${t("formsOfProcess", { name: pick(definition.name) })} · ${t("version")} ${definition.version}`}>
      {publishing.error !== null && <Failure error={publishing.error} />}
      {!me.may.design && <Alert type="info" title={t("formsForbidden")} />}
      <div className="row" style={{ marginBottom: 8 }}>
        <Select
          aria-label={t("menuForms")}
          style={{ minWidth: 240 }}
          value={key}
          onChange={setKey}
          options={Object.entries(forms).map(([id, form]) => ({
            value: id,
            label: `${pick(nameOf(form, id))} (${id})`,
          }))}
        />
        {me.may.design && (
          <>
            <NewForm
              taken={Object.keys(forms)}
              onCreate={(form) => {
                setForms((before) => ({ ...before, [form.id]: form }));
                setKey(form.id);
              }}
            />
            <Input
              style={{ maxWidth: 240 }}
              aria-label={t("formsComment")}
              placeholder={t("formsComment")}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
            <Button
              type="primary"
              loading={publishing.isPending}
              disabled={!changed || (read?.problems.length ?? 0) > 0}
              onClick={() => publishing.mutate()}
            >
              {t("formsPublish")}
            </Button>
            <span className="muted" role="status">
              {publishing.isPending ? t("formsPublishing") : changed ? t("formsChanged") : t("formsNoChange")}
            </span>
          </>
        )}
      </div>
      {opinion && <SecondOpinionCard opinion={opinion} />}
      <p className="muted">
        {t("formsUsedBy")}
        {colon}
        {list(usedBy.map(({ name }) => pick(name))) || "—"}
      </p>
      {read && read.problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t("formsProblems")}
          description={
            <ul>
              {read.problems.map(({ code, place, message: text }) => (
                <li key={`${code}${place}`}>
                  {pick(text)} <code>{place}</code>
                </li>
              ))}
            </ul>
          }
        />
      )}
      {schema && (
        <Tabs
          destroyOnHidden
          items={[
            ...(me.may.design
              ? [
                  {
                    key: "design",
                    label: t("formsDesign"),
                    children: <Designer key={key} schema={schema} onChange={put} />,
                  },
                ]
              : []),
            {
              key: "texts",
              label: t("formsTexts"),
              children: <TextsTable schema={schema} onChange={put} readOnly={!me.may.design} />,
            },
            {
              key: "preview",
              label: t("formsPreview"),
              children: read?.form ? <FormPreview form={read.form} /> : null,
            },
            {
              key: "rights",
              label: t("formsRights"),
              children: read?.form ? (
                <RightsMatrix
                  form={read.form}
                  steps={steps}
                  rights={rightsNow}
                  readOnly={!me.may.design}
                  onChange={(next) => {
                    setOpinion(null);
                    setRights(next);
                  }}
                />
              ) : null,
            },
          ]}
        />
      )}
    </Page>
  );
}

/** The editor of form-js on one form. It is opened once a form; what it saves comes out by `onChange`. */
function Designer({ schema, onChange }: { schema: FormSchema; onChange: (schema: FormSchema) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const [first] = useState(schema);
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  }, [onChange]);
  const { language } = useText();
  const editor = useRef<Promise<FormEditorHandle> | null>(null);
  useEffect(() => {
    if (!place.current) return;
    let gone = false;
    const opened = createFormEditor({
      container: place.current,
      schema: first,
      onChange: (next) => {
        if (!gone) told.current(next);
      },
    });
    editor.current = opened;
    return () => {
      gone = true;
      editor.current = null;
      void opened.then((handle) => handle.destroy());
    };
  }, [first]);
  useEffect(() => {
    void editor.current?.then((handle) => handle.use(language));
  }, [language]);
  return <div ref={place} className="form-designer" />;
}

function NewForm({
  taken,
  onCreate,
}: {
  taken: readonly string[];
  onCreate: (form: FormSchema & { readonly id: string }) => void;
}) {
  const { t } = useText();
  const [id, setId] = useState("");
  const fits = /^[a-z][a-z0-9-]{1,59}$/.test(id) && !taken.includes(id);
  return (
    <span className="row">
      <Input
        style={{ maxWidth: 160 }}
        aria-label={t("formsKey")}
        placeholder={t("formsKey")}
        value={id}
        onChange={(event) => setId(event.target.value.trim())}
      />
      <Button
        disabled={!fits}
        onClick={() => {
          onCreate({ id, type: "default", schemaVersion: 19, name: { zh: id, en: id }, components: [] });
          setId("");
        }}
      >
        {t("formsNew")}
      </Button>
    </span>
  );
}

function nameOf(form: FormSchema, id: string): { zh: string; en: string } {
  const name = form["name"];
  return typeof name === "object" && name !== null && "zh" in name && "en" in name
    ? { zh: String(name.zh), en: String(name.en) }
    : { zh: id, en: id };
}
