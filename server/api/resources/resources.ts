import { notFound } from "../../runtime/errors.ts";
import type { OrganisationRef } from "../../../engine/routing/types.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { ResourceEntry } from "../../content/content.schema.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import {
  resourceDetail,
  resourcePage,
  resourceQuery,
  resourceSummary,
  type ResourceDetail,
} from "./resources.schema.ts";

/** The catalogue is small and public to everybody who is signed in; it pages by position. */
export const resourceRoutes = [
  defineRoute({
    method: "get",
    path: "/api/resources",
    summary: "Search the catalogue of data resources",
    query: resourceQuery,
    answer: resourcePage,
    handle: async ({ runtime, query }) => {
      const wanted = (query.search ?? "").trim().toLowerCase();
      const found = runtime.content.resources.filter((resource) => {
        const provider = organisationOf(runtime, resource.provider);
        return (
          wordsOf(resource, provider).includes(wanted) &&
          (!query.shareClass || resource.shareClass === query.shareClass) &&
          (!query.level || provider.level === query.level)
        );
      });
      const from = Number(query.cursor ?? 0) || 0;
      const page = found.slice(from, from + query.limit);
      return {
        items: page.map((resource) => resourceSummary.parse(presentResource(runtime, resource))),
        nextCursor: from + query.limit < found.length ? String(from + query.limit) : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/resources/:id",
    summary: "One entry of the catalogue",
    params: idParams,
    answer: resourceDetail,
    handle: async ({ runtime, params }) => {
      const resource = runtime.content.resources.find(({ id }) => id === params.id);
      if (!resource) throw notFound();
      return presentResource(runtime, resource);
    },
  }),
];

/** What the catalogue is searched by: people look for a column as often as for a register. */
function wordsOf({ code, name, abstract, abstractEn = "", items }: ResourceEntry, provider: OrganisationRef): string {
  const columns = items.flatMap((item) => [item.code, item.name, item.nameEn ?? ""]);
  return [code, name.zh, name.en, abstract, abstractEn, provider.name.zh, provider.name.en, ...columns]
    .join(" ")
    .toLowerCase();
}

function presentResource(runtime: Runtime, resource: ResourceEntry): ResourceDetail {
  return { ...resource, provider: organisationOf(runtime, resource.provider) };
}
