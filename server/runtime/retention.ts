import { removeUnused } from "../attachments/attachments.ts";
import type { FileStore } from "../attachments/file-store.ts";
import { text } from "../store/rows.ts";
import type { Store, Transaction } from "../store/store.ts";
import type { Actor } from "./actor.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import { appendJournal } from "./journal.ts";
import type { ClockSource } from "./clock-source.ts";

/** How long the history of a case is kept after its end, with the rule that says so; shipped in `processes/retention.json`. */
export interface RetentionRule {
  readonly years: number;
}

/** Everything of a case but its history: tables that hold rows by `instance_id`. */
const dataTables = [
  "participant",
  "task",
  "timer",
  "job",
  "subscription",
  "clock",
  "notice",
  "incident",
  "outbox",
  "announcement",
  "command",
  "application",
  "delivery",
  "delivery_attempt",
  "access_probe",
  "attachment",
  "draft",
  "comment",
  "watcher",
  "carbon_copy",
  "reading",
  "urge",
  "signing_round",
  "case_return",
  "ended_call",
  "second_supplement",
  "case_suspension",
  "case_jump",
  "manual_choice",
] as const;

/**
 * Deletes the data of an ended case: its variables, forms, tasks and clocks. Its history stays, chained, until the retention
 * period is over, with a last line that tells who deleted the data and why.
 */
export async function deleteCase(
  { store, clock, retention, files }: { store: Store; clock: ClockSource; retention: RetentionRule; files: FileStore },
  instanceId: string,
  reason: string,
  actor: Actor,
): Promise<{ keepUntil: string }> {
  const now = clock.now();
  const deletion = await store.transaction(async (tx) => {
    const [row] = await tx.query(`SELECT * FROM instance WHERE id = ? ${tx.forUpdate}`, [instanceId]);
    if (!row) throw notFound();
    const endedAt = row["ended_at"];
    if (typeof endedAt !== "string") {
      throw new RuntimeProblem(
        409,
        "CASE_NOT_ENDED",
        { zh: "事项尚未办结，不能删除", en: "The case has not ended and cannot be deleted" },
        { zh: "请先办结或撤销", en: "Complete or cancel it first" },
      );
    }
    await requireNoLivingGrant(tx, instanceId);
    const keepUntil = yearsAfter(endedAt, retention.years);
    await appendJournal(tx, instanceId, [
      { at: now, type: "case.deleted", element: null, actor, payload: { reason, keepUntil } },
    ]);
    for (const table of ["notice_message", "notice_delivery"])
      await tx.execute(
        `DELETE FROM ${table} WHERE announcement_id IN (SELECT id FROM announcement WHERE instance_id = ?)`,
        [instanceId],
      );
    const attached = await tx.query("SELECT sha256 FROM attachment WHERE instance_id = ?", [instanceId]);
    for (const table of dataTables) await tx.execute(`DELETE FROM ${table} WHERE instance_id = ?`, [instanceId]);
    await tx.execute("DELETE FROM instance WHERE id = ?", [instanceId]);
    await tx.insert("deleted_case", {
      instance_id: instanceId,
      case_number: text(row, "case_number"),
      deleted_at: now,
      keep_until: keepUntil,
    });
    return { keepUntil, hashes: attached.map((found) => text(found, "sha256")) };
  });
  await removeUnused({ store, files }, deletion.hashes);
  return { keepUntil: deletion.keepUntil };
}

/** Access that is still in force, or whose records must still be kept, keeps the case that granted it. */
async function requireNoLivingGrant(tx: Transaction, instanceId: string): Promise<void> {
  const [grant] = await tx.query(
    "SELECT instance_id FROM access_grant WHERE instance_id = ? AND state NOT IN ('ended', 'revoked')",
    [instanceId],
  );
  if (!grant) return;
  throw new RuntimeProblem(
    409,
    "GRANT_IN_FORCE",
    {
      zh: "本事项授予的访问尚未终止，不能删除",
      en: "The access that the case granted is not over; it cannot be deleted",
    },
    { zh: "请先终止授权", en: "End the access first" },
  );
}

/** Destroys the history of deleted cases whose retention period is over. Gives the number of cases. */
export async function destroyExpired(store: Store, now: string): Promise<number> {
  const expired = await store.read(
    "SELECT instance_id FROM deleted_case WHERE keep_until < ? ORDER BY keep_until LIMIT 500",
    [now],
  );
  for (const row of expired) {
    const id = text(row, "instance_id");
    await store.transaction(async (tx) => {
      for (const table of ["journal", "decision_record", "card", "supervisory_order", "access_grant"])
        await tx.execute(`DELETE FROM ${table} WHERE instance_id = ?`, [id]);
      for (const table of ["grant_use", "grant_rating"])
        await tx.execute(`DELETE FROM ${table} WHERE grant_id = ?`, [id]);
      await tx.execute("DELETE FROM deleted_case WHERE instance_id = ?", [id]);
    });
  }
  return expired.length;
}

function yearsAfter(instant: string, years: number): string {
  const end = new Date(instant);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  return end.toISOString();
}
