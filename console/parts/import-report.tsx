import { Button } from "antd";
import type { ImportNote } from "../../modeler/index.ts";
import { useText } from "../i18n/i18n.ts";
import type { Imported } from "./import-button.tsx";

interface ImportReportProps {
  readonly imported: Imported;
  readonly onSelect: (element: string) => void;
}

/** What became of a file of another engine, each with its element, and the original to keep. */
export function ImportReport({ imported, onSelect }: ImportReportProps) {
  const { t, term } = useText();
  const { engines, translated, untranslated, forms } = imported.file;
  if (engines.length === 0 && translated.length + untranslated.length === 0) return null;
  const counts = { translated: translated.length, untranslated: untranslated.length };
  return (
    <section className="card" aria-label={t("importUntranslated")}>
      <div className="page-head">
        <h2>
          {t("importReport", {
            engines: engines.map((engine) => term(`engine_${engine}`)).join(", ") || "${…}",
            ...counts,
          })}
        </h2>
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
