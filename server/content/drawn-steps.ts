import type { ProcessModel } from "../../engine/model/process-model.ts";
import { stepsDrawnIn, type DrawnSteps } from "../../engine/routing/checks/drawn-steps.ts";
import type { RulesToCheck } from "../../engine/routing/publish-check.ts";
import { compiledFiles } from "./compiled-files.ts";
import type { Content, ProcessFolder } from "./load-content.ts";

/** The steps that each process folder draws, with those of the processes that it calls: what route tables speak about. */
export async function drawnSteps(folders: readonly ProcessFolder[]): Promise<DrawnSteps> {
  const compiled = await Promise.all(
    folders.map(async (folder) => ({
      key: folder.key,
      models: (await compiledFiles(folder)).flatMap(({ processes }) => processes),
    })),
  );
  const all = new Map<string, ProcessModel>(compiled.flatMap(({ models }) => models.map((model) => [model.id, model])));
  return new Map(compiled.map(({ key, models }) => [key, models.flatMap((model) => stepsDrawnIn(model, all))]));
}

/** Everything that the publication check of rules looks at, from the shipped or given content. */
export async function rulesOf(content: Content): Promise<RulesToCheck> {
  return {
    packs: content.rulePacks,
    tables: content.routeTables,
    directory: content,
    steps: await drawnSteps(content.processes),
  };
}
