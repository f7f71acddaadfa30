import { announce } from "../notices/announce.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { giveBack } from "./answer.ts";
import { custodyLine, putBack } from "./hold.ts";

export interface StrandedTask {
  readonly instanceId: string;
  readonly caseNumber: string;
  readonly taskId: string;
  readonly element: string;
}

/** Whoever has it holds no post any more by which they could act: the role, or any at the organisation for work given by name. */
const withoutPost = `task.assignee_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM post WHERE post.person_id = task.assignee_id AND post.organisation_id = task.organisation_id AND (post.role = task.role OR task.by_name = 1))`;

/**
 * No open task stays with somebody who can no longer act: it goes back to its candidates, and where nobody holds the role, those
 * who oversee the organisation are told. What was asked of such a person is closed. Each case in its own transaction. Gives the
 * tasks that nobody can do now.
 */
export async function freeStranded(runtime: Runtime): Promise<readonly StrandedTask[]> {
  const rows = await runtime.store.read(
    `SELECT task.id, task.instance_id FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.state IN ('open', 'waiting') AND instance.status IN ('running', 'suspended') AND ${withoutPost} ORDER BY task.id`,
  );
  for (const row of rows) await free(runtime, { id: text(row, "id"), instanceId: text(row, "instance_id") });
  return nobodysTasks(runtime);
}

async function free(runtime: Runtime, { id, instanceId }: { id: string; instanceId: string }): Promise<void> {
  await runtime.dispatch({
    instanceId,
    actor: systemActor,
    commandId: null,
    decide: async () => null,
    also: async (within) => {
      const [task] = await within.tx.query(
        `SELECT * FROM task WHERE id = ? AND state IN ('open', 'waiting') AND ${withoutPost}`,
        [id],
      );
      if (!task) return [];
      await letGo(within, task);
      await tellNobody(within, task);
      return [custodyLine(within, "task.freed", { task, actor: systemActor, to: null, reason: null })];
    },
  });
}

/** Takes a task from whoever has it: a decision goes back to its candidates; what was only asked of the person is closed. */
export async function letGo(within: Within, task: Row): Promise<void> {
  const { tx, now } = within;
  if (text(task, "kind") === "decide") return putBack(tx, task);
  await tx.execute(
    "UPDATE task SET state = 'cancelled', closed_because = 'dismissed', completed_at = ?, rev = rev + 1 WHERE id = ?",
    [now, text(task, "id")],
  );
  await giveBack(within, task);
}

async function tellNobody({ tx, instance, now }: Within, task: Row): Promise<void> {
  const [organisation, role] = [text(task, "organisation_id"), text(task, "role")];
  const holders = await tx.query("SELECT id FROM post WHERE organisation_id = ? AND role = ?", [organisation, role]);
  if (holders.length > 0 || text(task, "kind") !== "decide") return;
  const heads = ["applicant-head", "provider-head", "authority-head", "manager"];
  await announce(tx, {
    kind: "task.stranded",
    instanceId: text(instance, "id"),
    taskId: text(task, "id"),
    to: heads.map((head) => ({ organisation, role: head })),
    params: { "subject.zh": text(instance, "subject_zh"), "subject.en": text(instance, "subject_en") },
    at: now,
    by: null,
  });
}

async function nobodysTasks({ store }: Runtime): Promise<readonly StrandedTask[]> {
  const rows = await store.read(
    `SELECT task.id, task.instance_id, task.element, instance.case_number FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.state = 'open' AND task.kind = 'decide' AND task.assignee_id IS NULL AND task.organisation_id <> ''
       AND instance.status IN ('running', 'suspended')
       AND NOT EXISTS (SELECT 1 FROM post WHERE post.organisation_id = task.organisation_id AND post.role = task.role)`,
  );
  return rows.map((row) => ({
    instanceId: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    taskId: text(row, "id"),
    element: text(row, "element"),
  }));
}
