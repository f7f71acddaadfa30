import { App, Button } from "antd";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { ImportedFile, Problem } from "../../modeler/index.ts";
import type { Vocabulary } from "../../server/api/definitions/definitions.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";

/** What the screen of an imported file shows; kept in the history of the browser, so that it survives a reload. */
export interface Imported {
  readonly name: string;
  readonly original: string;
  readonly file: ImportedFile;
}

/** Opens a BPMN file of the designer's own, of whatever engine it is. Nothing is stored before it is published. */
export function ImportButton() {
  const { t, pick } = useText();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);

  const refuse = (problems: readonly Problem[]) =>
    modal.error({
      title: t("importRefused"),
      okText: t("close"),
      content: (
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.code}${problem.element}`}>{pick(problem.message)}</li>
          ))}
        </ul>
      ),
    });
  const open = async (file: File) => {
    // The modeler is large and is fetched only when somebody opens a file.
    const [{ importFile }, vocabulary, original] = await Promise.all([
      import("../../modeler/index.ts"),
      api.get<Vocabulary>("/api/definitions/vocabulary"),
      file.text(),
    ]);
    const result = await importFile(original, vocabulary);
    if (result.type === "refused") refuse(result.problems);
    else await navigate("/processes/import", { state: { name: file.name, original, file: result } satisfies Imported });
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      await open(file);
    } catch (error) {
      modal.error({ title: t("importUnreadable"), content: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
      // The same file again is a new choice.
      if (input.current) input.current.value = "";
    }
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".bpmn,.xml,.bpmn20.xml"
        data-testid="import-file"
        onChange={(event) => void take(event.target.files?.[0])}
      />
      <Button loading={busy} onClick={() => input.current?.click()}>
        {t("importFile")}
      </Button>
    </>
  );
}
