import { participantsOf, type Participants } from "../../identity/participants.ts";
import type { z } from "zod";
import type { InstanceState } from "../../../engine/execution/state.ts";
import { rootVariables } from "../../../engine/execution/variables.ts";
import { mayDo, visibleCases } from "../../identity/policy.ts";
import { memberOf } from "../../forms/step-form.ts";
import { readerOf, type Reader } from "../../forms/reader.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { plannedPath } from "../../sharing/applications.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { casePath, clockView, cursorOf, likePattern, organisationOf, readCursor, signalOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { heardComments } from "../../talk/comments.ts";
import { presentFilled } from "../shared/filled.schema.ts";
import { historyLines, limitNames } from "./history.ts";
import type { Beginning } from "./sentences/beginning.ts";
import { relatedOf } from "./related.ts";
import { presentSteps } from "./steps.ts";
import { instanceDetail, instancePage, instanceQuery, type instanceSummary } from "./instances.schema.ts";

const columns = "instance.*, definition.name_zh, definition.name_en, definition.version";
const from = "FROM instance JOIN definition ON definition.id = instance.definition_id";

export const instanceRoutes = [
  defineRoute({
    method: "get",
    path: "/api/instances",
    summary: "Cases that I may see, newest first",
    query: instanceQuery,
    answer: instancePage,
    handle: async ({ runtime, principal, query }) => {
      const scope = visibleCases(principal, runtime.content);
      const parameters: Parameter[] = [...scope.parameters];
      let where = scope.sql;
      if (query.status) {
        where += " AND instance.status = ?";
        parameters.push(query.status);
      }
      if (query.definitionId) {
        where += " AND instance.definition_id = ?";
        parameters.push(query.definitionId);
      }
      if (query.search) {
        where += " AND (instance.case_number LIKE ? ESCAPE '!' OR instance.subject_zh LIKE ? ESCAPE '!')";
        parameters.push(likePattern(query.search), likePattern(query.search));
      }
      const after = readCursor(query.cursor);
      if (after) {
        where += " AND (instance.started_at < ? OR (instance.started_at = ? AND instance.id < ?))";
        parameters.push(after[0], after[0], after[1]);
      }
      const rows = await runtime.store.read(
        `SELECT ${columns} ${from} WHERE ${where} ORDER BY instance.started_at DESC, instance.id DESC LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => summary(runtime, row)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], "started_at") : null,
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/instances/:id",
    summary: "One case: picture, steps, clocks, history",
    params: idParams,
    answer: instanceDetail,
    handle: async ({ runtime, principal, params }) => caseDetail(runtime, principal, params.id),
  }),
];

function summary(runtime: Runtime, row: Row): z.infer<typeof instanceSummary> {
  const now = runtime.clock.now();
  const dueAt = optionalText(row, "due_at");
  const endedAt = optionalText(row, "ended_at");
  return {
    id: text(row, "id"),
    caseNumber: text(row, "case_number"),
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    process: {
      key: text(row, "process_key"),
      name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
      definitionId: text(row, "definition_id"),
      version: integer(row, "version"),
    },
    status: statusOf(text(row, "status")),
    incidents: integer(row, "incidents"),
    applicant: organisationOf(runtime, text(row, "applicant_org")),
    provider: organisationOf(runtime, text(row, "provider_org")),
    startedAt: text(row, "started_at"),
    endedAt,
    dueAt,
    signal: signalOf({ state: "running", dueAt, soonAt: null, stoppedAt: endedAt }, now),
  };
}

/** How the case began, for the first line of its history: no case is named that the reader may not see. */
function beginningOf(row: Row, { about }: Participants, related: Awaited<ReturnType<typeof relatedOf>>): Beginning {
  return {
    isApplication: about.resourceId !== null,
    process: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    origin: related.find(({ kind }) => kind === "case")?.number ?? null,
  };
}

function statusOf(status: string): z.infer<typeof instanceSummary>["status"] {
  return status === "suspended" || status === "completed" || status === "terminated" || status === "cancelled"
    ? status
    : "running";
}

/** Everything about one case, for those who may see it. */
export async function caseDetail(
  runtime: Runtime,
  principal: Principal,
  id: string,
): Promise<z.input<typeof instanceDetail>> {
  const { store } = runtime;
  const [row] = await store.read(`SELECT ${columns} ${from} WHERE instance.id = ?`, [id]);
  if (!row) throw notFound();
  const involved = await participantsOf(runtime.store.read, id);
  if (!mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
  const state = json<InstanceState>(row, "state");
  const tasks = await store.read("SELECT * FROM task WHERE instance_id = ? ORDER BY created_at, id", [id]);
  const returns = await store.read("SELECT task_id, target FROM case_return WHERE instance_id = ?", [id]);
  const clocks = await store.read("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [id]);
  const journal = await store.read("SELECT * FROM journal WHERE instance_id = ? ORDER BY seq", [id]);
  const incidents = await store.read("SELECT * FROM incident WHERE instance_id = ?", [id]);
  const model = await runtime.models.get(text(row, "definition_id"));
  const called = await runtime.models.called(model, { state, startedAt: text(row, "started_at") });
  const models = [model, ...called.models];
  const reader = await readerOf(runtime, principal, row, state);
  const variables = rootVariables(state);
  const about = memberOf(variables["resource"], "id");
  const resource = typeof about === "string" ? about : null;
  const hops = Array.isArray(variables["hops"])
    ? variables["hops"].flatMap((hop) =>
        typeof hop === "object" && hop !== null && "organisation" in hop ? [String(hop["organisation"])] : [],
      )
    : [];
  const clockViews = clocks.map((clock) => clockView(runtime, clock));
  const related = await relatedOf(runtime, principal, id, variables);
  const heard = await heardComments(runtime, principal, text(row, "id"));
  return {
    ...summary(runtime, row),
    variables: { ...reader.variables(variables) },
    related: [...related],
    filled: presentFilled(await reader.filled(variables)),
    path: casePath(runtime, tasks, plannedPath(runtime, text(row, "applicant_org"), text(row, "provider_org"), hops)),
    picture: {
      active: [
        ...new Set(
          Object.values(state.tokens)
            .filter((token) => token.at !== "incident")
            .map((token) => token.element),
        ),
      ],
      completed: [
        ...new Set(
          journal.filter((line) => text(line, "type") === "element.completed").map((line) => text(line, "element")),
        ),
      ],
      flows: [
        ...new Set(journal.filter((line) => text(line, "type") === "flow.taken").map((line) => text(line, "element"))),
      ],
      incidents: incidents.map((incident) => text(incident, "element")),
    },
    steps: presentSteps(runtime, { tasks, returns, models }),
    clocks: clockViews,
    history: historyLines(runtime, {
      rows: journal.filter(isOpenTo(reader, heard)),
      models,
      limits: limitNames(clockViews),
      resource,
      beginning: beginningOf(row, involved, related),
    }),
    openIncidents: incidents.map((incident) => ({
      token: text(incident, "token"),
      element: text(incident, "element"),
      code: text(incident, "code"),
      message: text(incident, "message"),
      at: text(incident, "at"),
    })),
  };
}

/** Lines of the journal that tell no more than the reader's forms do, nor of what others said among themselves. */
function isOpenTo(reader: Reader, heard: ReadonlySet<string>) {
  return (line: Row): boolean => {
    switch (text(line, "type")) {
      case "items.decided":
        return reader.seesItems(json<{ rank?: string }>(line, "payload").rank === "proposal" ? "proposal" : "decision");
      case "attachment.added":
      case "attachment.carried": {
        const { place, field } = json<{ place?: string; field?: string }>(line, "payload");
        return place === undefined || field === undefined || reader.seesField(place, field);
      }
      case "comment.added":
      case "comment.withdrawn":
        return heard.has(json<{ comment: string }>(line, "payload").comment);
      default:
        return true;
    }
  };
}
