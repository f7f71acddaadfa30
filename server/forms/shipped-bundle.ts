import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { FormFile } from "../../engine/forms/reading/form-file.ts";
import type { Content, ProcessFolder } from "../content/load-content.ts";
import { formsNamedBy, type FormBundle } from "./bundle.ts";

/**
 * Forms that ship for one process of a folder. The process that gives the folder its name has all of them, those that it is begun
 * with among them; another, which it calls, those that its steps name.
 */
export function shippedBundle(folder: ProcessFolder, model: ProcessModel): FormBundle {
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
