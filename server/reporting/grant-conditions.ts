import { addDays, instantAt, localDate } from "../../engine/calendar/dates.ts";
import type { UseRules } from "../../engine/sharing/grant-due.ts";
import type { GrantList } from "../api/grants/grants.schema.ts";
import { regionPrefixes } from "../identity/policy.ts";
import type { ScopeCondition } from "../identity/scope.ts";
import type { Parameter } from "../store/store.ts";

/** The moment at which a report looks, by the clock of cases, and the numbers of the use phase. */
export interface Looked {
  readonly now: string;
  readonly rules: UseRules;
}

const open = "access_grant.state NOT IN ('ended', 'revoked')";

/**
 * Each list behind a figure, as a condition on `access_grant`. Those named like a `Reality` say in SQL what `realityOf` says in
 * the engine; a test holds the two together.
 */
export function listCondition(list: GrantList, { now, rules }: Looked): ScopeCondition {
  // The first instant of a day on which use is recent enough: use of that day or later.
  const recent = instantAt(addDays(localDate(now), 1 - rules.unusedDays), "00:00");
  const on = (sql: string, ...parameters: readonly Parameter[]) => ({ sql, parameters });
  switch (list) {
    case "all":
      return on("1 = 1");
    case "notDelivered":
      return on(`${open} AND access_grant.accepted_at IS NULL AND access_grant.delivered_at IS NULL`);
    case "notAccepted":
      return on(`${open} AND access_grant.accepted_at IS NULL AND access_grant.delivered_at IS NOT NULL`);
    case "fresh":
      return on(`${open} AND access_grant.last_used_at IS NULL AND access_grant.accepted_at >= ?`, recent);
    case "unused":
      return on(`${open} AND access_grant.last_used_at IS NULL AND access_grant.accepted_at < ?`, recent);
    case "used":
      return on(`${open} AND access_grant.accepted_at IS NOT NULL AND access_grant.last_used_at >= ?`, recent);
    case "idle":
      return on(`${open} AND access_grant.accepted_at IS NOT NULL AND access_grant.last_used_at < ?`, recent);
    case "over":
      return on("access_grant.state IN ('ended', 'revoked')");
    case "suspended":
      return on("access_grant.state = 'suspended'");
    case "exceeded":
      return on("access_grant.excesses > 0");
    case "endsSoon":
      return on(`${open} AND access_grant.ends_at <= ?`, addDays(localDate(now), Math.max(...rules.noticeDays, 0)));
    case "disposalMissing":
      return on(
        `access_grant.state IN ('ended', 'revoked') AND access_grant.supervision_id IS NOT NULL AND access_grant.disposed_at IS NULL`,
      );
    case "unreachable":
      return on(
        `${open} AND EXISTS (SELECT 1 FROM access_probe WHERE access_probe.instance_id = access_grant.instance_id AND access_probe.unreachable_since IS NOT NULL)`,
      );
    case "switchOffMissing":
      return on(
        `access_grant.state IN ('ended', 'revoked') AND access_grant.accepted_at IS NOT NULL AND access_grant.switched_off_at IS NULL`,
      );
  }
}

export interface GrantFilter {
  readonly region?: string | undefined;
  readonly level?: string | undefined;
  readonly provider?: string | undefined;
}

/** Providers that a filter leaves, as a condition on these columns. */
export function filterCondition(
  { region, level, provider }: GrantFilter,
  columns: { readonly region: string; readonly level: string; readonly provider: string },
): ScopeCondition {
  const [prefix] = region === undefined ? [] : regionPrefixes([region]);
  const parts: readonly (readonly [string, Parameter] | null)[] = [
    prefix === undefined ? null : [`${columns.region} LIKE ?`, prefix],
    level === undefined ? null : [`${columns.level} = ?`, level],
    provider === undefined ? null : [`${columns.provider} = ?`, provider],
  ];
  const chosen = parts.filter((part) => part !== null);
  return {
    sql: chosen.length === 0 ? "1 = 1" : chosen.map(([sql]) => sql).join(" AND "),
    parameters: chosen.map(([, parameter]) => parameter),
  };
}
