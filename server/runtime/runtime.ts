import cron, { type ScheduledTask } from "node-cron";
import { dirname, join } from "node:path";
import { scanPending, sweepUnbound, type AttachmentRoom } from "../attachments/attachments.ts";
import type { Scanner } from "../attachments/scanner.ts";
import { SharedDirectory } from "../attachments/shared-directory.ts";
import { loadContent, type Content } from "../content/load-content.ts";
import { freeStranded } from "../handing/stranded.ts";
import { packageRoot } from "../content/package-root.ts";
import { adoptForms } from "../forms/adopt-forms.ts";
import { DefinitionForms } from "../forms/definition-forms.ts";
import { SecondOpinions } from "../second-opinion/second-opinions.ts";
import { Notices } from "../notices/notices.ts";
import { purgeNotices } from "../notices/purge.ts";
import { nothingSet, type NoticeSettings } from "../notices/settings.ts";
import { Store, type StoreOptions } from "../store/store.ts";
import { MovableClock, type ClockSource } from "./clock-source.ts";
import {
  Dispatcher,
  type AlsoAtStart,
  type DispatchParts,
  type DispatchRequest,
  type DispatchResult,
  type NewCase,
} from "./dispatch.ts";
import { RuntimeProblem } from "./errors.ts";
import { JobWorker } from "./jobs.ts";
import { LiveFeed } from "./live.ts";
import { Simulations } from "./simulations.ts";
import { deliverThrown } from "./messages.ts";
import { Models } from "./models.ts";
import { nextResume, resumeDue } from "../returning/suspension.ts";
import { recomputeSlice } from "./recompute-deadlines.ts";
import { destroyExpired } from "./retention.ts";
import { Rules } from "./rules.ts";
import { seedDefinitions, seedDemoAccounts } from "./seed.ts";
import { nextStart, startDue } from "./start-events.ts";
import { TimerSweep } from "./timers.ts";
import { tellFailure } from "./told-failure.ts";
import { watch, type WatchFinding } from "./watch.ts";
import { guardedHealthCall, probeDue } from "../sharing/access-probe.ts";
import { nextGrantDue, sweepGrants } from "../sharing/grant-sweep.ts";
import type { Actor } from "./actor.ts";

export interface RuntimeOptions extends StoreOptions {
  /** Demo data and a clock that can be moved. */
  readonly demo: boolean;
  /** What the clock of a demo is ahead of, in milliseconds since 1970; the database's time where it is not given. */
  readonly demoTime?: () => number;
  /** What ships, where it has been read already; read from `processes/` where it is not given. */
  readonly content?: Content;
  /** Folder of attachments; beside the embedded database's file where it is not given. */
  readonly attachmentFolder?: string;
  /** Looks for harmful content in uploads. */
  readonly scanner?: Scanner | null;
  /** Sweeps by a node-cron tick; tests sweep themselves. */
  readonly ticking: boolean;
  /** Ways out of the product; left out, there is no mail, and webhooks reach public addresses alone. */
  readonly notices?: NoticeSettings;
}

/** Everything that runs cases: the database, the rules, the engine's door, and the sweeps. One per process. */
export class Runtime {
  readonly store: Store;
  readonly content: Content;
  readonly clock: ClockSource;
  readonly movable: MovableClock | null;
  readonly models: Models;
  readonly forms: DefinitionForms;
  readonly rules: Rules;
  readonly live: LiveFeed;
  readonly dispatcher: Dispatcher;
  readonly attachments: AttachmentRoom;
  readonly secondOpinions = new SecondOpinions();
  readonly demo: boolean;
  readonly simulations = new Simulations();
  readonly notices: Notices;
  findings: readonly WatchFinding[] = [];
  readonly #sweep: TimerSweep;
  readonly #worker: JobWorker;
  #ticks: readonly ScheduledTask[] = [];
  #sweeping: Promise<number> | null = null;

  private constructor(
    parts: DispatchParts & {
      content: Content;
      movable: MovableClock | null;
      demo: boolean;
      settings: NoticeSettings;
    },
    attachments: Pick<AttachmentRoom, "files" | "scanner">,
  ) {
    this.store = parts.store;
    this.content = parts.content;
    this.clock = parts.clock;
    this.movable = parts.movable;
    this.models = parts.models;
    this.forms = new DefinitionForms(parts.store);
    this.rules = parts.rules;
    this.live = parts.live;
    this.demo = parts.demo;
    this.dispatcher = new Dispatcher(parts);
    const { store, clock, content } = parts;
    this.attachments = { ...attachments, store, clock, rules: content.talk.attachments };
    this.#sweep = new TimerSweep(parts, this.dispatcher);
    this.#worker = new JobWorker(parts, this.dispatcher);
    this.notices = new Notices(parts);
  }

  static async open(options: RuntimeOptions): Promise<Runtime> {
    const content = options.content ?? (await loadContent(join(packageRoot(), "processes")));
    const store = await Store.open(options);
    const movable = options.demo ? await MovableClock.open(store, options.demoTime) : null;
    const clock = movable ?? store.time;
    const rules = await Rules.open(content, store, clock.now());
    const parts = { store, content, clock, movable, rules, models: new Models(store), live: new LiveFeed() };
    const runtime = new Runtime(
      { ...parts, demo: options.demo, settings: options.notices ?? nothingSet },
      {
        files: new SharedDirectory(options.attachmentFolder ?? join(dirname(options.file), "attachments")),
        scanner: options.scanner ?? null,
      },
    );
    await adoptForms(store, content);
    await seedDefinitions(store, content, clock.now());
    if (options.demo) await seedDemoAccounts(store, content);
    // What fell due while nobody was running happens now, once.
    await runtime.settle();
    if (options.ticking) runtime.#tick();
    return runtime;
  }

  async start(created: NewCase, actor: Actor, commandId: string | null, also: AlsoAtStart): Promise<DispatchResult> {
    const result = await this.dispatcher.start(created, actor, commandId, also);
    await this.#follow(result);
    return result;
  }

  async dispatch(request: DispatchRequest): Promise<DispatchResult> {
    const result = await this.dispatcher.dispatch(request);
    await this.#follow(result);
    return result;
  }

  /** Makes everything happen that is due: breaches, timers, internal jobs. One sweep at a time in this process. */
  async settle(): Promise<number> {
    this.#sweeping ??= this.#settle().finally(() => {
      this.#sweeping = null;
    });
    return this.#sweeping;
  }

  /** Moves the demo clock and fires what falls due on the way, in due order, each at its moment. */
  async moveClock(target: string): Promise<number> {
    if (!this.movable) throw new RuntimeProblem(404, "NOT_FOUND", { zh: "没有找到", en: "Not found" });
    let fired = 0;
    for (let due = await this.nextDue(); due !== null && due <= target; due = await this.nextDue()) {
      await this.movable.moveTo(due);
      const happened = await this.settle();
      if (happened === 0) break;
      fired += happened;
    }
    await this.movable.moveTo(target);
    this.live.publish({ at: this.clock.now(), type: "clock", instanceId: null, taskId: null, organisations: [] });
    return fired + (await this.settle());
  }

  async nextDue(): Promise<string | null> {
    const dues = [
      await this.#sweep.nextDue(),
      await nextStart(this.store),
      await nextGrantDue(this.store),
      await nextResume(this),
    ].filter((due) => due !== null);
    return dues.sort()[0] ?? null;
  }

  async watch(): Promise<readonly WatchFinding[]> {
    const stranded = await freeStranded(this);
    const nobodys = stranded.map(({ instanceId, caseNumber, element }) => ({
      instanceId,
      caseNumber,
      problem: "NOBODY_CAN_ACT" as const,
      detail: `nobody may do ${element}`,
    }));
    this.findings = [...(await watch(this.store)), ...nobodys];
    return this.findings;
  }

  /** Calls the health addresses of delivered access that are due. Gives how many. */
  async probeAccess(): Promise<number> {
    const { store, dispatcher, content } = this;
    return probeDue({ store, dispatcher, content, call: guardedHealthCall(this.notices.settings.allowed) });
  }

  async close(): Promise<void> {
    for (const tick of this.#ticks) await tick.destroy();
    await this.#sweeping;
    await this.notices.close();
    await this.simulations.close();
    await this.store.close();
  }

  async #settle(): Promise<number> {
    await this.store.time.synchronise();
    let happened = await this.#afterwards();
    for (let more = await this.#fallDue(); more > 0; more = await this.#fallDue()) {
      happened += more + (await this.#afterwards());
    }
    return happened;
  }

  async #fallDue(): Promise<number> {
    await this.rules.refreshCalendars();
    const recomputed = (await recomputeSlice(this)) + (await resumeDue(this));
    const grants = await sweepGrants(this.store, this.dispatcher);
    return recomputed + (await this.#sweep.sweep()) + grants + (await startDue(this, this.clock.now()));
  }

  /** What steps have left to be done: internal jobs, and messages and signals to other cases. */
  async #afterwards(): Promise<number> {
    let done = 0;
    for (let more = 1; more > 0; done += more) {
      more = (await this.#worker.drain()) + (await deliverThrown(this));
    }
    return done;
  }

  async #follow({ events }: DispatchResult): Promise<void> {
    const leaves = new Set(["job.created", "message.thrown", "signal.thrown"]);
    if (!events.some((event) => leaves.has(event.type))) return;
    try {
      await this.#afterwards();
    } catch (error) {
      // The step that was asked for is committed; what follows from it is found again by the next sweep.
      tellFailure("what follows a step failed", error);
    }
  }

  #tick(): void {
    const guarded = (work: () => Promise<unknown>) => async () => {
      try {
        await work();
      } catch (error) {
        // The next tick tries again; the failure must be seen, not lost.
        tellFailure("sweep failed", error);
      }
    };
    this.#ticks = [
      cron.schedule(
        "*/3 * * * * *",
        guarded(() => this.settle()),
        { timezone: "UTC", noOverlap: true },
      ),
      // Apart from the cases: a server that answers slowly holds up no timer. Ways out that are busy are left alone.
      cron.schedule(
        "*/3 * * * * *",
        guarded(() => this.notices.sweep()),
        { timezone: "UTC" },
      ),
      // Apart from the cases, too: what others' servers take their time for.
      cron.schedule(
        "*/10 * * * * *",
        guarded(() => this.probeAccess()),
        { timezone: "UTC", noOverlap: true },
      ),
      cron.schedule(
        "0 * * * * *",
        guarded(async () => {
          await this.watch();
          await destroyExpired(this.store, this.clock.now());
          await purgeNotices(this.store, this.clock.now());
          await sweepUnbound(this.attachments);
        }),
        { timezone: "UTC", noOverlap: true },
      ),
      cron.schedule(
        "*/3 * * * * *",
        guarded(() => scanPending(this.attachments)),
        { timezone: "UTC", noOverlap: true },
      ),
    ];
  }
}
