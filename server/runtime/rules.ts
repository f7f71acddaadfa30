import { createHash } from "node:crypto";
import { layerCalendars, type WorkingDayCalendar } from "../../engine/calendar/working-days.ts";
import { checkRules, type RulesToCheck } from "../../engine/routing/publish-check.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { RouteTable } from "../../engine/routing/route-table.ts";
import type { Route } from "../../engine/routing/types.ts";
import { rulesOf } from "../content/drawn-steps.ts";
import type { Content } from "../content/load-content.ts";
import { json } from "../store/rows.ts";
import { RuntimeProblem } from "./errors.ts";
import type { Store } from "../store/store.ts";

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

interface RuleSet {
  readonly packs: readonly RulePack[];
  readonly tables: readonly RouteTable[];
}

/**
 * Rule packs and route tables. The set in force is stored under its hash; a case keeps the set it started with, so that new
 * rules never touch running cases. Calendars are not frozen: they are facts about days, not rules.
 */
export class Rules {
  readonly #content: Content;
  readonly #store: Store;
  readonly #sets = new Map<string, RuleSet>();
  readonly #calendars = new Map<string, WorkingDayCalendar>();
  readonly currentId: string;

  private constructor(content: Content, store: Store, currentId: string) {
    this.#content = content;
    this.#store = store;
    this.currentId = currentId;
  }

  /** Takes the content's rules into force. Throws `RuntimeProblem` that names every row and limit that breaks a bound. */
  static async open(content: Content, store: Store, now: string): Promise<Rules> {
    requireSoundRules(await rulesOf(content));
    const set: RuleSet = { packs: content.rulePacks, tables: content.routeTables };
    const text = JSON.stringify(set);
    const id = createHash("sha256").update(text).digest("hex").slice(0, 40);
    await store.transaction(async (tx) => {
      const known = await tx.query("SELECT id FROM rule_set WHERE id = ?", [id]);
      if (known.length === 0) await tx.insert("rule_set", { id, content: text, created_at: now });
    });
    const rules = new Rules(content, store, id);
    rules.#sets.set(id, set);
    return rules;
  }

  /** The route of a case: its process, its rule set, the day on which it began (`YYYY-MM-DD`). */
  async route(ruleSetId: string, process: string, date: string): Promise<Route> {
    const set = await this.#set(ruleSetId);
    return createRouter({
      directory: this.#content,
      packs: set.packs,
      tables: set.tables.filter((table) => table.process === process),
      date,
    });
  }

  calendar(region: string): WorkingDayCalendar {
    const known = this.#calendars.get(region);
    if (known) return known;
    const calendar = layerCalendars(chainOf(this.#content.regions, region), this.#content.calendars);
    this.#calendars.set(region, calendar);
    return calendar;
  }

  async #set(id: string): Promise<RuleSet> {
    const known = this.#sets.get(id);
    if (known) return known;
    const [row] = await this.#store.read("SELECT content FROM rule_set WHERE id = ?", [id]);
    if (!row) throw new Error(`rule set ${id} is not in the database`);
    const set = json<RuleSet>(row, "content");
    this.#sets.set(id, set);
    return set;
  }
}
