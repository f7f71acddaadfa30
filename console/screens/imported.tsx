import { Navigate, useLocation } from "react-router";
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
  const source = { xml: imported.file.xml, title, basedOn: null };
  return <Editor source={source} vocabulary={vocabulary} imported={imported} />;
}
