import type { FormFile } from "../../engine/forms/reading/form-file.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { Content, ProcessFolder } from "../content/load-content.ts";
import { formsNamedBy, type FormBundle } from "./bundle.ts";

/**
 * Forms that ship for one file of a folder. The process that gives the folder its name has all of them, those that it is begun
 * with among them; another, which it calls, those that its steps name.
 */
export async function shippedBundle(content: Content, folder: ProcessFolder, xml: string): Promise<FormBundle> {
  const [model] = (await compileDefinitions(xml)).processes;
  if (!model) return {};
  if (model.id === folder.key) return Object.fromEntries(folder.forms);
  return Object.fromEntries(
    formsNamedBy(model).flatMap((key) => {
      const file = folder.forms.get(key);
      return file ? [[key, file] as const] : [];
    }),
  );
}

/** Every form that ships, by key; where several processes have one of the same key, the first. */
export function shippedForms(content: Content): ReadonlyMap<string, FormFile> {
  const all = new Map<string, FormFile>();
  for (const folder of content.processes) for (const [key, form] of folder.forms) if (!all.has(key)) all.set(key, form);
  return all;
}
