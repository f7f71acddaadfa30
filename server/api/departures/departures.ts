import type { z } from "zod";
import { openWorkOf, signOff } from "../../handing/departure.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { optionalText, text } from "../../store/rows.ts";
import { kindOf } from "../../tasks/operate.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { handedOver, leaveBody, openWork } from "./departures.schema.ts";

export const departureRoutes = [
  defineRoute({
    method: "get",
    path: "/api/people/:id/open-work",
    summary: "What somebody who leaves would hand over (head of the organisation, system administrator)",
    params: idParams,
    answer: openWork,
    handle: async ({ runtime, principal, params }) => preview(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/people/:id/leave",
    summary: "Sign somebody off and hand over all open work, with a result for each task",
    params: idParams,
    body: leaveBody,
    answer: handedOver,
    handle: async ({ runtime, principal, params, body }) => {
      const results = await signOff(runtime, principal, { person: params.id, ...body });
      return {
        items: results.map((result) => ({
          ...result,
          to: result.to && { ...result.to },
          because: result.because && { ...result.because },
        })),
      };
    },
  }),
];

async function preview(runtime: Runtime, principal: Principal, id: string): Promise<z.input<typeof openWork>> {
  const { person, tasks, asked, substitutions } = await openWorkOf(runtime, principal, id);
  return {
    person: { id: person.id, name: person.name },
    posts: person.posts.map(({ organisation, role }) => ({
      organisation: organisationOf(runtime, organisation),
      role: { ...roleName(role) },
    })),
    tasks: tasks.map((row) => ({
      id: text(row, "id"),
      caseNumber: text(row, "case_number"),
      subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
      name: { zh: text(row, "name"), en: text(row, "name_en") },
      kind: kindOf(row),
      dueAt: optionalText(row, "due_at"),
    })),
    asked,
    substitutions,
  };
}
