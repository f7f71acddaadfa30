import { compiledFiles } from "../content/compiled-files.ts";
import type { Content } from "../content/load-content.ts";
import { text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { completed, definitionHash, type FormBundle } from "./bundle.ts";
import { shippedBundle, shippedForms } from "./shipped-bundle.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";

/** Gives the forms that ship to versions that were published before forms belonged to them. Doing it twice does nothing. */
export async function adoptForms(store: Store, content: Content): Promise<void> {
  const rows = await store.read("SELECT id, process_key, xml FROM definition WHERE forms IS NULL");
  if (rows.length === 0) return;
  const byProcess = await bundlesByProcess(content);
  const library = shippedForms(content);
  for (const row of rows) {
    const [id, xml] = [text(row, "id"), text(row, "xml")];
    const [model] = (await compileDefinitions(xml)).processes;
    const own = byProcess.get(text(row, "process_key")) ?? {};
    const forms = model ? completed(own, model, library) : own;
    await store.transaction((tx) =>
      tx.execute("UPDATE definition SET forms = ?, hash = ? WHERE id = ? AND forms IS NULL", [
        JSON.stringify(forms),
        definitionHash(xml, forms),
        id,
      ]),
    );
  }
}

async function bundlesByProcess(content: Content): Promise<ReadonlyMap<string, FormBundle>> {
  const bundles = new Map<string, FormBundle>();
  for (const folder of content.processes)
    for (const { processes } of await compiledFiles(folder))
      for (const model of processes) bundles.set(model.id, shippedBundle(folder, model));
  return bundles;
}
