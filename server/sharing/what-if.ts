import { setImmediate } from "node:timers/promises";
import { casePath, type CasePath } from "../../engine/analysis/what-if/case-path.ts";
import { comparePaths, type StepChange } from "../../engine/analysis/what-if/compare-paths.ts";
import { checkGrid, type GridReport, type GridSetting } from "../../engine/analysis/what-if/grid.ts";
import type { ImaginedCase } from "../../engine/analysis/what-if/imagined-case.ts";
import { walk } from "../../engine/analysis/what-if/walk.ts";
import { instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import type { Organisation } from "../../engine/routing/organisations.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { ApplicationProcess } from "../../engine/routing/process-choice.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { RouteTable } from "../../engine/routing/route-table.ts";
import type { Level, Route } from "../../engine/routing/types.ts";
import { notFound } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { json, text } from "../store/rows.ts";
import { plainRequest } from "./case-variables.ts";
import { planBetween, planCase, type PlannedCase } from "./applications.ts";

/** A process as it would run: its newest published version, or one that is about to be published. */
interface Playable {
  readonly model: ProcessModel;
  readonly called: ReadonlyMap<string, ProcessModel>;
}

/** One case as it would go, for one applicant. */
export interface Imagined {
  readonly applicant: Organisation;
  readonly process: ApplicationProcess;
  readonly path: CasePath;
  /** Names of the processes and elements that the path speaks of. */
  readonly names: ReadonlyMap<string, Bilingual>;
}

const applicationProcesses: readonly ApplicationProcess[] = ["ds-01", "ds-02", "ds-03", "ds-04"];

/** A request that is complete in form and unusual in nothing; what a question tells of the case takes the place of this. */
const usualRequest = {
  ...plainRequest,
  items: ["imagined"],
  purpose: "设想的申请，只用于推演流程 imagined",
  matter: "推演 what-if",
  legalBasis: "推演 what-if",
  scope: "推演 what-if",
  frequency: "once",
  from: "2026-01-01",
  to: "2026-12-31",
  volume: "",
  security: [],
};

/** The day's opening: a case that is only imagined begins in the morning. */
function morningOf(date: string): string {
  return instantAt(date, "09:00");
}

export interface WhatIfQuestion {
  readonly resourceId: string;
  readonly organisationId: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Day on which it would be submitted, `YYYY-MM-DD`. */
  readonly date: string;
}

/** The case that is asked about, as it would go. Starts nothing. Throws `RouteError` and problem details. */
export async function whatIf(runtime: Runtime, question: WhatIfQuestion): Promise<Imagined> {
  const { resourceId, organisationId, request, date } = question;
  const planned = planCase(runtime, resourceId, organisationId, { ...usualRequest, ...request });
  const applicant = runtime.content.organisations.get(organisationId);
  if (!applicant) throw notFound();
  const playable = await publishedProcess(runtime, planned.process);
  const route = await routeNow(runtime, planned.process, date);
  const imagined = imagine(runtime, playable, planned, route, morningOf(date));
  return {
    applicant,
    process: planned.process,
    path: casePath(imagined, applicant.region),
    names: namesOf([playable.model, ...playable.called.values()]),
  };
}

/** The process's picture carries the Chinese name; the English one stands in its documentation. */
function namesOf(models: readonly ProcessModel[]): ReadonlyMap<string, Bilingual> {
  return new Map(
    models.flatMap((model) =>
      [model, ...model.elements.values()].map(({ id, name, documentation }): [string, Bilingual] => [
        id,
        { zh: name ?? id, en: documentation ?? name ?? id },
      ]),
    ),
  );
}

/** Departments at the other levels around the applicant, to set the same case beside theirs. */
export function peersOf(runtime: Runtime, organisationId: string, providerId: string): readonly Organisation[] {
  const { organisations, regions } = runtime.content;
  const applicant = organisations.get(organisationId);
  if (!applicant) throw notFound();
  const chain = new Set(chainOf(regions, applicant.region));
  const departments = [...organisations.values()].filter(
    ({ id, kind }) => kind === "department" && id !== providerId && id !== organisationId,
  );
  const levels: readonly Level[] = ["county", "city", "province"];
  return levels.flatMap((level) => {
    if (level === applicant.level) return [];
    const there = departments.filter((department) => department.level === level);
    return there.find(({ region }) => chain.has(region)) ?? there[0] ?? [];
  });
}

/** What is about to come into force, so that the grid can be walked with it beforehand. */
export type Draft =
  /** Only the cells of this process are looked at. */
  | { readonly type: "process"; readonly model: ProcessModel; readonly called: ReadonlyMap<string, ProcessModel> }
  /** Only cases that have a side in the region of the changed pack are looked at. */
  | {
      readonly type: "packs";
      readonly packs: readonly RulePack[];
      readonly region: string;
      readonly date: string;
    };

/** Walks a case for every cell of the grid, as things are or as a draft would make them. */
export async function gridOf(runtime: Runtime, draft: Draft | null): Promise<GridReport> {
  return checkGrid(runtime.content, await gridSetting(runtime, draft));
}

/** What the grid is walked with: the case that is imagined for each cell, by the processes and rules of that moment. */
export async function gridSetting(runtime: Runtime, draft: Draft | null): Promise<GridSetting> {
  const { content, rules } = runtime;
  const date = draft?.type === "packs" ? draft.date : localDate(runtime.clock.now());
  const playables = new Map<string, Playable>();
  const routes = new Map<string, Route>();
  for (const process of applicationProcesses) {
    if (draft?.type === "process" && draft.model.id !== process) continue;
    playables.set(process, draft?.type === "process" ? draft : await publishedProcess(runtime, process));
    routes.set(
      process,
      draft?.type === "packs" ? rules.routeUnder(draft.packs, process, date) : await routeNow(runtime, process, date),
    );
  }
  return {
    concerns: draft?.type === "packs" ? draft.region : null,
    pause: async () => setImmediate(),
    imagine: ({ shareClass, grade }, { applicant, provider }) => {
      const uncatalogued = shareClass === "uncatalogued";
      const planned = planBetween(content, {
        applicant,
        provider,
        resource: {
          id: "imagined",
          code: "000000/000000",
          name: { zh: "设想资源", en: "Imagined resource" },
          shareClass: shareClass as PlannedCase["resource"]["shareClass"],
          hookup: uncatalogued ? "uncatalogued" : "hooked",
          grade,
          vertical: provider.level === "country" ? "nation" : "none",
        },
        request: usualRequest,
        upwardMode: rules.placeOf(applicant.region, date).upwardMode,
      });
      const [playable, route] = [playables.get(planned.process), routes.get(planned.process)];
      if (!playable || !route) return null;
      return { process: planned.process, imagined: imagine(runtime, playable, planned, route, morningOf(date)) };
    },
  };
}

export interface ReplayedCase {
  readonly instanceId: string;
  readonly caseNumber: string;
  readonly changes: readonly StepChange[];
}

/**
 * Which of the last cases of a process would have gone another way with a changed table: each is walked with the rules that it
 * was started under, and with the table put in its place. Deleted cases are not among them.
 */
export async function replayCases(
  runtime: Runtime,
  table: RouteTable,
  last: number,
): Promise<{ readonly looked: number; readonly changed: readonly ReplayedCase[] }> {
  const { store, rules } = runtime;
  const rows = await store.read(
    `SELECT instance.*, application.resource_id, application.request FROM instance
       JOIN application ON application.instance_id = instance.id WHERE instance.process_key = ?
       ORDER BY instance.started_at DESC, instance.id DESC LIMIT ${last}`,
    [table.process],
  );
  const changed: ReplayedCase[] = [];
  for (const row of rows) {
    const instanceId = text(row, "id");
    const request = json<Readonly<Record<string, unknown>>>(row, "request");
    const planned = planCase(runtime, text(row, "resource_id"), text(row, "applicant_org"), request);
    const playable = await playableVersion(runtime, text(row, "definition_id"), text(row, "started_at"));
    const [ruleSet, date] = [text(row, "rule_set_id"), text(row, "rules_date")];
    const under = (route: Route) => walk(imagine(runtime, playable, planned, route, text(row, "started_at")), "atOnce");
    const changes = comparePaths(
      under(await rules.route(ruleSet, table.process, date)),
      under(await rules.routeWith(ruleSet, table, date)),
    );
    if (changes.length > 0) changed.push({ instanceId, caseNumber: text(row, "case_number"), changes });
    await setImmediate();
  }
  return { looked: rows.length, changed };
}

function imagine(
  runtime: Runtime,
  { model, called }: Playable,
  { variables }: Pick<PlannedCase, "variables">,
  route: Route,
  now: string,
): ImaginedCase {
  return {
    model,
    called,
    route,
    calendarOf: (region) => runtime.rules.calendar(region),
    variables: { ...variables, caseNumber: "—", originCase: null },
    answers: Object.assign({}, ...runtime.content.processes.map((folder) => folder.answers)),
    now,
  };
}

/** The rules that a case would start under. */
async function routeNow(runtime: Runtime, process: string, date: string): Promise<Route> {
  const { id } = await runtime.rules.current(runtime.clock.now());
  return runtime.rules.route(id, process, date);
}

async function publishedProcess(runtime: Runtime, key: string): Promise<Playable> {
  const newest = await runtime.models.newest(key);
  if (!newest) throw notFound();
  return playableVersion(runtime, newest.definitionId, runtime.clock.now());
}

async function playableVersion(runtime: Runtime, definitionId: string, startedAt: string): Promise<Playable> {
  const model = await runtime.models.get(definitionId);
  const { models } = await runtime.models.called(model, { state: null, startedAt });
  return { model, called: new Map(models.map((called) => [called.id, called])) };
}
