import { z } from "zod";
import { authorize, mayDo } from "../../identity/policy.ts";
import type { StartEntry } from "../../content/content.schema.ts";
import { notFound } from "../../runtime/errors.ts";
import { startByHand, tellByHand } from "../../sharing/starts.ts";
import { text } from "../../store/rows.ts";
import { organisationOf } from "../present.ts";
import { defineRoute } from "../route.ts";
import { checkForm } from "../../tasks/form-check.ts";
import { startBody, startedCase, startOptions, type StartOption } from "./starts.schema.ts";

export const startRoutes = [
  defineRoute({
    method: "get",
    path: "/api/starts",
    summary: "Ways to begin a process by hand that are open to me",
    answer: startOptions,
    handle: async ({ runtime, principal }) => {
      const names = await runtime.store.read(
        "SELECT process_key, name_zh, name_en FROM definition WHERE state = 'published'",
      );
      const items = runtime.content.processes.flatMap((folder): StartOption[] => {
        const named = names.find((row) => text(row, "process_key") === folder.key);
        if (!named) return [];
        const process = { key: folder.key, name: { zh: text(named, "name_zh"), en: text(named, "name_en") } };
        return folder.starts.flatMap((start) => {
          const organisations = [...new Set(principal.posts.map((post) => post.organisation))].filter((organisation) =>
            mayDo(principal, { type: "process.start", organisation, role: start.role }, runtime.content),
          );
          const form = folder.forms.get(start.form);
          if (organisations.length === 0 || !form) return [];
          return [
            {
              process,
              key: start.key,
              name: start.name,
              form: { ...form },
              organisations: organisations.map((id) => organisationOf(runtime, id)),
              needs: needsOf(start),
            },
          ];
        });
      });
      const departments = [...runtime.content.organisations.values()].filter(({ kind }) => kind === "department");
      return { items, organisations: departments.map(({ id }) => organisationOf(runtime, id)) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/processes/:key/cases",
    summary: "Begin a process by hand, or tell a case of it that runs",
    params: z.object({ key: z.string() }),
    body: startBody,
    answer: startedCase,
    status: 201,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const folder = runtime.content.processes.find(({ key }) => key === params.key);
      const start = folder?.starts.find(({ key }) => key === body.start);
      if (!folder || !start) throw notFound();
      authorize(
        principal,
        { type: "process.start", organisation: body.organisationId, role: start.role },
        runtime.content,
      );
      const form = checkForm(folder.forms.get(start.form) ?? null, body.form);
      const asked = { process: folder.key, start, body, form };
      return start.begin.type === "case"
        ? startByHand(runtime, principal, { ...asked, event: start.begin.event }, commandId)
        : tellByHand(runtime, principal, { ...asked, message: start.begin.name }, commandId);
    },
  }),
];

function needsOf(start: StartEntry): StartOption["needs"] {
  if (start.begin.type === "message") return "case";
  switch (start.other) {
    case "resourceProvider":
      return "resource";
    case "organisation":
      return "organisation";
    case "ownAuthority":
    case "none":
      return "nothing";
  }
}
