import type { HeadlessClocks } from "../../engine/analysis/headless-case.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { Route } from "../../engine/routing/types.ts";

/** Rule packs and SLA clocks for a run without a server: none until a process asks for them. */
export async function headlessRouting(
  _models: readonly ProcessModel[],
  _variables: Variables,
): Promise<{ route: Route | null; clocks: HeadlessClocks | null }> {
  return { route: null, clocks: null };
}
