import type { z } from "zod";
import { versionDiff } from "../../../engine/model/version-diff.ts";
import { bundleIn } from "../../forms/definition-forms.ts";
import { authorize } from "../../identity/policy.ts";
import { notFound } from "../../runtime/errors.ts";
import { integer, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { defineRoute, idParams } from "../route.ts";
import { versionChanges, versionChangesQuery } from "./version-changes.schema.ts";

export const versionChangeRoutes = [
  defineRoute({
    method: "get",
    path: "/api/definitions/:id/changes",
    summary: "How a version of a process differs from an earlier one, element by element and form by form",
    params: idParams,
    query: versionChangesQuery,
    answer: versionChanges,
    handle: async ({ runtime, principal, params, query }) => {
      authorize(principal, { type: "definition.view" }, runtime.content);
      const [after] = await runtime.store.read("SELECT * FROM definition WHERE id = ?", [params.id]);
      if (!after) throw notFound();
      const versions = await runtime.store.read(
        "SELECT * FROM definition WHERE process_key = ? ORDER BY version DESC",
        [text(after, "process_key")],
      );
      const before = query.since
        ? versions.find((row) => text(row, "id") === query.since)
        : versions.find((row) => integer(row, "version") < integer(after, "version"));
      if (query.since && !before) throw notFound();
      return present(before ?? null, after, versions);
    },
  }),
];

async function present(
  before: Row | null,
  after: Row,
  versions: readonly Row[],
): Promise<z.input<typeof versionChanges>> {
  const elements = before ? await versionDiff(text(before, "xml"), text(after, "xml")) : [];
  return {
    key: text(after, "process_key"),
    name: { zh: text(after, "name_zh"), en: text(after, "name_en") },
    before: before && versionOf(before),
    after: versionOf(after),
    elements: elements.map(({ element, type, name, change, properties }) => ({
      element,
      type,
      name: { zh: name ?? element, en: name ?? element },
      change,
      properties: properties.map((property) => ({ ...property })),
    })),
    forms: before ? formChanges(before, after) : [],
    versions: versions.map(versionOf),
  };
}

function versionOf(row: Row) {
  return { id: text(row, "id"), version: integer(row, "version") };
}

function formChanges(before: Row, after: Row): z.input<typeof versionChanges>["forms"] {
  const [old, next] = [bundleIn(before), bundleIn(after)].map(
    (bundle) => new Map(Object.entries(bundle).map(([key, form]) => [key, JSON.stringify(form)])),
  );
  const keys = [...new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])])].sort();
  return keys.flatMap((form) => {
    const [was, is] = [old?.get(form), next?.get(form)];
    if (was === is) return [];
    return [
      {
        form,
        change: was === undefined ? ("added" as const) : is === undefined ? ("removed" as const) : ("changed" as const),
      },
    ];
  });
}
