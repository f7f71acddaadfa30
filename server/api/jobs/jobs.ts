import { z } from "zod";
import { addMs } from "../../../engine/calendar/dates.ts";
import type { Variables } from "../../../engine/expressions/json.ts";
import { authorize } from "../../identity/policy.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import { internalTopics, jobVariables } from "../../runtime/jobs.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { defineRoute, idParams } from "../route.ts";
import { claimJobsBody, completeJobBody, failJobBody, jobList } from "./jobs.schema.ts";

/** External workers take jobs by lease. What a worker does not finish in time another may take. */
export const jobRoutes = [
  defineRoute({
    method: "post",
    path: "/api/jobs/claim",
    summary: "Claim jobs of a topic",
    body: claimJobsBody,
    answer: jobList,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "job.work" }, runtime.content);
      if (body.topic in internalTopics) return { items: [] };
      const real = runtime.store.time.now();
      const until = addMs(real, body.leaseMs);
      const rows = await runtime.store.read(
        "SELECT * FROM job WHERE topic = ? AND (lease_until IS NULL OR lease_until < ?) ORDER BY next_at, id LIMIT ?",
        [body.topic, real, body.max],
      );
      const claimed: Row[] = [];
      for (const row of rows) {
        const changed = await runtime.store.transaction((tx) =>
          tx.execute(
            "UPDATE job SET lease_owner = ?, lease_until = ? WHERE id = ? AND (lease_until IS NULL OR lease_until < ?)",
            [body.worker, until, text(row, "id"), real],
          ),
        );
        if (changed === 1) claimed.push(row);
      }
      return {
        items: await Promise.all(
          claimed.map(async (row) => {
            const [instance] = await runtime.store.read("SELECT state FROM instance WHERE id = ?", [
              text(row, "instance_id"),
            ]);
            return {
              id: text(row, "id"),
              instanceId: text(row, "instance_id"),
              element: text(row, "element"),
              topic: text(row, "topic"),
              variables: instance ? { ...jobVariables(instance, row) } : {},
              leaseUntil: until,
              retries: integer(row, "retries"),
            };
          }),
        ),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/jobs/:id/complete",
    summary: "Complete a claimed job",
    params: idParams,
    body: completeJobBody,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "job.work" }, runtime.content);
      const job = await claimedJob(runtime, params.id, body.worker);
      const variables = z.record(z.string(), z.json()).parse(body.variables) as Variables;
      await runtime.dispatch({
        instanceId: text(job, "instance_id"),
        actor: { kind: "worker", id: principal.id, name: body.worker },
        commandId: `job:${params.id}`,
        decide: async () => ({ type: "completeJob", wait: text(job, "wait_id"), variables }),
      });
      return undefined;
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/jobs/:id/fail",
    summary: "Fail a claimed job: a BPMN error with a code, an incident without",
    params: idParams,
    body: failJobBody,
    handle: async ({ runtime, principal, params, body }) => {
      authorize(principal, { type: "job.work" }, runtime.content);
      const job = await claimedJob(runtime, params.id, body.worker);
      await runtime.dispatch({
        instanceId: text(job, "instance_id"),
        actor: { kind: "worker", id: principal.id, name: body.worker },
        commandId: null,
        decide: async () => ({
          type: "failJob",
          wait: text(job, "wait_id"),
          errorCode: body.errorCode,
          message: body.message,
          variables: {},
        }),
      });
      return undefined;
    },
  }),
];

async function claimedJob(runtime: Runtime, id: string, worker: string): Promise<Row> {
  const [job] = await runtime.store.read("SELECT * FROM job WHERE id = ?", [id]);
  if (!job) throw notFound();
  if (job["lease_owner"] !== worker)
    throw new RuntimeProblem(409, "JOB_NOT_CLAIMED", {
      zh: "该作业未由此执行者认领，或租约已过期",
      en: "The job is not claimed by this worker, or its lease has run out",
    });
  return job;
}
