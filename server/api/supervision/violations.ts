import { authorize, visibleSupervision } from "../../identity/policy.ts";
import type { ScopeCondition } from "../../identity/scope.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { cursorOf, organisationOf, readCursor } from "../present.ts";
import { defineRoute } from "../route.ts";
import {
  violationCounts,
  violationPage,
  violationQuery,
  violationView,
  type ViolationView,
} from "./violations.schema.ts";

/** What counts: permitted by a head all the same, and not taken back before the applicant had begun. */
const counting = "supplement_request.violation = 1 AND supplement_request.taken_back_at IS NULL";

export const violationRoutes = [
  defineRoute({
    method: "get",
    path: "/api/sla/violations",
    summary: "Requests for a second supplement, by organisation, of the regions that I oversee",
    answer: violationCounts,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "sla.view" }, runtime.content);
      const scope = scopeOf(runtime, principal);
      const rows = await runtime.store.read(
        `SELECT organisation_id, COUNT(*) AS n FROM supplement_request WHERE ${counting} AND ${scope.sql}
         GROUP BY organisation_id ORDER BY n DESC, organisation_id`,
        scope.parameters,
      );
      const byOrganisation = rows.map((row) => ({
        organisation: organisationOf(runtime, text(row, "organisation_id")),
        count: Number(row["n"]),
      }));
      return { total: byOrganisation.reduce((sum, { count }) => sum + count, 0), byOrganisation };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/supervision/violations",
    summary: "Requests for a second supplement of my organisations and the regions that I oversee, with their cases",
    query: violationQuery,
    answer: violationPage,
    handle: async ({ runtime, principal, query }) => {
      const scope = scopeOf(runtime, principal);
      const conditions = [counting, scope.sql];
      const parameters: Parameter[] = [...scope.parameters];
      if (query.organisation !== undefined) {
        conditions.push("supplement_request.organisation_id = ?");
        parameters.push(query.organisation);
      }
      const after = readCursor(query.cursor);
      if (after) {
        conditions.push("(supplement_request.at < ? OR (supplement_request.at = ? AND supplement_request.id < ?))");
        parameters.push(after[0], after[0], after[1]);
      }
      const rows = await runtime.store.read(
        `SELECT supplement_request.*, instance.case_number, instance.subject_zh, instance.subject_en
         FROM supplement_request JOIN instance ON instance.id = supplement_request.instance_id
         WHERE ${conditions.join(" AND ")} ORDER BY supplement_request.at DESC, supplement_request.id DESC LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => present(runtime, row)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "at") : null,
      };
    },
  }),
];

function scopeOf(runtime: Runtime, principal: Principal): ScopeCondition {
  const columns = { organisations: ["supplement_request.organisation_id"], region: "supplement_request.region" };
  return visibleSupervision(principal, runtime.content, columns);
}

function present(runtime: Runtime, row: Row): ViolationView {
  return {
    id: text(row, "id"),
    case: {
      instanceId: text(row, "instance_id"),
      caseNumber: text(row, "case_number"),
      subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    },
    element: text(row, "element"),
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    level: violationView.shape.level.parse(text(row, "level")),
    ordinal: integer(row, "ordinal"),
    askedBy: text(row, "by_name"),
    permittedBy: text(row, "permitted_by"),
    reason: text(row, "permit_reason"),
    at: text(row, "at"),
  };
}
