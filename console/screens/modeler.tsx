import { App, Button, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { createModeler, type ModelerHandle, type Problem } from "../../modeler/index.ts";
import "../../modeler/modeler.css";
import type { z } from "zod";
import type {
  definitionDetail,
  deployed,
  SecondOpinion,
  Vocabulary,
} from "../../server/api/definitions/definitions.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { ImportButton, type Imported } from "../parts/import-button.tsx";
import { ImportReport } from "../parts/import-report.tsx";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { SecondOpinionCard } from "../parts/second-opinion.tsx";
import { useMe } from "../parts/session.tsx";

type Definition = z.infer<typeof definitionDetail>;

export function ModelerScreen() {
  const { id = "" } = useParams();
  const definition = useApi<Definition>(`/api/definitions/${id}`);
  const vocabulary = useApi<Vocabulary>("/api/definitions/vocabulary");
  return (
    <Loaded result={definition}>
      {(data) => (
        <Loaded result={vocabulary}>
          {(terms) => <Editor key={data.id} source={sourceOf(data)} vocabulary={terms} />}
        </Loaded>
      )}
    </Loaded>
  );
}

/** A file to edit, and the version that it is a change of. */
export interface EditorSource {
  readonly xml: string;
  readonly title: string | { readonly name: Definition["name"]; readonly version: number };
  readonly basedOn: string | null;
}

function sourceOf({ id, xml, name, version }: Definition): EditorSource {
  return { xml, title: { name, version }, basedOn: id };
}

interface EditorProps {
  readonly source: EditorSource;
  readonly vocabulary: Vocabulary;
  /** Where the file came from another engine: what became of it. */
  readonly imported?: Imported;
}

/** Opens a file in the modeler, checks it as it is edited, and publishes a new version. */
export function Editor({ source, vocabulary, imported }: EditorProps) {
  const { xml } = source;
  const me = useMe();
  const { t, pick, language } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const canvas = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const modeler = useRef<ModelerHandle | null>(null);
  const [problems, setProblems] = useState<readonly Problem[] | null>(null);
  const [comment, setComment] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [opinion, setOpinion] = useState<SecondOpinion | null>(null);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    let gone = false;
    const open = async () => {
      if (!canvas.current || !panel.current) return;
      const handle = await createModeler({
        container: canvas.current,
        propertiesParent: panel.current,
        xml,
        vocabulary,
        language: document.documentElement.lang === "en" ? "en" : "zh",
        readOnly: !me.may.design,
        // An opinion is about the drawing as it was.
        onChange: () => setOpinion(null),
        onProblems: (found) => setProblems(found),
      });
      if (gone) handle.destroy();
      else modeler.current = handle;
    };
    void open();
    return () => {
      gone = true;
      modeler.current?.destroy();
      modeler.current = null;
    };
  }, [xml, vocabulary, me.may.design]);
  useEffect(() => modeler.current?.setLanguage(language), [language]);

  const title =
    typeof source.title === "string"
      ? source.title
      : `${pick(source.title.name)} ${t("version")} ${source.title.version}`;
  const errors = (problems ?? []).filter((problem) => problem.severity === "error").length;
  const suspicious = opinion?.counts.suspicious ?? 0;
  const ask = async (saved: string | undefined): Promise<SecondOpinion> => {
    const asked = await api.post<SecondOpinion>("/api/definitions/second-opinion", { xml: saved });
    setOpinion(asked);
    return asked;
  };
  const working = async (work: (saved: string | undefined) => Promise<void>) => {
    try {
      setError(null);
      setAsking(true);
      await work(await modeler.current?.saveXml());
    } catch (failure) {
      setError(failure);
    } finally {
      setAsking(false);
    }
  };
  /** A difference that nobody has looked at stops the first click, and the second one publishes. */
  const publish = async () =>
    working(async (saved) => {
      if (!opinion && (await ask(saved)).counts.suspicious > 0) return;
      const result = await api.post<z.infer<typeof deployed>>("/api/definitions", {
        xml: saved,
        comment,
        basedOn: source.basedOn,
      });
      const said = t("secondOpinionCounts", { ...result.secondOpinion.counts });
      void message.success(`${t("publishedVersion", { count: result.definition.version })} · ${said}`);
      await refresh();
      await navigate(`/processes/${result.definition.id}`);
    });
  return (
    <Page title={`${t("modeler")} · ${title}`}>
      {error !== null && <Failure error={error} />}
      <div className="row" style={{ marginBottom: 8 }}>
        <Button onClick={() => modeler.current?.undo()}>{t("undo")}</Button>
        <Button onClick={() => modeler.current?.redo()}>{t("redo")}</Button>
        <Button onClick={() => modeler.current?.zoomFit()}>{t("fit")}</Button>
        {me.may.design && (
          <>
            <ImportButton />
            <Input
              style={{ maxWidth: 260 }}
              aria-label={t("publishComment")}
              placeholder={t("publishComment")}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
            <Button
              disabled={errors > 0}
              loading={asking}
              onClick={() => void working(async (saved) => void (await ask(saved)))}
            >
              {t("secondOpinionAsk")}
            </Button>
            <Button type="primary" disabled={errors > 0} loading={asking} onClick={() => void publish()}>
              {t(suspicious > 0 ? "publishAnyway" : "publish")}
            </Button>
            {errors > 0 && <span role="status">{t("errorsBlock", { count: errors })}</span>}
          </>
        )}
      </div>
      <div className="editor">
        <div ref={canvas} />
        <div ref={panel} />
      </div>
      {imported && <ImportReport imported={imported} onSelect={(element) => modeler.current?.select(element)} />}
      <section className="card" aria-live="polite">
        <h2>{t("problems")}</h2>
        {problems === null && <p>{t("checking")}</p>}
        {problems?.length === 0 && <p>{t("noProblems")}</p>}
        <ul>
          {problems?.map((problem) => (
            <li key={`${problem.code}${problem.element}`}>
              <Button
                type="link"
                className="sentence"
                disabled={problem.element === null}
                onClick={() => problem.element && modeler.current?.select(problem.element)}
              >
                {problem.severity === "error" ? "⛔" : "⚠"} {pick(problem.message)}
              </Button>
            </li>
          ))}
        </ul>
      </section>
      {opinion && <SecondOpinionCard opinion={opinion} />}
    </Page>
  );
}
