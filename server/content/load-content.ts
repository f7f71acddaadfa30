import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { monitoringSchema, type MonitoringScheme } from "../../engine/calendar/ladder.ts";
import { scenarioSchema, type Scenario } from "../../engine/analysis/simulation/scenario.ts";
import type { RegionCalendar } from "../../engine/calendar/working-days.ts";
import type { Organisation } from "../../engine/routing/organisations.ts";
import type { Region } from "../../engine/routing/regions.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { formFile, type FormFile } from "../../engine/forms/reading/form-file.ts";
import { readForm } from "../../engine/forms/reading/read-form.ts";
import { parseRulePack, type RulePack } from "../../engine/routing/rule-pack.ts";
import { parseRouteTable, type RouteTable } from "../../engine/routing/route-table.ts";
import {
  answersFile,
  calendarFile,
  organisationsFile,
  regionsFile,
  resourcesFile,
  retentionFile,
  startsFile,
  useFile,
  usersFile,
  type OrganisationEntry,
  type ResourceEntry,
  type RetentionEntry,
  type StartEntry,
  type UseEntry,
  type UserEntry,
} from "./content.schema.ts";
import { talkFile, type TalkRules } from "./talk.schema.ts";

export interface ProcessFolder {
  readonly key: string;
  /** BPMN files by name; each holds one executable process. */
  readonly files: ReadonlyMap<string, string>;
  /** By key; those that several processes share (`processes/forms`) among them where `forms.json` names them. */
  readonly forms: ReadonlyMap<string, FormFile>;
  /** What a good answer from outside brings, by message name, for cases that are only imagined. */
  readonly answers: Readonly<Record<string, Variables>>;
  /** Ways in which people begin it by hand, besides an application. */
  readonly starts: readonly StartEntry[];
  /** Scenario for simulations, where one ships. */
  readonly simulation: Scenario | null;
}

/** Everything that ships in `processes/`, read and validated. */
export interface Content {
  readonly regions: ReadonlyMap<string, Region>;
  readonly organisations: ReadonlyMap<string, OrganisationEntry & Organisation>;
  readonly users: readonly UserEntry[];
  readonly resources: readonly ResourceEntry[];
  readonly calendars: ReadonlyMap<string, RegionCalendar>;
  readonly monitoring: ReadonlyMap<string, MonitoringScheme>;
  readonly rulePacks: readonly RulePack[];
  readonly routeTables: readonly RouteTable[];
  readonly processes: readonly ProcessFolder[];
  readonly retention: RetentionEntry;
  readonly use: UseEntry;
  readonly talk: TalkRules;
}

/** A shipped file that does not hold what it should. */
export class ContentError extends Error {
  override readonly name = "ContentError";
  readonly file: string;
  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.file = file;
  }
}

const sharedFolders: ReadonlySet<string> = new Set(["calendars", "rule-packs", "routes", "monitoring", "forms"]);

/** Reads the folder `processes/` at `root`. Throws `ContentError` or `RouteError` that names the file and field. */
export async function loadContent(root: string): Promise<Content> {
  const regions = await readJson(join(root, "regions.json"), regionsFile);
  const organisations = await readJson(join(root, "organisations.json"), organisationsFile);
  const calendars = await Promise.all(
    (await list(join(root, "calendars"), ".json")).map((file) => readJson(file, calendarFile)),
  );
  const schemes = await Promise.all(
    (await list(join(root, "monitoring"), ".json")).map((file) => readJson(file, monitoringSchema)),
  );
  const packs = await Promise.all(
    (await list(join(root, "rule-packs"), ".json")).map(async (file) =>
      parseRulePack(JSON.parse(await readFile(file, "utf8")), file),
    ),
  );
  const folders = (await readdir(root, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && !sharedFolders.has(entry.name),
  );
  const shared = await loadForms(join(root, "forms"));
  return {
    regions: new Map(regions.map((region) => [region.code, region])),
    organisations: new Map(organisations.map((organisation) => [organisation.id, organisation])),
    users: await readJson(join(root, "users.json"), usersFile),
    resources: await readJson(join(root, "resources.json"), resourcesFile),
    calendars: new Map(calendars.map((calendar) => [calendar.region, calendar])),
    monitoring: new Map(schemes.map((scheme) => [scheme.region, scheme])),
    rulePacks: packs,
    routeTables: await loadTables(join(root, "routes")),
    retention: await readJson(join(root, "retention.json"), retentionFile),
    use: await readJson(join(root, "use.json"), useFile),
    talk: await readJson(join(root, "talk.json"), talkFile),
    processes: await Promise.all(folders.map((entry) => loadProcess(join(root, entry.name), shared))),
  };
}

async function loadTables(root: string): Promise<readonly RouteTable[]> {
  const processes = await readdir(root);
  const tables = processes.map(async (process) => {
    const files = await list(join(root, process), ".dmn");
    return Promise.all(
      files.map(async (file) =>
        parseRouteTable(
          await readFile(file, "utf8"),
          { process, region: basename(file, ".dmn"), version: "2026.1" },
          `${process}/${basename(file)}`,
        ),
      ),
    );
  });
  return (await Promise.all(tables)).flat();
}

async function loadProcess(folder: string, shared: ReadonlyMap<string, FormFile>): Promise<ProcessFolder> {
  const files = await list(folder, ".bpmn");
  const [sharing] = await list(folder, "forms.json");
  const starts = await list(folder, "start.json");
  const [simulation] = await list(folder, "simulation.json");
  const [answers] = await list(folder, "answers.json");
  return {
    key: basename(folder),
    starts: (await Promise.all(starts.map((file) => readJson(file, startsFile)))).flat(),
    answers: answers === undefined ? {} : await readJson(answers, answersFile),
    simulation: simulation === undefined ? null : await readJson(simulation, scenarioSchema),
    files: new Map(
      await Promise.all(files.map(async (file) => [basename(file), await readFile(file, "utf8")] as const)),
    ),
    forms: new Map([
      ...(sharing === undefined ? [] : (await readJson(sharing, z.array(z.string()))).map(sharedForm(sharing, shared))),
      ...(await loadForms(join(folder, "forms"))),
    ]),
  };
}

function sharedForm(place: string, shared: ReadonlyMap<string, FormFile>) {
  return (key: string): [string, FormFile] => {
    const form = shared.get(key);
    if (!form) throw new ContentError(place, `there is no shared form ${key}`);
    return [key, form];
  };
}

/** The forms of a folder by key. Throws `ContentError` that names every component at fault. */
export async function loadForms(folder: string): Promise<ReadonlyMap<string, FormFile>> {
  const files = existsSync(folder) ? await list(folder, ".json") : [];
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, FormFile]> => {
        const data = await readJson(file, formFile);
        const { problems } = readForm(data);
        if (problems.length > 0)
          throw new ContentError(
            file,
            problems.map(({ code, place, message }) => `${code} ${place}: ${message.en}`).join("; "),
          );
        return [basename(file, ".json"), data];
      }),
    ),
  );
}

async function list(folder: string, ending: string): Promise<readonly string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

async function readJson<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> {
  const parsed = schema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) throw new ContentError(file, z.prettifyError(parsed.error));
  return parsed.data;
}
