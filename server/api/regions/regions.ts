import { defineRoute } from "../route.ts";
import { regionName } from "../present.ts";
import { regionList } from "./regions.schema.ts";

export const regionRoutes = [
  defineRoute({
    method: "get",
    path: "/api/regions",
    summary: "Divisions by code, with their names",
    answer: regionList,
    handle: async ({ runtime }) => ({
      items: [...runtime.content.regions.values()].map(({ code, level, parent }) => ({
        code,
        name: regionName(runtime, code),
        level,
        parent,
      })),
    }),
  }),
];
