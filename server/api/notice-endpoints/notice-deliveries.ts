import { RuntimeProblem } from "../../runtime/errors.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { cursorOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { deliveryPage, deliveryQuery, deliveryView, type NoticeDelivery } from "./notice-endpoints.schema.ts";
import { administer } from "./notice-endpoints.ts";

const { state: deliveryState, channel: deliveryChannel } = deliveryView.shape;

export const noticeDeliveryRoutes = [
  defineRoute({
    method: "get",
    path: "/api/notice-deliveries",
    summary: "The delivery log, the newest first",
    query: deliveryQuery,
    answer: deliveryPage,
    handle: async ({ runtime, principal, query }) => {
      administer(runtime, principal);
      const after = readCursor(query.cursor);
      const conditions = [
        ...(query.state ? [["notice_delivery.state = ?", [query.state]] as const] : []),
        ...(query.channel ? [["notice_delivery.channel = ?", [query.channel]] as const] : []),
        ...(after
          ? [
              [
                "(notice_delivery.created_at < ? OR (notice_delivery.created_at = ? AND notice_delivery.id < ?))",
                [after[0], after[0], after[1]],
              ] as const,
            ]
          : []),
      ];
      const rows = await runtime.store.read(
        `SELECT notice_delivery.*, announcement.kind, instance.case_number, person.name AS person_name,
           notice_endpoint.name AS endpoint_name
         FROM notice_delivery JOIN announcement ON announcement.id = notice_delivery.announcement_id
         LEFT JOIN instance ON instance.id = announcement.instance_id
         LEFT JOIN person ON person.id = notice_delivery.person_id
         LEFT JOIN notice_endpoint ON notice_endpoint.id = notice_delivery.endpoint_id
         ${conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}` : ""}
         ORDER BY notice_delivery.created_at DESC, notice_delivery.id DESC LIMIT ?`,
        [...conditions.flatMap(([, parameters]) => parameters), query.limit + 1],
      );
      const shown = rows.slice(0, query.limit);
      return {
        items: shown.map(present),
        nextCursor: rows.length > shown.length ? cursorOf(shown.at(-1), "created_at") : null,
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/notice-deliveries/:id/retry",
    summary: "Try a delivery again that was given up, with the attempts counted anew",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      administer(runtime, principal);
      const revived = await runtime.store.transaction((tx) =>
        tx.execute(
          "UPDATE notice_delivery SET state = 'waiting', attempts = 0, next_at = ? WHERE id = ? AND state = 'dead'",
          [runtime.clock.now(), params.id],
        ),
      );
      if (revived === 0)
        throw new RuntimeProblem(409, "DELIVERY_NOT_DEAD", {
          zh: "只有已放弃的投递可以重试",
          en: "Only a delivery that was given up can be tried again",
        });
      return undefined;
    },
  }),
];

function present(row: Row): NoticeDelivery {
  const [person, endpoint] = [optionalText(row, "person_id"), optionalText(row, "endpoint_id")];
  return {
    id: text(row, "id"),
    channel: deliveryChannel.parse(text(row, "channel")),
    kind: text(row, "kind"),
    caseNumber: optionalText(row, "case_number"),
    person: person === null ? null : { id: person, name: optionalText(row, "person_name") ?? person },
    endpoint: endpoint === null ? null : { id: endpoint, name: optionalText(row, "endpoint_name") ?? "–" },
    state: deliveryState.parse(text(row, "state")),
    attempts: integer(row, "attempts"),
    lastError: optionalText(row, "last_error"),
    createdAt: text(row, "created_at"),
    nextAt: text(row, "next_at"),
    sentAt: optionalText(row, "sent_at"),
  };
}
