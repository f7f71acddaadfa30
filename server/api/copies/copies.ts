import { requireVisible } from "../../attachments/access.ts";
import type { InstanceState } from "../../../engine/execution/state.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { json, optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { sendCopies } from "../../talk/copies.ts";
import { copyableFields, disclosableBy, disclosedForm } from "../../talk/disclosed.ts";
import { maySeeCase, partiesOf } from "../../talk/people.ts";
import { noteReading } from "../../talk/readings.ts";
import { cursorOf, likePattern, organisationOf, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  copyBody,
  copyCounts,
  copyDetail,
  copyPage,
  copyQuery,
  copySummary,
  receiptList,
  recipientList,
  recipientQuery,
  sentCopies,
  type CopyDetail,
  type CopySummary,
} from "./copies.schema.ts";

const columns = `carbon_copy.*, instance.case_number, instance.subject_zh, instance.subject_en, instance.status,
  instance.applicant_org, instance.provider_org, reading.first_at AS read_at`;
const from = `FROM carbon_copy JOIN instance ON instance.id = carbon_copy.instance_id
  LEFT JOIN reading ON reading.object_id = carbon_copy.id AND reading.what = 'copy' AND reading.person_id = carbon_copy.person_id`;

export const copyRoutes = [
  defineRoute({
    method: "get",
    path: "/api/copies",
    summary: "What was copied to me, the newest first",
    query: copyQuery,
    answer: copyPage,
    handle: async ({ runtime, principal, query }) => {
      const after = readCursor(query.cursor);
      const parameters: Parameter[] = [principal.id];
      if (after) parameters.push(after[0], after[0], after[1]);
      const rows = await runtime.store.read(
        `SELECT ${columns} ${from} WHERE carbon_copy.person_id = ?
         ${after ? "AND (carbon_copy.at < ? OR (carbon_copy.at = ? AND carbon_copy.id < ?))" : ""}
         ORDER BY carbon_copy.at DESC, carbon_copy.id DESC LIMIT ${query.limit + 1}`,
        parameters,
      );
      const [unread] = await runtime.store.read(
        `SELECT COUNT(*) AS n ${from} WHERE carbon_copy.person_id = ? AND reading.id IS NULL`,
        [principal.id],
      );
      return {
        items: rows.slice(0, query.limit).map((row) => summary(runtime, row)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "at") : null,
        unread: Number(unread?.["n"] ?? 0),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/copies/:id",
    summary: "One copy that I got; opening it is its receipt",
    params: idParams,
    answer: copyDetail,
    handle: async ({ runtime, principal, params }) => opened(runtime, principal, params.id),
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/copies",
    summary: "Copies sent of a case, with their receipts, and what a copy can disclose",
    params: idParams,
    answer: sentCopies,
    handle: async ({ runtime, principal, params }) => {
      await requireVisible(runtime, principal, params.id);
      const rows = await runtime.store.read(
        `SELECT ${columns} ${from} WHERE carbon_copy.instance_id = ? ORDER BY carbon_copy.at, carbon_copy.id`,
        [params.id],
      );
      const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [params.id]);
      if (!instance) throw notFound();
      return {
        items: rows.map((row) => ({
          ...facts(runtime, row),
          to: { id: text(row, "person_id"), name: text(row, "person_name") },
          fields: json<string[]>(row, "fields"),
          readAt: optionalText(row, "read_at"),
        })),
        disclosable: (await disclosableBy(runtime, principal, instance)).map(({ name, label }) => ({
          name,
          label: { ...label },
        })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/instances/:id/copies",
    summary: "Copy a case to people; nobody gets it twice",
    params: idParams,
    body: copyBody,
    answer: copyCounts,
    handle: async ({ runtime, principal, params, body, commandId }) =>
      sendCopies(runtime, principal, { instanceId: params.id, ...body }, commandId),
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/recipients",
    summary: "People by name, for a copy of this case",
    params: idParams,
    query: recipientQuery,
    answer: recipientList,
    handle: async ({ runtime, principal, params, query }) => {
      await requireVisible(runtime, principal, params.id);
      const rows = await runtime.store.read(
        `SELECT person.id, person.name, post.organisation_id, post.role FROM person JOIN post ON post.person_id = person.id
         WHERE person.name LIKE ? ESCAPE '!' AND person.id <> ? ORDER BY person.name, person.id, post.id LIMIT 60`,
        [likePattern(query.search), principal.id],
      );
      return {
        people: rows.map((row) => ({
          roleName: roleName(text(row, "role")),
          id: text(row, "id"),
          name: text(row, "name"),
          organisation: organisationOf(runtime, text(row, "organisation_id")),
          role: text(row, "role"),
        })),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id/receipts",
    summary: "Who opened which step or copy of a case, first and last",
    params: idParams,
    answer: receiptList,
    handle: async ({ runtime, principal, params }) => {
      await requireVisible(runtime, principal, params.id);
      const rows = await runtime.store.read(
        `SELECT reading.*, task.name AS step_zh, task.name_en AS step_en FROM reading
         LEFT JOIN task ON task.id = reading.object_id AND reading.what = 'task'
         WHERE reading.instance_id = ? ORDER BY reading.first_at, reading.id`,
        [params.id],
      );
      return {
        items: rows.map((row) => {
          const zh = optionalText(row, "step_zh");
          return {
            what: receiptList.shape.items.element.shape.what.parse(text(row, "what")),
            step: zh === null ? null : { zh, en: optionalText(row, "step_en") ?? zh },
            by: { id: text(row, "person_id"), name: text(row, "person_name") },
            firstAt: text(row, "first_at"),
            lastAt: text(row, "last_at"),
          };
        }),
      };
    },
  }),
];

async function opened(runtime: Runtime, principal: Principal, id: string): Promise<CopyDetail> {
  const [row] = await runtime.store.read(
    `SELECT ${columns} ${from} WHERE carbon_copy.id = ? AND carbon_copy.person_id = ?`,
    [id, principal.id],
  );
  if (!row) throw notFound();
  const instanceId = text(row, "instance_id");
  const at = runtime.clock.now();
  await runtime.store.transaction((tx) =>
    noteReading(tx, { what: "copy", objectId: id, instanceId, person: principal, at }),
  );
  const parties = await partiesOf(runtime.store.read, instanceId);
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw notFound();
  const values = copyableFields(json<InstanceState>(instance, "state"));
  const disclosed = json<string[]>(row, "fields");
  const form = await disclosedForm(runtime, instance, disclosed);
  return {
    ...summary(runtime, row),
    readAt: optionalText(row, "read_at") ?? at,
    applicant: organisationOf(runtime, text(row, "applicant_org")),
    provider: organisationOf(runtime, text(row, "provider_org")),
    instanceId: parties && maySeeCase(runtime.content, principal, parties) ? instanceId : null,
    fields: disclosed.map((name) => ({ name, value: values.get(name) ?? null })),
    form: form && { ...form },
  };
}

function summary(runtime: Runtime, row: Row): CopySummary {
  return {
    ...facts(runtime, row),
    caseNumber: text(row, "case_number"),
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    status: copySummary.shape.status.catch("running").parse(text(row, "status")),
    readAt: optionalText(row, "read_at"),
  };
}

function facts(runtime: Runtime, row: Row): Pick<CopySummary, "id" | "at" | "by" | "note"> {
  return {
    id: text(row, "id"),
    at: text(row, "at"),
    by: {
      id: text(row, "by_id"),
      name: text(row, "by_name"),
      organisation: organisationOf(runtime, text(row, "by_org")),
    },
    note: text(row, "note"),
  };
}
