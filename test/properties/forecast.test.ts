import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeadlessCase } from "../../engine/analysis/headless-case.ts";
import { forecast, type Forecast } from "../../engine/analysis/what-if/forecast.ts";
import type { ImaginedCase } from "../../engine/analysis/what-if/imagined-case.ts";
import type { Wait } from "../../engine/execution/state.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import { testNow } from "../support/bpmn.ts";
import { compileRandom, type RandomModel } from "../support/random-case.ts";
import { blockModel, blocks, facts, richBlocks, richModel } from "../support/random-models.ts";

/**
 * Complaint 9 of users of other systems: the preview of what comes next is wrong, or throws, with branches, delays and parallel
 * branches. Here the forecast at every point of a case is held against what the case then does.
 */
const runs = Number(process.env["PROPERTY_RUNS"] ?? 40);
const bounds = { numRuns: runs, endOnFailure: true };
const timeout = Math.max(30_000, runs * 1_000);
const truths = fc
  .tuple(...facts.map(() => fc.boolean()))
  .map((values) => Object.fromEntries(facts.map((fact, index) => [fact, values[index] ?? false])));
const scripts = fc.array(fc.nat(1_000), { minLength: 25, maxLength: 25 });

const noCalendar = () => layerCalendars([], new Map());
const noRoute: ImaginedCase["route"] = (query) => {
  throw new Error(`nobody asked the route about ${query.element}`);
};

/** A case in memory that is followed step by step, with what the engine told of its tasks. */
class Followed {
  readonly opened: string[] = [];
  readonly running: HeadlessCase;
  readonly #given: RandomModel;

  constructor(given: RandomModel, variables: Variables) {
    this.#given = given;
    this.running = new HeadlessCase({
      model: given.model,
      called: given.called,
      calledProcess: given.context.calledProcess,
      now: testNow,
      route: null,
      clocks: null,
      reload: false,
      onEvents: (events) => {
        for (const event of events) if (event.type === "task.created") this.opened.push(event.element);
      },
    });
    this.running.start(variables);
  }

  forecast(): Promise<Forecast> {
    const { model, called, context } = this.#given;
    return forecast(
      {
        model,
        called,
        route: noRoute,
        calendarOf: noCalendar,
        variables: {},
        answers: {},
        now: this.running.now,
        from: {
          state: this.running.state,
          clocks: [],
          calledProcess: context.calledProcess,
          leadsBack: () => null,
        },
      },
      async () => undefined,
    );
  }

  get tasks(): readonly string[] {
    return this.running.waits.filter(({ type }) => type === "task").map(({ element }) => element);
  }

  get isOver(): boolean {
    return this.running.state.status !== "running" || this.running.waits.length === 0;
  }

  act(wait: Wait | undefined, outcome: string | null): void {
    if (wait?.type === "task") this.running.apply({ type: "completeTask", wait: wait.id, outcome, variables: {} });
    else if (wait?.type === "job") this.running.apply({ type: "completeJob", wait: wait.id, variables: {} });
  }
}

/** Elements of the remaining tasks as they are forecast, open ones included, in any order. */
const foretold = ({ steps }: Forecast) => steps.map(({ walked }) => walked.element).toSorted();

/** What people and the world outside do as a forecast assumes: everybody at once, their first outcome, and nothing fails to come. */
function actAsAssumed({ running }: Followed): void {
  const { waits } = running;
  const job = waits.find(({ type }) => type === "job");
  const task = waits.find(({ type }) => type === "task");
  const adHoc = waits.find(({ type }) => type === "adHoc");
  const messages = waits.filter(({ type }) => type === "message");
  const beside = messages.filter(({ token }) => running.state.tokens[token]?.at !== "armed");
  const last = beside.find((wait) => running.isInterruptedBy(wait)) ?? beside[0];
  const message = messages.find((wait) => running.standsAt(wait)) ?? (running.nextTimer() ? undefined : last);
  if (job) running.apply({ type: "completeJob", wait: job.id, variables: {} });
  else if (task)
    running.apply({
      type: "completeTask",
      wait: task.id,
      outcome: running.outcomesAt(task)[0] ?? null,
      variables: {},
    });
  else if (adHoc) running.apply({ type: "completeAdHoc", wait: adHoc.id });
  else if (message?.type === "message")
    running.apply({
      type: "correlateMessage",
      name: message.name,
      correlationKey: null,
      wait: message.id,
      variables: {},
    });
  else running.advanceToNextTimer();
}

describe("complaint 9: the preview is wrong or throws with branches, delays and parallel branches", () => {
  it.each([
    ["of tasks, gateways, loops and timers", blocks.map(blockModel)],
    ["of every construct", richBlocks.map(richModel)],
  ])(
    "never throws, wherever a case %s stands",
    async (_of, models) => {
      await fc.assert(
        fc.asyncProperty(models, truths, scripts, async (xml, variables, script) => {
          const followed = new Followed(await compileRandom(xml), variables);
          for (const choice of script) {
            if (followed.isOver) return;
            await followed.forecast();
            const { waits } = followed.running;
            const wait = waits[choice % Math.max(1, waits.length)];
            const outcomes = wait ? followed.running.outcomesAt(wait) : [];
            if (wait?.type === "timer" && followed.running.nextTimer()) followed.running.advanceToNextTimer();
            else followed.act(wait, outcomes[choice % Math.max(1, outcomes.length)] ?? null);
          }
        }),
        bounds,
      );
    },
    timeout,
  );

  it(
    "foretells what then happens, task by task, at every point of the way that it assumes",
    async () => {
      await fc.assert(
        fc.asyncProperty(blocks.map(blockModel), truths, async (xml, variables) => {
          const followed = new Followed(await compileRandom(xml), variables);
          const told: { readonly forecast: Forecast; readonly open: readonly string[]; readonly opened: number }[] = [];
          for (let moves = 0; moves < 400 && !followed.isOver; moves += 1) {
            told.push({ forecast: await followed.forecast(), open: followed.tasks, opened: followed.opened.length });
            actAsAssumed(followed);
          }
          expect(followed.running.status).toBe("completed");
          for (const { forecast: foreseen, open, opened } of told) {
            expect(foreseen.end.how).toBe("ended");
            expect(foretold(foreseen)).toEqual([...open, ...followed.opened.slice(opened)].toSorted());
          }
        }),
        bounds,
      );
    },
    timeout,
  );
});
