import type { ResolvedLimit } from "../../engine/routing/types.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { systemActor, type PersonActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { newId } from "../store/ids.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Query, Row } from "../store/store.ts";

/** The outcome by which a drawn step asks the applicant for a supplement. */
export const supplementOutcome = "supplement";

/** How often the applicant has been asked for a supplement, against what the step's limit permits. */
export interface SupplementUse {
  readonly asked: number;
  readonly most: number;
  /** Nothing is left of what may be asked for. */
  readonly used: boolean;
  /** A head has permitted one more. */
  readonly permitted: boolean;
}

/**
 * What of the permitted supplements of a case is used up, whichever way they were asked for: by a drawn outcome, by a return, or
 * by the process itself, which counts in the variable `supplements`. `variables` are those that the task sees.
 */
export async function supplementUse(
  query: Query,
  task: Row,
  variables: Readonly<Record<string, Json>>,
): Promise<SupplementUse> {
  const instanceId = text(task, "instance_id");
  const requests = await query("SELECT id FROM supplement_request WHERE instance_id = ? AND taken_back_at IS NULL", [
    instanceId,
  ]);
  const permits = await query("SELECT id FROM second_supplement WHERE instance_id = ? AND used_at IS NULL", [
    instanceId,
  ]);
  const asked = Math.max(requests.length, Number(variables["supplements"] ?? 0));
  const most = await mostOf(query, task);
  return { asked, most, used: asked >= most, permitted: permits.length > 0 };
}

/** As often as the limit of the step says; once where it has none (State Council Order 809: everything is told once). */
async function mostOf(query: Query, task: Row): Promise<number> {
  const clock = optionalText(task, "clock_id");
  const [row] = clock === null ? [] : await query("SELECT resolved FROM clock WHERE id = ?", [clock]);
  return row ? json<ResolvedLimit>(row, "resolved").maxSupplements : 1;
}

/** Whether the applicant may be asked for a supplement now: something is left, or a head permitted it. */
export function maySupplement({ used, permitted }: SupplementUse): boolean {
  return !used || permitted;
}

/** That nothing is left of what the applicant may be asked for. */
export const supplementUsedUp = {
  code: "SUPPLEMENT_USED_UP",
  message: {
    zh: "补正须一次性告知，本案可要求补正的次数已用完",
    en: "Everything to be supplemented is told at once; what this case may be asked for is used up",
  },
  mend: {
    zh: "确有必要的，须由本单位负责人说明理由批准；批准的二次补正计入违规统计",
    en: "Where it cannot be helped the head of the organisation approves it with the reason, and it is counted as a violation",
  },
} as const;

/** Throws 409 `SUPPLEMENT_USED_UP` where no supplement may be asked for now. */
export function requireSupplement(use: SupplementUse): void {
  const { code, message, mend } = supplementUsedUp;
  if (!maySupplement(use)) throw new RuntimeProblem(409, code, message, mend);
}

interface AskedBy {
  readonly task: Row;
  readonly actor: PersonActor;
  /** As it stood before this request. */
  readonly use: SupplementUse;
}

/** Writes down that the applicant was asked. One more than permitted uses up the head's permit, and is a violation. */
export async function recordSupplement(within: Within, { task, actor, use }: AskedBy): Promise<readonly JournalLine[]> {
  const { tx, now } = within;
  const instanceId = text(task, "instance_id");
  const permit = use.used ? await takePermit(within, instanceId) : null;
  const clock = within.clocks.all.find(({ id }) => id === optionalText(task, "clock_id"));
  await tx.insert("supplement_request", {
    id: newId(),
    instance_id: instanceId,
    task_id: text(task, "id"),
    clock_id: clock?.id ?? null,
    element: text(task, "element"),
    organisation_id: text(task, "organisation_id"),
    region: text(task, "region"),
    level: text(task, "level"),
    by_id: actor.id,
    by_name: actor.name,
    at: now,
    ordinal: use.asked + 1,
    violation: permit ? 1 : 0,
    permit_id: permit && text(permit, "id"),
    permitted_by: permit && text(permit, "by_name"),
    permit_reason: permit && text(permit, "reason"),
    taken_back_at: null,
  });
  if (!permit) return [];
  if (clock) await within.clocks.violated(clock, now);
  const payload = { by: text(permit, "by_name"), reason: text(permit, "reason") };
  return [{ at: now, type: "supplement.violation", element: text(task, "element"), actor: systemActor, payload }];
}

async function takePermit({ tx, now }: Within, instanceId: string): Promise<Row> {
  const [permit] = await tx.query(
    "SELECT * FROM second_supplement WHERE instance_id = ? AND used_at IS NULL ORDER BY at, id",
    [instanceId],
  );
  if (!permit) throw new Error(`${instanceId} was asked for a supplement once more without a permit`);
  await tx.execute("UPDATE second_supplement SET used_at = ? WHERE id = ?", [now, text(permit, "id")]);
  return permit;
}

/** The decision that asked for it was taken back before the applicant had begun: nothing is used up, and no rule is broken. */
export async function takeBackSupplement({ tx, clocks, now }: Within, taskId: string): Promise<void> {
  const [request] = await tx.query("SELECT * FROM supplement_request WHERE task_id = ? AND taken_back_at IS NULL", [
    taskId,
  ]);
  if (!request) return;
  await tx.execute("UPDATE supplement_request SET taken_back_at = ? WHERE id = ?", [now, text(request, "id")]);
  const permit = optionalText(request, "permit_id");
  if (permit === null) return;
  await tx.execute("UPDATE second_supplement SET used_at = NULL WHERE id = ?", [permit]);
  const clock = clocks.all.find(({ id }) => id === optionalText(request, "clock_id"));
  if (clock) await clocks.violated(clock, null);
}
