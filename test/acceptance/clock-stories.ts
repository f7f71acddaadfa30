import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import type { ClockView } from "../../server/api/shared/common.schema.ts";
import { newId } from "../../server/store/ids.ts";
import type { ApiBench } from "../api/support.ts";
import { startCase } from "../operations/situations.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { official2027 } from "../support/official-2027.ts";

const { region: _region, year: _year, ...body } = official2027;
/** The official list of 2027 as it is sent to the national calendar. */
export const official2027Body = body;

/** What stories of limits tell and ask; the bench is the one that is open when they do. */
export function clockStories(bench: () => ApiBench) {
  const moveTo = (date: string, time = "10:00") => bench().runtime.moveClock(instantAt(date, time));

  async function detail(id: string): Promise<InstanceDetail> {
    return (await (await bench().as("guan")).get(`/api/instances/${id}`)).body;
  }

  async function clock(id: string, limit: string): Promise<ClockView> {
    const found = (await detail(id)).clocks.find(({ limitCode }) => limitCode === limit);
    if (!found) throw new Error(`${id} has no clock ${limit}`);
    return found;
  }

  const due = async (id: string, limit: string) => localDate((await clock(id, limit)).dueAt ?? "");

  /** A case whose only step is the provider's, under the limit. */
  async function oneStep(limit: string): Promise<string> {
    const key = `timed-${newId().slice(-8).toLowerCase()}`;
    const xml = bpmn(
      `<bpmn:startEvent id="start"/><bpmn:userTask id="work" name="答复" jieli:at="provider" jieli:role="provider-clerk" jieli:outcomes="approve" jieli:limit="${limit}"/><bpmn:endEvent id="end"/>`,
      "start -> work -> end",
      { id: key },
    );
    return startCase(bench(), (await publish(bench().runtime, xml)).definition, key);
  }

  return { moveTo, detail, clock, due, oneStep };
}
