import { createHash } from "node:crypto";
import type { MonitoringScheme } from "../../engine/calendar/ladder.ts";
import {
  layerCalendars,
  type CalendarYear,
  type RegionCalendar,
  type WorkingDayCalendar,
} from "../../engine/calendar/working-days.ts";
import type { UseRules } from "../../engine/sharing/grant-due.ts";
import { checkRules, type RulesToCheck } from "../../engine/routing/publish-check.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import { organisationOfPlace, type PlaceOrganisation } from "../../engine/routing/place-organisation.ts";
import { packsInForce, parseRulePack, type RulePack } from "../../engine/routing/rule-pack.ts";
import type { Directory } from "../../engine/routing/organisations.ts";
import type { RouteTable } from "../../engine/routing/route-table.ts";
import type { Route } from "../../engine/routing/types.ts";
import { rulesOf } from "../content/drawn-steps.ts";
import type { Content } from "../content/load-content.ts";
import { integer, json, text } from "../store/rows.ts";
import { RuntimeProblem } from "./errors.ts";
import { mergePacks, publicationsSoFar, publishedPacks } from "./rule-packs.ts";
import type { Row, Store } from "../store/store.ts";

/** Rules that break a bound of a layer above never come into force. */
export function requireSoundRules(rules: RulesToCheck): void {
  const problems = checkRules(rules);
  if (problems.length === 0) return;
  throw new RuntimeProblem(
    422,
    "RULES_REFUSED",
    {
      zh: `规则包或路由表有 ${problems.length} 处错误，未生效`,
      en: `The rules have ${problems.length} error(s) and do not come into force`,
    },
    { zh: "请逐条更正", en: "Correct each" },
    problems.map(({ code, element, message }) => ({ code, place: element, message })),
  );
}

/** Numbers of the use phase, with the calendars by which they are counted. */
export interface UsePlan extends UseRules {
  readonly calendarOf: (region: string) => WorkingDayCalendar;
}

interface RuleSet {
  readonly packs: readonly RulePack[];
  readonly tables: readonly RouteTable[];
}

/**
 * Rule packs and route tables. The set in force is stored under its hash; a case keeps the set it started with, so that new
 * rules never touch running cases. Calendars are not frozen: they are facts about days, not rules (docs/decisions/0006).
 * Imported years stand above those that ship; their version tells which clocks were derived from an older calendar.
 */
export class Rules {
  readonly #content: Content;
  readonly #store: Store;
  readonly #sets = new Map<string, RuleSet>();
  readonly #calendars = new Map<string, WorkingDayCalendar>();
  #imported: ReadonlyMap<string, RegionCalendar> = new Map();
  #calendarVersion = 0;
  /** What the publication check needs to know of organisations and processes besides packs and tables. */
  readonly checked: Omit<RulesToCheck, "packs">;
  #current: { readonly publications: number; readonly id: string; readonly packs: readonly RulePack[] };

  private constructor(content: Content, store: Store, checked: Omit<RulesToCheck, "packs">) {
    this.#content = content;
    this.#store = store;
    this.checked = checked;
    this.#current = { publications: -1, id: "", packs: content.rulePacks };
  }

  /** Takes the content's rules into force. Throws `RuntimeProblem` that names every row and limit that breaks a bound. */
  static async open(content: Content, store: Store, now: string): Promise<Rules> {
    const shipped = await rulesOf(content);
    requireSoundRules(shipped);
    const rules = new Rules(content, store, shipped);
    await rules.current(now);
    await rules.refreshCalendars();
    return rules;
  }

  get shippedPacks(): readonly RulePack[] {
    return this.#content.rulePacks;
  }

  /** How a region works on `date` (`YYYY-MM-DD`), by the packs as last taken over. */
  placeOf(region: string, date: string): PlaceOrganisation {
    const chain = chainOf(this.#content.regions, region);
    return organisationOfPlace(chain, packsInForce(this.#current.packs, date));
  }

  /** The rule set that a case starting at `now` keeps, with what was published here or by another node. */
  async current(now: string): Promise<{ readonly id: string; readonly packs: readonly RulePack[] }> {
    const publications = await publicationsSoFar(this.#store);
    if (publications !== this.#current.publications) {
      const packs = mergePacks(this.#content.rulePacks, await publishedPacks(this.#store));
      this.#current = { publications, packs, id: await this.#keep({ packs, tables: this.#content.routeTables }, now) };
    }
    return this.#current;
  }

  async #keep(set: RuleSet, now: string): Promise<string> {
    const stored = JSON.stringify(set);
    const id = createHash("sha256").update(stored).digest("hex").slice(0, 40);
    await this.#store.transaction(async (tx) => {
      const known = await tx.query("SELECT id FROM rule_set WHERE id = ?", [id]);
      if (known.length === 0) await tx.insert("rule_set", { id, content: stored, created_at: now });
    });
    this.#sets.set(id, set);
    return id;
  }

  /** Regions and organisations that the rules speak about. */
  get directory(): Directory {
    return this.#content;
  }

  get use(): UsePlan {
    return { ...this.#content.use, calendarOf: (region) => this.calendar(region) };
  }

  /** Grows with every imported year. */
  get calendarVersion(): number {
    return this.#calendarVersion;
  }

  /** Takes over the years that were imported, here or by another node. True when there was something new. */
  async refreshCalendars(): Promise<boolean> {
    const [newest] = await this.#store.read("SELECT MAX(version) AS version FROM calendar_year");
    const version = Number(newest?.["version"] ?? 0);
    if (version === this.#calendarVersion) return false;
    this.#imported = calendarsOf(await this.#store.read("SELECT * FROM calendar_year ORDER BY year"));
    this.#calendarVersion = version;
    this.#calendars.clear();
    return true;
  }

  /** The years of one region alone, imported ones above those that ship; `null` for a region that has none of its own. */
  regionCalendar(region: string): RegionCalendar | null {
    return overlaid(this.#content.calendars.get(region), this.#imported.get(region));
  }

  /** The ladder of supervision of a region: its own, or that of the nearest region above. */
  monitoring(region: string): MonitoringScheme | null {
    for (const code of chainOf(this.#content.regions, region)) {
      const scheme = this.#content.monitoring.get(code);
      if (scheme) return scheme;
    }
    return null;
  }

  /** The route of a case: its process, its rule set, the day on which it began (`YYYY-MM-DD`). */
  async route(ruleSetId: string, process: string, date: string): Promise<Route> {
    const { packs, tables } = await this.#set(ruleSetId);
    return createRouter({
      directory: this.#content,
      packs,
      tables: tables.filter((table) => table.process === process),
      date,
    });
  }

  /** The route of a case as it would be with one table put in the place of the region's own. */
  async routeWith(ruleSetId: string, changed: RouteTable, date: string): Promise<Route> {
    const { packs, tables } = await this.#set(ruleSetId);
    const others = tables.filter(({ process, region }) => process === changed.process && region !== changed.region);
    return createRouter({ directory: this.#content, packs, tables: [...others, changed], date });
  }

  /** The route of a case that would start on `date` with other packs and the tables of today. */
  routeUnder(packs: readonly RulePack[], process: string, date: string): Route {
    const tables = this.#content.routeTables.filter((table) => table.process === process);
    return createRouter({ directory: this.#content, packs, tables, date });
  }

  calendar(region: string): WorkingDayCalendar {
    const known = this.#calendars.get(region);
    if (known) return known;
    const calendar = this.calendarWith(region, null);
    this.#calendars.set(region, calendar);
    return calendar;
  }

  /** The calendar as a region would see it with a further year of some region; for a preview. */
  calendarWith(
    region: string,
    year: { readonly region: string; readonly year: CalendarYear } | null,
  ): WorkingDayCalendar {
    const chain = chainOf(this.#content.regions, region);
    const layers = chain.flatMap((code): [string, RegionCalendar][] => {
      const added = year?.region === code ? { region: code, years: [year.year] } : undefined;
      const calendar = overlaid(this.regionCalendar(code) ?? undefined, added);
      return calendar ? [[code, calendar]] : [];
    });
    return layerCalendars(chain, new Map(layers));
  }

  async #set(id: string): Promise<RuleSet> {
    const known = this.#sets.get(id);
    if (known) return known;
    const [row] = await this.#store.read("SELECT content FROM rule_set WHERE id = ?", [id]);
    if (!row) throw new Error(`rule set ${id} is not in the database`);
    const kept = json<RuleSet>(row, "content");
    // A set kept by an earlier version of the product lacks what packs have learnt to say since.
    const set = { ...kept, packs: kept.packs.map((pack) => parseRulePack(pack, `rule set ${id}`)) };
    this.#sets.set(id, set);
    return set;
  }
}

function overlaid(below: RegionCalendar | undefined, above: RegionCalendar | undefined): RegionCalendar | null {
  if (!above) return below ?? null;
  const replaced = new Set(above.years.map(({ year }) => year));
  const years = [...(below?.years ?? []).filter(({ year }) => !replaced.has(year)), ...above.years];
  return { ...below, region: above.region, years: years.sort((a, b) => a.year - b.year) };
}

function calendarsOf(rows: readonly Row[]): ReadonlyMap<string, RegionCalendar> {
  const calendars = new Map<string, RegionCalendar>();
  for (const row of rows) {
    const region = text(row, "region");
    const status = text(row, "status") === "official" ? "official" : "provisional";
    const year: CalendarYear = { year: integer(row, "year"), status, days: json(row, "days") };
    calendars.set(region, { region, years: [...(calendars.get(region)?.years ?? []), year] });
  }
  return calendars;
}
