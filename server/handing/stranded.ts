import { announce } from "../notices/announce.ts";
import { repairersOf } from "../notices/repairers.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";
import { giveBack } from "./answer.ts";
import { custodyLine, putBack } from "./hold.ts";
import { nobodysDecisions } from "./nobodys.ts";

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
 * No open task stays with somebody who can no longer act: it goes back to its candidates. What was asked of such a person is
 * closed. Where nobody may do a task, whatever made it so, those who can mend it are told, once a task. Each case in its own transaction. Gives the
 * tasks that nobody can do now.
 */
export async function freeStranded(runtime: Runtime): Promise<readonly StrandedTask[]> {
  const rows = await runtime.store.read(
    `SELECT task.id, task.instance_id FROM task JOIN instance ON instance.id = task.instance_id
     WHERE task.state IN ('open', 'waiting') AND instance.status IN ('running', 'suspended') AND ${withoutPost} ORDER BY task.id`,
  );
  for (const row of rows) await free(runtime, { id: text(row, "id"), instanceId: text(row, "instance_id") });
  const nobodys = await nobodysDecisions(runtime.store.read);
  for (const task of nobodys) await tellNobody(runtime, task);
  return nobodys.map((task) => ({
    instanceId: text(task, "instance_id"),
    caseNumber: text(task, "case_number"),
    taskId: text(task, "id"),
    element: text(task, "element"),
  }));
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

/**
 * Tells, once a task, those who can mend it: the heads of its organisation, who can name somebody, and whoever repairs cases at
 * the nearest authority at which somebody does, as the organisation may have nobody left.
 */
async function tellNobody({ store, clock, content }: Runtime, task: Row): Promise<void> {
  const about = { instanceId: text(task, "instance_id"), taskId: text(task, "id") };
  const organisation = text(task, "organisation_id");
  const heads = ["applicant-head", "provider-head", "authority-head", "manager"].map((role) => ({
    organisation,
    role,
  }));
  const region = content.organisations.get(organisation)?.region;
  const isTold = async (query: Query) => {
    const sql = "SELECT id FROM announcement WHERE instance_id = ? AND task_id = ? AND kind = 'task.stranded'";
    return (await query(sql, [about.instanceId, about.taskId])).length > 0;
  };
  if (await isTold(store.read)) return;
  await store.transaction(async (tx) => {
    // Two servers that watch at the same moment tell it once.
    await tx.query(`SELECT id FROM instance WHERE id = ? ${tx.forUpdate}`, [about.instanceId]);
    if (await isTold(tx.query)) return;
    const repairers = await repairersOf(tx.query, content, region === undefined ? [] : [region]);
    await announce(tx, {
      ...about,
      kind: "task.stranded",
      to: [...heads, ...repairers],
      params: { "subject.zh": text(task, "subject_zh"), "subject.en": text(task, "subject_en") },
      at: clock.now(),
      by: null,
    });
  });
}
