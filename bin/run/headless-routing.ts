import { join } from "node:path";
import type { HeadlessClocks } from "../../engine/analysis/headless-case.ts";
import { MemoryClocks } from "../../engine/analysis/headless-clocks.ts";
import { localDate } from "../../engine/calendar/dates.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import type { Route } from "../../engine/routing/types.ts";
import { loadContent } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";

/**
 * The shipped rule packs and SLA clocks for a run without a server. Only a case that names its applicant and provider can be
 * routed; any other process runs without, as plain BPMN.
 */
export async function headlessRouting(
  model: ProcessModel,
  variables: Variables,
  now: string,
): Promise<{ route: Route | null; clocks: HeadlessClocks | null }> {
  if (!("applicant" in variables) || !("provider" in variables)) return { route: null, clocks: null };
  const content = await loadContent(join(packageRoot(), "processes"));
  const tables = content.routeTables.filter((table) => table.process === model.id);
  return {
    route: createRouter({ directory: content, packs: content.rulePacks, tables, date: localDate(now) }),
    clocks: new MemoryClocks((region) => layerCalendars(chainOf(content.regions, region), content.calendars)),
  };
}
