import type { StepHistory } from "../../engine/analysis/simulation/history.ts";
import { layerCalendars, type WorkingDayCalendar } from "../../engine/calendar/working-days.ts";
import { workingMsBetween } from "../../engine/calendar/working-hours.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import type { Content } from "../content/load-content.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** The newest tasks alone: older ones say little about how offices work now. */
const mostTasks = 100_000;
const hourMs = 3_600_000;

/** Durations and outcomes of the finished tasks of a process, by step and level of the organisation; no case can be told from it. */
export async function taskHistory(
  store: Store,
  content: Pick<Content, "regions" | "calendars">,
  process: string,
): Promise<readonly StepHistory[]> {
  const rows = await store.read(
    `SELECT task.element, task.level, task.region, task.outcome, task.created_at, task.completed_at
     FROM task JOIN instance ON instance.id = task.instance_id
     WHERE instance.process_key = ? AND task.state = 'completed' AND task.kind = 'decide' ORDER BY task.completed_at DESC, task.id LIMIT ${mostTasks}`,
    [process],
  );
  const calendars = new Map<string, WorkingDayCalendar>();
  const calendarOf = (region: string) => {
    const calendar = calendars.get(region) ?? layerCalendars(chainOf(content.regions, region), content.calendars);
    calendars.set(region, calendar);
    return calendar;
  };
  const steps = new Map<string, { element: string; level: string; hours: number[]; outcomes: Map<string, number> }>();
  for (const row of rows) {
    const [element, level, region] = [text(row, "element"), text(row, "level"), text(row, "region")];
    const step = steps.get(`${element} ${level}`) ?? { element, level, hours: [], outcomes: new Map<string, number>() };
    steps.set(`${element} ${level}`, step);
    const officeMs = workingMsBetween(calendarOf(region), text(row, "created_at"), text(row, "completed_at"));
    step.hours.push(officeMs / hourMs);
    const outcome = optionalText(row, "outcome");
    if (outcome !== null) step.outcomes.set(outcome, (step.outcomes.get(outcome) ?? 0) + 1);
  }
  return [...steps.values()]
    .map(({ element, level, hours, outcomes }) => ({
      element,
      level,
      turnaroundHours: hours.sort((a, b) => a - b),
      outcomes: Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
    }))
    .sort((a, b) => (`${a.element} ${a.level}` < `${b.element} ${b.level}` ? -1 : 1));
}
