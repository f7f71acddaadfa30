import { Button } from "antd";
import { Navigate, useLocation } from "react-router";
import type { ImportNote } from "../../modeler/index.ts";
import type { Vocabulary } from "../../server/api/definitions/definitions.schema.ts";
import { useText } from "../i18n/i18n.ts";
import type { Imported } from "../parts/import-button.tsx";
import { Loaded, useApi } from "../parts/page.tsx";
import { useMe } from "../parts/session.tsx";
import { Editor } from "./modeler.tsx";

/** A file that the designer brought along, translated, with what was not. */
export function ImportedScreen() {
  const me = useMe();
  const { state, key } = useLocation();
  const imported = state as Imported | null;
  const vocabulary = useApi<Vocabulary>("/api/definitions/vocabulary");
  if (imported === null || !me.may.design) return <Navigate to="/processes" replace />;
  return (
    <Loaded result={vocabulary}>{(terms) => <ImportedFile key={key} imported={imported} vocabulary={terms} />}</Loaded>
  );
}

function ImportedFile({ imported, vocabulary }: { imported: Imported; vocabulary: Vocabulary }) {
  const { t } = useText();
  const title = t("importTitle", { name: imported.name });
  return (
    <Editor
      source={{ xml: imported.file.xml, title, basedOn: null }}
      vocabulary={vocabulary}
      below={(select) => <Report imported={imported} onSelect={select} />}
    />
  );
}

interface ReportProps {
  readonly imported: Imported;
  readonly onSelect: (element: string) => void;
}

function Report({ imported, onSelect }: ReportProps) {
  const { t } = useText();
  const { engines, translated, untranslated, forms } = imported.file;
  if (engines.length === 0 && translated.length + untranslated.length === 0) return null;
  const counts = { translated: translated.length, untranslated: untranslated.length };
  return (
    <section className="card" aria-label={t("importUntranslated")}>
      <div className="page-head">
        <h2>{t("importReport", { engines: engines.join(", ") || "${…}", ...counts })}</h2>
        <Button onClick={() => download(imported.name, imported.original)}>{t("importOriginal")}</Button>
      </div>
      <h3>{t("importUntranslated")}</h3>
      {untranslated.length === 0 ? <p>{t("importNothingLeft")}</p> : <Notes notes={untranslated} onSelect={onSelect} />}
      {forms.length > 0 && (
        <>
          <h3>{t("importForms")}</h3>
          <div className="row">
            {forms.map((form) => (
              <Button key={form.id} onClick={() => download(`${form.id}.json`, JSON.stringify(form, null, 1))}>
                {t("importDownload", { name: `${form.id}.json` })}
              </Button>
            ))}
          </div>
        </>
      )}
      <details>
        <summary>
          {t("importTranslated")} ({translated.length})
        </summary>
        <Notes notes={translated} onSelect={onSelect} />
      </details>
    </section>
  );
}

interface NotesProps {
  readonly notes: readonly ImportNote[];
  readonly onSelect: (element: string) => void;
}

function Notes({ notes, onSelect }: NotesProps) {
  const { pick } = useText();
  return (
    <ul className="import-notes">
      {notes.map(({ element, place, was, message }) => (
        <li key={`${element} ${place} ${was}`}>
          {element !== null && (
            <Button type="link" size="small" onClick={() => onSelect(element)}>
              {element}
            </Button>
          )}{" "}
          {pick(message)}
        </li>
      ))}
    </ul>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
