import { requireVisible } from "../../attachments/access.ts";
import { authorize, visibleCases } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { urge, urgeRefusal } from "../../talk/urging.ts";
import { cursorOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { urgeBody, urgeList, urgePage, urgeQuery, urgeView, type UrgeList } from "./urges.schema.ts";

export const urgeRoutes = [
  defineRoute({
    method: "get",
    path: "/api/urges",
    summary: "Urges in the cases that I oversee, the newest first",
    query: urgeQuery,
    answer: urgePage,
    handle: async ({ runtime, principal, query }) => {
      authorize(principal, { type: "sla.view" }, runtime.content);
      const scope = visibleCases(principal, runtime.content);
      const after = readCursor(query.cursor);
      const parameters: Parameter[] = [...scope.parameters];
      if (after) parameters.push(after[0], after[0], after[1]);
      const rows = await runtime.store.read(
        `SELECT urge.*, instance.case_number, instance.subject_zh, instance.subject_en,
           (SELECT COUNT(*) FROM urge AS every_one WHERE every_one.instance_id = urge.instance_id) AS in_all
         FROM urge JOIN instance ON instance.id = urge.instance_id
         WHERE ${scope.sql} ${after ? "AND (urge.at < ? OR (urge.at = ? AND urge.id < ?))" : ""}
         ORDER BY urge.at DESC, urge.id DESC LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => ({
          ...present(row),
          instanceId: text(row, "instance_id"),
          caseNumber: text(row, "case_number"),
          subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
          urgedInAll: integer(row, "in_all"),
        })),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "at") : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/urges",
    summary: "Who urged about a case, and how often",
    params: idParams,
    answer: urgeList,
    handle: async ({ runtime, principal, params }) => {
      await requireVisible(runtime, principal, params.id);
      return listed(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/urges",
    summary: "Remind whoever has the case in hand",
    params: idParams,
    body: urgeBody,
    answer: urgeList,
    status: 201,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await urge(runtime, principal, { instanceId: params.id, note: body.note }, commandId);
      return listed(runtime, principal, params.id);
    },
  }),
];

async function listed(runtime: Runtime, principal: Principal, instanceId: string): Promise<UrgeList> {
  const rows = await runtime.store.read("SELECT * FROM urge WHERE instance_id = ? ORDER BY at, id", [instanceId]);
  return {
    items: rows.map(present),
    count: rows.length,
    refused: (await urgeRefusal(runtime, principal, instanceId))?.map((why) => ({ ...why })) ?? null,
  };
}

function present(row: Row): UrgeList["items"][number] {
  return {
    id: text(row, "id"),
    by: { id: text(row, "person_id"), name: text(row, "person_name") },
    capacity: urgeView.shape.capacity.parse(text(row, "capacity")),
    note: text(row, "note"),
    at: text(row, "at"),
  };
}
