import type { z } from "zod";
import { authorize, visibleCases } from "../../identity/policy.ts";
import { organisationsOf } from "../../identity/posts.ts";
import { allOf, type ScopeCondition } from "../../identity/scope.ts";
import { visibleGrants } from "../../identity/grant-policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { filterCondition, listCondition, type Looked } from "../../reporting/grant-conditions.ts";
import { grantFigures as figuresOf } from "../../reporting/grant-figures.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { grantSeenBy } from "../../sharing/grant-rights.ts";
import { grantSelect } from "../../sharing/grants.ts";
import type { Row } from "../../store/store.ts";
import { cursorOf, organisationOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { grantDetail, grantFigures, grantFilter, grantPage, grantQuery, type GrantFigures } from "./grants.schema.ts";
import { detail, summaries } from "./present-grant.ts";

export const grantRoutes = [
  defineRoute({
    method: "get",
    path: "/api/grants",
    summary:
      "Access that was granted: of my organisations or of those I oversee; newest first, by what has become of it",
    query: grantQuery,
    answer: grantPage,
    handle: async ({ runtime, principal, query }) => {
      const where = allOf(
        viewOf(runtime, principal, query.view),
        listCondition(query.list, lookedAt(runtime)),
        filterCondition(query, {
          region: "access_grant.provider_region",
          level: "access_grant.provider_level",
          provider: "access_grant.provider_org",
        }),
      );
      const after = readCursor(query.cursor);
      const rows = await runtime.store.read(
        `${grantSelect} WHERE ${where.sql}${
          after
            ? " AND (access_grant.opened_at < ? OR (access_grant.opened_at = ? AND access_grant.instance_id < ?))"
            : ""
        } ORDER BY access_grant.opened_at DESC, access_grant.instance_id DESC LIMIT ${query.limit + 1}`,
        after ? [...where.parameters, after[0], after[0], after[1]] : where.parameters,
      );
      return {
        items: await summaries(runtime, rows.slice(0, query.limit)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "opened_at") : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/grants/figures",
    summary: "What has become of approvals: applied, granted, delivered, accepted, used; and what needs attention",
    query: grantFilter,
    answer: grantFigures,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "grant.overview" }, runtime.content);
      return figures(runtime, principal, query);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/grants/:id",
    summary: "One grant: scope, deliveries and their tests, use, satisfaction, and what I may do",
    params: idParams,
    answer: grantDetail,
    handle: async ({ runtime, principal, params }) =>
      detail(runtime, principal, await visibleRow(runtime, principal, params.id)),
  }),
];

/** The row of a grant that this person may see. */
export async function visibleRow(runtime: Runtime, principal: Principal, id: string): Promise<Row> {
  const row = await grantSeenBy(runtime.store.read, runtime.content, principal, id);
  if (!row) throw notFound();
  return row;
}

function lookedAt(runtime: Runtime): Looked {
  return { now: runtime.clock.now(), rules: runtime.content.use };
}

function viewOf(runtime: Runtime, principal: Principal, view: z.infer<typeof grantQuery>["view"]): ScopeCondition {
  if (view === "seen") return visibleGrants(principal, runtime.content);
  const own = organisationsOf(principal.posts);
  if (own.length === 0) return { sql: "1 = 0", parameters: [] };
  const column = view === "received" ? "access_grant.applicant_org" : "access_grant.provider_org";
  return { sql: `${column} IN (${own.map(() => "?").join(", ")})`, parameters: own };
}

async function figures(
  runtime: Runtime,
  principal: Principal,
  filter: z.infer<typeof grantFilter>,
): Promise<GrantFigures> {
  const looked = lookedAt(runtime);
  const found = await figuresOf(
    runtime.store,
    {
      filter,
      grants: visibleGrants(principal, runtime.content),
      cases: visibleCases(principal, runtime.content),
      levelOf: (organisation) => runtime.content.organisations.get(organisation)?.level ?? null,
    },
    looked,
  );
  const levels = [...new Set(found.byProvider.map(({ level }) => level))];
  return {
    asOf: looked.now,
    unusedDays: looked.rules.unusedDays,
    funnel: { ...found.funnel },
    realities: { ...found.realities },
    attention: { ...found.attention },
    byProvider: found.byProvider.map(({ level: _level, satisfaction, ...row }) => ({
      ...row,
      provider: organisationOf(runtime, row.provider),
      satisfaction: satisfaction === null ? null : { ...satisfaction },
    })),
    byLevel: levels.map((level) => {
      const rows = found.byProvider.filter((row) => row.level === level);
      const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
      return {
        level,
        granted: sum(({ granted }) => granted),
        notDelivered: sum(({ notDelivered }) => notDelivered),
        unused: sum(({ unused }) => unused),
      };
    }),
  };
}
