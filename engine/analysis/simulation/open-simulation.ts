import { layerCalendars, type RegionCalendar } from "../../calendar/working-days.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import type { Directory } from "../../routing/organisations.ts";
import { chainOf } from "../../routing/regions.ts";
import type { RouteTable } from "../../routing/route-table.ts";
import type { RulePack } from "../../routing/rule-pack.ts";
import { History, type StepHistory } from "./history.ts";
import type { Scenario } from "./scenario.ts";
import { Simulation, type SimulationOptions } from "./simulation.ts";
import { SimulationError } from "./simulation-error.ts";

/** All that a simulation needs, as plain data that can be handed to a thread. */
export interface SimulationData extends Directory {
  readonly scenario: Scenario;
  /** The process and those that it calls; of two with one id the first counts. */
  readonly models: readonly ProcessModel[];
  readonly rulePacks: readonly RulePack[];
  readonly routeTables: readonly RouteTable[];
  readonly calendars: ReadonlyMap<string, RegionCalendar>;
  /** Finished tasks; `null` uses the scenario's own durations. */
  readonly history: readonly StepHistory[] | null;
}

/** Sets a simulation up; `onEvents` hears what happens in each case. Throws `SimulationError`. */
export function openSimulation(
  data: SimulationData,
  onEvents: NonNullable<SimulationOptions["onEvents"]> = () => undefined,
): Simulation {
  const { scenario, regions, organisations } = data;
  const called = new Map<string, ProcessModel>();
  for (const model of data.models) if (!called.has(model.id)) called.set(model.id, model);
  const model = called.get(scenario.process);
  if (!model) throw unknownProcess(scenario.process, [...called.keys()]);
  const routed = scenario.mix.every(({ variables }) => namesParties({ ...scenario.variables, ...variables }));
  return new Simulation({
    scenario,
    model,
    called,
    rules: routed
      ? {
          directory: { regions, organisations },
          packs: data.rulePacks,
          tables: data.routeTables.filter((table) => table.process === model.id),
        }
      : null,
    calendarOf: calendarsBy((region) => layerCalendars(chainOf(regions, region), data.calendars)),
    history: data.history && new History(data.history),
    onEvents,
  });
}

function namesParties(variables: object): boolean {
  return "applicant" in variables && "provider" in variables;
}

function calendarsBy<T>(make: (region: string) => T): (region: string) => T {
  const known = new Map<string, T>();
  return (region) => {
    const calendar = known.get(region) ?? make(region);
    known.set(region, calendar);
    return calendar;
  };
}

function unknownProcess(process: string, known: readonly string[]): SimulationError {
  const list = known.join(", ");
  return new SimulationError(
    "PROCESS_UNKNOWN",
    "process",
    { zh: `没有流程 ${process}`, en: `there is no process ${process}` },
    { zh: `可用：${list}`, en: `Use one of ${list}` },
  );
}
