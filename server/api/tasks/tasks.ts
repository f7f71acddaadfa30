import type { z } from "zod";
import type { InstanceState } from "../../../engine/execution/state.ts";
import { variablesAt } from "../../../engine/execution/variables.ts";
import type { Json } from "../../../engine/expressions/json.ts";
import { mayDo, workableTasks } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Parameter, Row } from "../../store/store.ts";
import { clockView, cursorOf, likePattern, organisationOf, readCursor, signalOf } from "../present.ts";
import { participantsOf } from "../instances/instances.ts";
import { defineRoute, idParams } from "../route.ts";
import { completeTask } from "../../tasks/complete.ts";
import { operateOnTask } from "../../tasks/operate.ts";
import { outcomeTerms, roleTerms } from "../../tasks/outcomes.ts";
import { stepForm } from "../../tasks/step-form.ts";
import { usedUp } from "../../tasks/used-up.ts";
import { chosenReasons } from "../../tasks/reason-codes.ts";
import { completeBody, revBody, taskDetail, taskPage, taskQuery, type TaskSummary } from "./tasks.schema.ts";

const columns = `task.*, instance.case_number, instance.subject_zh, instance.subject_en, instance.applicant_org, instance.started_by, instance.process_key, instance.definition_id,
  clock.ledger AS clock_ledger, clock.state AS clock_state, clock.soon_at AS clock_soon, clock.stopped_at AS clock_stopped`;
const from = "FROM task JOIN instance ON instance.id = task.instance_id LEFT JOIN clock ON clock.id = task.clock_id";

export const taskRoutes = [
  defineRoute({
    method: "get",
    path: "/api/tasks",
    summary: "My tasks, those still to be claimed, or those done; sorted by due time, the paused last",
    query: taskQuery,
    answer: taskPage,
    handle: async ({ runtime, principal, query }) => {
      const view = viewOf(principal, query.view);
      const parameters: Parameter[] = [...view.parameters];
      let where = view.sql;
      const now = runtime.clock.now();
      if (query.signal === "overdue") {
        where += " AND task.due_at < ?";
        parameters.push(now);
      }
      if (query.signal === "soon") {
        where += " AND task.due_at >= ? AND clock.soon_at <= ?";
        parameters.push(now, now);
      }
      if (query.search) {
        where +=
          " AND (instance.case_number LIKE ? ESCAPE '!' OR instance.subject_zh LIKE ? ESCAPE '!' OR task.name LIKE ? ESCAPE '!')";
        parameters.push(...Array.from({ length: 3 }, () => likePattern(query.search ?? "")));
      }
      const done = query.view === "done";
      const sort = done ? "completed_at" : "sort_at";
      const after = readCursor(query.cursor);
      if (after) {
        where += ` AND (task.${sort} ${done ? "<" : ">"} ? OR (task.${sort} = ? AND task.id > ?))`;
        parameters.push(after[0], after[0], after[1]);
      }
      const rows = await runtime.store.read(
        `SELECT ${columns} ${from} WHERE ${where} ORDER BY task.${sort} ${done ? "DESC" : "ASC"}, task.id LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => summary(runtime, row)),
        nextCursor: rows.length > query.limit ? cursorOf(rows[query.limit - 1], sort) : null,
        counts: await counts(runtime, principal, now),
      };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/tasks/:id",
    summary: "One task with its form, clocks and reasons",
    params: idParams,
    answer: taskDetail,
    handle: async ({ runtime, principal, params }) => detail(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/claim",
    summary: "Take a task on oneself",
    params: idParams,
    body: revBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body }) => {
      await assign(runtime, principal, { id: params.id, rev: body.rev, operation: "claim" });
      return detail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/release",
    summary: "Give a claimed task back",
    params: idParams,
    body: revBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body }) => {
      await assign(runtime, principal, { id: params.id, rev: body.rev, operation: "release" });
      return detail(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/complete",
    summary: "Decide a task, with outcome and reason",
    params: idParams,
    body: completeBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await completeTask(runtime, principal, params.id, body, commandId);
      return detail(runtime, principal, params.id);
    },
  }),
];

function viewOf(
  principal: Principal,
  view: z.infer<typeof taskQuery>["view"],
): { sql: string; parameters: readonly Parameter[] } {
  const scope = workableTasks(principal);
  switch (view) {
    case "mine":
      return { sql: "task.state = 'open' AND task.assignee_id = ?", parameters: [principal.id] };
    case "unclaimed":
      return { sql: `task.state = 'open' AND task.assignee_id IS NULL AND ${scope.sql}`, parameters: scope.parameters };
    case "done":
      return { sql: "task.state = 'completed' AND task.assignee_id = ?", parameters: [principal.id] };
  }
}

async function counts(runtime: Runtime, principal: Principal, now: string) {
  const scope = workableTasks(principal);
  const [row] = await runtime.store.read(
    `SELECT SUM(CASE WHEN task.assignee_id = ? THEN 1 ELSE 0 END) AS mine, SUM(CASE WHEN task.assignee_id IS NULL THEN 1 ELSE 0 END) AS unclaimed,
       SUM(CASE WHEN task.due_at < ? THEN 1 ELSE 0 END) AS overdue, SUM(CASE WHEN task.due_at >= ? AND clock.soon_at <= ? THEN 1 ELSE 0 END) AS soon
     FROM task JOIN instance ON instance.id = task.instance_id LEFT JOIN clock ON clock.id = task.clock_id WHERE task.state = 'open' AND (task.assignee_id = ? OR (task.assignee_id IS NULL AND ${scope.sql}))`,
    [principal.id, now, now, now, principal.id, ...scope.parameters],
  );
  const count = (name: string) => Number(row?.[name] ?? 0);
  return { mine: count("mine"), unclaimed: count("unclaimed"), overdue: count("overdue"), soon: count("soon") };
}

function summary(runtime: Runtime, row: Row): TaskSummary {
  const now = runtime.clock.now();
  const ledger = optionalText(row, "clock_ledger");
  const clock = ledger
    ? clockView(runtime, {
        ...row,
        id: text(row, "clock_id"),
        ledger,
        resolved: "{}",
        standing: "{}",
        climbed: "[]",
        soon_at: row["clock_soon"],
      })
    : null;
  return {
    id: text(row, "id"),
    instanceId: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    element: text(row, "element"),
    name: { zh: text(row, "name"), en: text(row, "name_en") },
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    state: text(row, "state") === "open" ? "open" : text(row, "state") === "completed" ? "completed" : "cancelled",
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    role: text(row, "role"),
    assignee:
      optionalText(row, "assignee_id") === null
        ? null
        : { id: text(row, "assignee_id"), name: text(row, "assignee_name") },
    applicant: organisationOf(runtime, text(row, "applicant_org")),
    createdAt: text(row, "created_at"),
    completedAt: optionalText(row, "completed_at"),
    outcome: optionalText(row, "outcome"),
    dueAt: optionalText(row, "due_at"),
    signal:
      text(row, "state") === "open"
        ? clock
          ? signalOf(
              {
                state: clock.state,
                dueAt: clock.dueAt,
                soonAt: optionalText(row, "clock_soon"),
                stoppedAt: optionalText(row, "clock_stopped"),
              },
              now,
            )
          : "ok"
        : "done",
    left: clock?.left ?? null,
    unit: clock?.unit ?? null,
    dueConfidence: clock?.dueConfidence ?? null,
    rev: integer(row, "rev"),
  };
}

export async function detail(runtime: Runtime, principal: Principal, id: string): Promise<z.input<typeof taskDetail>> {
  const [row] = await runtime.store.read(
    `SELECT ${columns}, instance.state AS instance_state, instance.applicant_region, instance.started_at ${from} WHERE task.id = ?`,
    [id],
  );
  if (!row) throw notFound();
  const holder = {
    type: "task.work" as const,
    organisation: text(row, "organisation_id"),
    role: text(row, "role"),
    startedBy: text(row, "started_by"),
  };
  const { participants, regions } = await participantsOf(runtime, text(row, "instance_id"));
  if (!mayDo(principal, { type: "case.view", participants, regions }, runtime.content)) throw notFound();
  const mayWork = mayDo(principal, { ...holder, assignee: optionalText(row, "assignee_id") }, runtime.content);
  const clocks = await runtime.store.read("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [
    text(row, "instance_id"),
  ]);
  const state = json<InstanceState>(row, "instance_state");
  const variables = text(row, "state") === "open" ? variablesAt(state, text(row, "wait_id")) : rootVariables(state);
  const explanation = optionalText(row, "explanation");
  return {
    ...summary(runtime, row),
    form: stepForm(runtime, optionalText(row, "form"), text(row, "process_key"), variables),
    data: dataFor(variables),
    outcomes: text(row, "outcomes")
      .split(" ")
      .filter((code) => code !== "" && usedUp(runtime, row, variables, code) === null)
      .map((code) => {
        const term = outcomeTerms[code];
        return {
          code,
          label: term?.label ?? { zh: code, en: code },
          tone: term?.tone ?? ("neutral" as const),
          needsReasonCode: term?.needsReasonCode ?? false,
          needsOpinion: term?.needsOpinion ?? false,
          reasonCodes: term?.reasonCodes ? [...term.reasonCodes] : null,
        };
      }),
    reasonCodes: chosenReasons(runtime).map(({ source: _source, rules: _rules, givenBy: _by, ...reason }) => reason),
    clocks: clocks.map((clock) => clockView(runtime, clock)),
    explanation: explanation === null ? null : (JSON.parse(explanation) as z.input<typeof taskDetail>["explanation"]),
    definitionId: text(row, "definition_id"),
    blocked: blockedBy(row, mayWork),
  };
}

function blockedBy(row: Row, mayWork: boolean): { zh: string; en: string } | null {
  if (text(row, "state") !== "open")
    return {
      zh: `${optionalText(row, "assignee_name") ?? "系统"} 已办理`,
      en: `Closed by ${optionalText(row, "assignee_name") ?? "the system"}`,
    };
  if (mayWork) return null;
  const assignee = optionalText(row, "assignee_name");
  const code = text(row, "role");
  const role = roleTerms[code] ?? { zh: code, en: code };
  return assignee
    ? { zh: `${assignee} 已认领`, en: `Claimed by ${assignee}` }
    : { zh: `须由${role.zh}办理`, en: `To be handled by: ${role.en}` };
}

function rootVariables(state: InstanceState): Readonly<Record<string, Json>> {
  return Object.values(state.scopes).find((scope) => scope.parent === null)?.variables ?? {};
}

/** What the form shows: the application and what earlier steps wrote. */
function dataFor(variables: Readonly<Record<string, Json>>): Record<string, unknown> {
  const { applicant, provider, resource, request, forms, hop } = variables;
  return { applicant, provider, resource, request, forms: forms ?? {}, ...(hop ? { hop } : {}) };
}

/** Takes a task on oneself, or gives it back to all who may take it. */
async function assign(
  runtime: Runtime,
  principal: Principal,
  { id, rev, operation }: { readonly id: string; readonly rev: number; readonly operation: "claim" | "release" },
): Promise<void> {
  const request = { principal, taskId: id, operation, rev, reason: null, commandId: null };
  await operateOnTask(runtime, request, {
    also: async ({ tx, now }, { task, actor }) => {
      const assignee = operation === "claim" ? [principal.id, principal.name] : [null, null];
      await tx.execute("UPDATE task SET assignee_id = ?, assignee_name = ?, rev = rev + 1 WHERE id = ?", [
        ...assignee,
        id,
      ]);
      const type = operation === "claim" ? "task.claimed" : "task.released";
      return [{ at: now, type, element: text(task, "element"), actor, payload: { task: id } }];
    },
  });
}
