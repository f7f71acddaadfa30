import type { z } from "zod";
import { arrangeSubstitution, revokeSubstitution } from "../../handing/substitutions.ts";
import { mayDo } from "../../identity/policy.ts";
import { organisationsOf } from "../../identity/posts.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { placesFor } from "../../store/update-each.ts";
import { organisationOf } from "../present.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { defineRoute, idParams } from "../route.ts";
import { arranged, substitutionBody, substitutions, type SubstitutionView } from "./substitutions.schema.ts";

export const substitutionRoutes = [
  defineRoute({
    method: "get",
    path: "/api/substitutions",
    summary: "Substitutions that concern me, or the organisations that I head",
    answer: substitutions,
    handle: async ({ runtime, principal }) => list(runtime, principal),
  }),
  defineRoute({
    method: "post",
    path: "/api/substitutions",
    summary: "Name who stands in for somebody who is away",
    body: substitutionBody,
    answer: arranged,
    status: 201,
    handle: async ({ runtime, principal, body }) => {
      const { id, uncovered } = await arrangeSubstitution(runtime, principal, body);
      return { id, uncovered: [...uncovered] };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/substitutions/:id/revoke",
    summary: "End a substitution before its time",
    params: idParams,
    answer: substitutions,
    handle: async ({ runtime, principal, params }) => {
      await revokeSubstitution(runtime, principal, params.id);
      return list(runtime, principal);
    },
  }),
];

async function list(runtime: Runtime, principal: Principal): Promise<z.input<typeof substitutions>> {
  const own = organisationsOf(principal.posts);
  const headed = own.filter((organisation) =>
    mayDo(principal, { type: "substitution.arrange", person: "", organisation }, runtime.content),
  );
  const ofHeaded = headed.length === 0 ? "" : `OR organisation_id IN (${placesFor(headed)})`;
  const rows = await runtime.store.read(
    `SELECT * FROM substitution WHERE person_id = ? OR substitute_id = ? ${ofHeaded} ORDER BY starts_at DESC, id DESC LIMIT 200`,
    [principal.id, principal.id, ...headed],
  );
  const processes = await runtime.store.read(
    "SELECT process_key, MAX(name_zh) AS name_zh, MAX(name_en) AS name_en FROM definition GROUP BY process_key ORDER BY process_key",
  );
  return {
    items: rows.map((row) => present(runtime, principal, row)),
    organisations: own.map((id) => ({ ...organisationOf(runtime, id), head: headed.includes(id) })),
    processes: processes.map((row) => ({
      key: text(row, "process_key"),
      name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    })),
  };
}

function present(runtime: Runtime, principal: Principal, row: Row): SubstitutionView {
  const [person, organisation] = [text(row, "person_id"), text(row, "organisation_id")];
  const state = stateOf(row, runtime.clock.now());
  const isOpen = state === "toCome" || state === "inForce";
  return {
    id: text(row, "id"),
    person: { id: person, name: text(row, "person_name") },
    substitute: { id: text(row, "substitute_id"), name: text(row, "substitute_name") },
    organisation: organisationOf(runtime, organisation),
    from: text(row, "starts_at"),
    until: text(row, "ends_at"),
    processes: optionalText(row, "processes")?.split(" ") ?? null,
    roles:
      optionalText(row, "roles")
        ?.split(" ")
        .map((code) => ({ code, name: { ...roleName(code) } })) ?? null,
    highestGrade: row["highest_grade"] === null ? null : integer(row, "highest_grade"),
    reason: text(row, "reason"),
    createdBy: text(row, "created_by_name"),
    revokedBy: optionalText(row, "revoked_by_name"),
    state,
    mayRevoke:
      isOpen &&
      (text(row, "substitute_id") === principal.id ||
        mayDo(principal, { type: "substitution.arrange", person, organisation }, runtime.content)),
  };
}

function stateOf(row: Row, now: string): SubstitutionView["state"] {
  if (optionalText(row, "revoked_at") !== null) return "revoked";
  if (text(row, "ends_at") <= now) return "over";
  return text(row, "starts_at") <= now ? "inForce" : "toCome";
}
