import type { z } from "zod";
import { claimTask, releaseTask } from "../../handing/transfer.ts";
import { tasksInHand, workableTasks } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Parameter } from "../../store/store.ts";
import { completeTask } from "../../tasks/complete.ts";
import { cursorOf, likePattern, readCursor } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { taskDetailOf } from "./task-detail.ts";
import { taskColumns, tasksWithCases, taskSummaryOf } from "./task-summary.ts";
import { completeBody, revBody, taskDetail, taskPage, taskQuery } from "./tasks.schema.ts";

export const taskRoutes = [
  defineRoute({
    method: "get",
    path: "/api/tasks",
    summary: "My tasks, those still to be claimed, or those done; sorted by due time, the paused last",
    query: taskQuery,
    answer: taskPage,
    handle: async ({ runtime, principal, query }) => {
      const view = viewOf(runtime, principal, query.view);
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
        `SELECT ${taskColumns} ${tasksWithCases} WHERE ${where} ORDER BY task.${sort} ${done ? "DESC" : "ASC"}, task.id LIMIT ${query.limit + 1}`,
        parameters,
      );
      return {
        items: rows.slice(0, query.limit).map((row) => taskSummaryOf(runtime, principal, row)),
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
    handle: async ({ runtime, principal, params }) => taskDetailOf(runtime, principal, params.id),
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/claim",
    summary: "Take a task on oneself",
    params: idParams,
    body: revBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await claimTask(runtime, { principal, taskId: params.id, rev: body.rev, commandId });
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/release",
    summary: "Give a claimed task back",
    params: idParams,
    body: revBody,
    answer: taskDetail,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      await releaseTask(runtime, { principal, taskId: params.id, rev: body.rev, commandId });
      return taskDetailOf(runtime, principal, params.id);
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
      return taskDetailOf(runtime, principal, params.id);
    },
  }),
];

function viewOf(
  { content }: Runtime,
  principal: Principal,
  view: z.infer<typeof taskQuery>["view"],
): { sql: string; parameters: readonly Parameter[] } {
  const [free, inHand] = [workableTasks(principal, content), tasksInHand(principal, content)];
  switch (view) {
    case "mine":
      return { sql: `task.state = 'open' AND ${inHand.sql}`, parameters: inHand.parameters };
    case "unclaimed":
      return { sql: `task.state = 'open' AND task.assignee_id IS NULL AND ${free.sql}`, parameters: free.parameters };
    case "waiting":
      return { sql: `task.state = 'waiting' AND ${inHand.sql}`, parameters: inHand.parameters };
    case "done":
      return { sql: "task.state = 'completed' AND task.assignee_id = ?", parameters: [principal.id] };
  }
}

async function counts({ store, content }: Runtime, principal: Principal, now: string) {
  const [free, inHand] = [workableTasks(principal, content), tasksInHand(principal, content)];
  const [row] = await store.read(
    `SELECT SUM(CASE WHEN task.state = 'open' AND task.assignee_id IS NOT NULL THEN 1 ELSE 0 END) AS mine,
       SUM(CASE WHEN task.assignee_id IS NULL THEN 1 ELSE 0 END) AS unclaimed,
       SUM(CASE WHEN task.state = 'waiting' THEN 1 ELSE 0 END) AS waiting,
       SUM(CASE WHEN task.due_at < ? THEN 1 ELSE 0 END) AS overdue, SUM(CASE WHEN task.due_at >= ? AND clock.soon_at <= ? THEN 1 ELSE 0 END) AS soon
     FROM task JOIN instance ON instance.id = task.instance_id LEFT JOIN clock ON clock.id = task.clock_id
     WHERE (task.state IN ('open', 'waiting') AND ${inHand.sql}) OR (task.state = 'open' AND task.assignee_id IS NULL AND ${free.sql})`,
    [now, now, now, ...inHand.parameters, ...free.parameters],
  );
  const count = (name: string) => Number(row?.[name] ?? 0);
  return {
    mine: count("mine"),
    unclaimed: count("unclaimed"),
    waiting: count("waiting"),
    overdue: count("overdue"),
    soon: count("soon"),
  };
}
