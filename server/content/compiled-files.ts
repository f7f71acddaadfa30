import { compileDefinitions, type CompiledDefinitions } from "../../engine/model/compile.ts";
import type { ProcessFolder } from "./load-content.ts";

export interface CompiledFile extends CompiledDefinitions {
  readonly xml: string;
}

const compiled = new WeakMap<ProcessFolder, Promise<readonly CompiledFile[]>>();

/** The BPMN files of a folder, compiled. A start asks for them several times, and compiling is most of what it does: it is done once. */
export function compiledFiles(folder: ProcessFolder): Promise<readonly CompiledFile[]> {
  const known = compiled.get(folder);
  if (known) return known;
  const files = Promise.all(
    [...folder.files.values()].map(async (xml) => ({ xml, ...(await compileDefinitions(xml)) })),
  );
  compiled.set(folder, files);
  return files;
}
