import { epochDay, localDate } from "../../engine/calendar/dates.ts";
import type { Level } from "../../engine/routing/types.ts";
import { realities, type Reality } from "../../engine/sharing/reality.ts";
import { allOf, type ScopeCondition } from "../identity/scope.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import { filterCondition, listCondition, type GrantFilter, type Looked } from "./grant-conditions.ts";

const attentions = ["suspended", "exceeded", "endsSoon", "disposalMissing", "switchOffMissing", "unreachable"] as const;
export type Attention = (typeof attentions)[number];

/** How far approvals came: each stage counts those of the one before that went on. */
export interface Funnel {
  readonly applied: number;
  readonly granted: number;
  readonly delivered: number;
  readonly accepted: number;
  readonly used: number;
}

export interface ProviderFigures {
  readonly provider: string;
  readonly level: Level;
  readonly granted: number;
  readonly notDelivered: number;
  readonly oldestDays: number | null;
  readonly notAccepted: number;
  readonly unused: number;
  readonly rejections: number;
  readonly satisfaction: { readonly mean: number; readonly count: number } | null;
}

export interface Figures {
  readonly funnel: Funnel;
  readonly realities: Readonly<Record<Reality, number>>;
  readonly attention: Readonly<Record<Attention, number>>;
  readonly byProvider: readonly ProviderFigures[];
}

/** Whose grants are counted, of which providers. */
export interface Counted {
  readonly filter: GrantFilter;
  /** The reader's scope on `access_grant`, and the same on `instance`. */
  readonly grants: ScopeCondition;
  readonly cases: ScopeCondition;
  readonly levelOf: (organisation: string) => Level | null;
}

const columns = {
  region: "access_grant.provider_region",
  level: "access_grant.provider_level",
  provider: "access_grant.provider_org",
} as const;

/** What has become of approvals: counted in three statements, of the lists that the same conditions give. */
export async function grantFigures(store: Store, counted: Counted, looked: Looked): Promise<Figures> {
  const where = allOf(counted.grants, filterCondition(counted.filter, columns));
  const lists = [...realities, ...attentions];
  const conditions = lists.map((list) => listCondition(list, looked));
  const sums = lists.map(
    (list, index) => `SUM(CASE WHEN ${conditions[index]?.sql ?? ""} THEN 1 ELSE 0 END) AS n_${list}`,
  );
  const rows = await store.read(
    `SELECT access_grant.provider_org, MAX(access_grant.provider_level) AS provider_level, COUNT(*) AS granted,
       SUM(CASE WHEN delivery.attempts > 0 OR access_grant.delivered_at IS NOT NULL THEN 1 ELSE 0 END) AS delivered,
       SUM(CASE WHEN access_grant.accepted_at IS NOT NULL THEN 1 ELSE 0 END) AS accepted,
       SUM(CASE WHEN access_grant.accepted_at IS NOT NULL AND access_grant.first_used_at <= access_grant.use_by THEN 1 ELSE 0 END) AS used,
       SUM(COALESCE(delivery.rejections, 0)) AS rejections,
       MIN(CASE WHEN access_grant.delivered_at IS NULL AND access_grant.state NOT IN ('ended', 'revoked') THEN access_grant.opened_at END) AS oldest,
       ${sums.join(", ")}
     FROM access_grant JOIN delivery ON delivery.instance_id = access_grant.instance_id
     WHERE ${where.sql} GROUP BY access_grant.provider_org ORDER BY access_grant.provider_org`,
    [...conditions.flatMap(({ parameters }) => parameters), ...where.parameters],
  );
  const scores = await scoresOf(store, where);
  const total = (column: string) => rows.reduce((sum, row) => sum + count(row, column), 0);
  return {
    funnel: {
      applied: await appliedFor(store, counted),
      granted: total("granted"),
      delivered: total("delivered"),
      accepted: total("accepted"),
      used: total("used"),
    },
    realities: Object.fromEntries(realities.map((list) => [list, total(`n_${list}`)])) as Record<Reality, number>,
    attention: Object.fromEntries(attentions.map((list) => [list, total(`n_${list}`)])) as Record<Attention, number>,
    byProvider: rows.map((row) => providerFigures(row, scores, looked.now)),
  };
}

function providerFigures(row: Row, scores: ReadonlyMap<string, Score>, now: string): ProviderFigures {
  const provider = text(row, "provider_org");
  const oldest = optionalText(row, "oldest");
  return {
    provider,
    level: text(row, "provider_level") as Level,
    granted: count(row, "granted"),
    notDelivered: count(row, "n_notDelivered"),
    oldestDays: oldest === null ? null : daysBetween(oldest, now),
    notAccepted: count(row, "n_notAccepted"),
    unused: count(row, "n_unused"),
    rejections: count(row, "rejections"),
    satisfaction: scores.get(provider) ?? null,
  };
}

/** Whole days in China from one instant to another. */
export function daysBetween(from: string, to: string): number {
  return epochDay(localDate(to)) - epochDay(localDate(from));
}

interface Score {
  readonly mean: number;
  readonly count: number;
}

async function scoresOf(store: Store, where: ScopeCondition): Promise<ReadonlyMap<string, Score>> {
  const rows = await store.read(
    `SELECT grant_rating.provider_org, SUM(grant_rating.score) AS total, COUNT(*) AS n FROM grant_rating
       JOIN access_grant ON access_grant.instance_id = grant_rating.grant_id
     WHERE ${where.sql} GROUP BY grant_rating.provider_org`,
    where.parameters,
  );
  return new Map(
    rows.map((row) => [
      text(row, "provider_org"),
      { mean: Math.round((count(row, "total") / count(row, "n")) * 100) / 100, count: count(row, "n") },
    ]),
  );
}

/** Applications whose case the reader may see. A case does not hold its provider's level, so that is asked of the directory. */
async function appliedFor(store: Store, { filter, cases, levelOf }: Counted): Promise<number> {
  const where = allOf(
    cases,
    filterCondition(
      { region: filter.region, provider: filter.provider },
      { region: "instance.provider_region", level: "", provider: "instance.provider_org" },
    ),
  );
  const rows = await store.read(
    `SELECT instance.provider_org, COUNT(*) AS n FROM application JOIN instance ON instance.id = application.instance_id
     WHERE ${where.sql} GROUP BY instance.provider_org`,
    where.parameters,
  );
  return rows
    .filter((row) => filter.level === undefined || levelOf(text(row, "provider_org")) === filter.level)
    .reduce((sum, row) => sum + count(row, "n"), 0);
}

function count(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}
