import { participantsOf } from "../../identity/participants.ts";
import type { z } from "zod";
import { authorize, mayDo, visibleDecisions } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { ChoiceTaken, DecisionBasis, Objection, SeenItem } from "../../runtime/decision-record.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { digestAlgorithm } from "../../store/digest.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { cursorOf, organisationOf, readCursor } from "../present.ts";
import { defineRoute } from "../route.ts";
import { outcomeTerms, roleName } from "../../tasks/outcomes.ts";
import { csvOf } from "./csv.ts";
import { exportQuery, ledgerPage, ledgerQuery, type DecisionRecord, type Dossier } from "./ledger.schema.ts";

type Scope = Pick<z.infer<typeof ledgerQuery>, "person" | "instance" | "from" | "to">;

/** More than one dossier holds; a longer period is exported in parts. */
const mostRecords = 5_000;

export const ledgerRoutes = [
  defineRoute({
    method: "get",
    path: "/api/ledger",
    summary:
      "Decisions on record: my own, a person's in the regions I oversee, or a case's that I may see; newest first",
    query: ledgerQuery,
    answer: ledgerPage,
    handle: async ({ runtime, principal, query }) => {
      const { sql, parameters } = await conditionOf(runtime, principal, query);
      const after = readCursor(query.cursor);
      const rows = await runtime.store.read(
        `SELECT * FROM decision_record WHERE ${sql}${after ? " AND (at < ? OR (at = ? AND id < ?))" : ""}
           ORDER BY at DESC, id DESC LIMIT ${query.limit + 1}`,
        after ? [...parameters, after[0], after[0], after[1]] : parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => present(runtime, row)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "at") : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/ledger/export",
    summary: "The due-diligence record of a person or a case as a file, JSON or CSV",
    query: exportQuery,
    status: 200,
    handle: async ({ runtime, principal, query, context }) => {
      const found = await dossierOf(runtime, principal, query);
      context.type = query.format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
      context.attachment(`jieli-ledger-${query.instance ?? found.person?.id ?? "all"}.${query.format}`);
      context.body = query.format === "csv" ? csvOf(found.records, query.language) : JSON.stringify(found, null, 1);
      return undefined;
    },
  }),
];

/** Whose decisions are asked for, as far as this reader may see them. Refuses like a missing object. */
async function conditionOf(
  runtime: Runtime,
  principal: Principal,
  { person, instance, from, to }: Scope,
): Promise<{ sql: string; parameters: readonly Parameter[] }> {
  const conditions: { sql: string; parameters: readonly Parameter[] }[] = [];
  if (instance !== undefined) {
    const involved = await participantsOf(runtime.store.read, instance);
    if (!mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
    conditions.push({ sql: "instance_id = ?", parameters: [instance] });
  }
  if (person !== undefined || instance === undefined) {
    const whose = person ?? principal.id;
    authorize(principal, { type: "ledger.view", person: whose }, runtime.content);
    conditions.push(visibleDecisions(principal, runtime.content), { sql: "person_id = ?", parameters: [whose] });
  }
  if (from !== undefined) conditions.push({ sql: "at >= ?", parameters: [startOfDay(from)] });
  if (to !== undefined) conditions.push({ sql: "at < ?", parameters: [startOfDay(to, 1)] });
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND "),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** First instant of a day in China Standard Time, `later` days on. */
function startOfDay(date: string, later = 0): string {
  return new Date(Date.parse(`${date}T00:00:00.000+08:00`) + later * 86_400_000).toISOString();
}

async function dossierOf(runtime: Runtime, principal: Principal, scope: Scope): Promise<Dossier> {
  const { sql, parameters } = await conditionOf(runtime, principal, scope);
  const rows = await runtime.store.read(
    `SELECT * FROM decision_record WHERE ${sql} ORDER BY at, id LIMIT ${mostRecords}`,
    parameters,
  );
  const whose = scope.person ?? (scope.instance === undefined ? principal.id : null);
  const [person] = whose === null ? [] : await runtime.store.read("SELECT id, name FROM person WHERE id = ?", [whose]);
  return {
    exportedAt: runtime.clock.now(),
    exportedBy: { id: principal.id, name: principal.name },
    person: person ? { id: text(person, "id"), name: text(person, "name") } : null,
    instanceId: scope.instance ?? null,
    from: scope.from ?? null,
    to: scope.to ?? null,
    algorithm: digestAlgorithm,
    records: rows.map((row) => present(runtime, row)),
    anchors: await anchorsOf(runtime, [...new Set(rows.map((row) => text(row, "instance_id")))]),
  };
}

async function anchorsOf(runtime: Runtime, instances: readonly string[]): Promise<Dossier["anchors"]> {
  const anchors: Dossier["anchors"] = [];
  for (const instanceId of instances) {
    const [last] = await runtime.store.read(
      "SELECT seq, hash FROM journal WHERE instance_id = ? ORDER BY seq DESC LIMIT 1",
      [instanceId],
    );
    if (last) anchors.push({ instanceId, seq: integer(last, "seq"), hash: text(last, "hash") });
  }
  return anchors;
}

function present(runtime: Runtime, row: Row): DecisionRecord {
  const basis = json<DecisionBasis>(row, "basis");
  const objection = optionalText(row, "objection");
  const outcome = optionalText(row, "outcome");
  const role = text(row, "role");
  return {
    id: text(row, "id"),
    at: text(row, "at"),
    instanceId: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    element: text(row, "element"),
    step: { zh: text(row, "step_zh"), en: text(row, "step_en") },
    person: { id: text(row, "person_id"), name: text(row, "person_name") },
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    role,
    roleName: roleName(role),
    outcome,
    outcomeName: outcome === null ? null : (outcomeTerms[outcome]?.label ?? { zh: outcome, en: outcome }),
    reasonCode: optionalText(row, "reason_code"),
    citation: optionalText(row, "citation"),
    opinion: optionalText(row, "opinion"),
    objection: objection === null ? null : (JSON.parse(objection) as Objection),
    explanation: basis.explanation as DecisionRecord["explanation"],
    limit: basis.limit,
    chosenBy: basis.chosenBy ?? null,
    chose: basis.chose ? presentChoice(basis.chose) : null,
    seen: [...json<readonly SeenItem[]>(row, "seen")],
    written: text(row, "written"),
    definitionId: text(row, "definition_id"),
    ruleSetId: text(row, "rule_set_id"),
    hash: text(row, "hash"),
  };
}

function presentChoice({ branch, people, reason }: ChoiceTaken): DecisionRecord["chose"] {
  return {
    branch: branch && { name: { ...branch.name }, ruled: { ...branch.ruled } },
    people: people.map(({ step, names }) => ({ step: { ...step }, names: [...names] })),
    reason,
  };
}
