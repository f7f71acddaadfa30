import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { kindOf, noticeKinds, type NoticeGroup } from "./kinds.ts";
import { subjectOf, type Told } from "./texts.ts";

/** What of an announcement leaves the product: case number, step, link, and never more. */
export interface OutgoingNotice {
  readonly announcementId: string;
  readonly kind: string;
  readonly group: NoticeGroup | null;
  readonly at: string;
  readonly caseNumber: string | null;
  readonly step: { readonly zh: string; readonly en: string } | null;
  readonly subject: { readonly zh: string; readonly en: string };
  readonly link: string | null;
}

/** Columns and joins from which a notice is told; `announcement` must be among the tables already. */
export const toldColumns =
  "announcement.id AS announcement_id, announcement.kind, announcement.instance_id, announcement.task_id, announcement.params, announcement.at AS told_at, instance.case_number, instance.subject_zh, instance.subject_en, task.name AS step_zh, task.name_en AS step_en, task.state AS task_state";
export const toldJoins =
  "LEFT JOIN instance ON instance.id = announcement.instance_id LEFT JOIN task ON task.id = announcement.task_id";

/**
 * In whose stead the reader of `notice_message` is told, and whether that is over by the instant bound for the placeholder. The
 * rows of substitutions are never deleted.
 */
export const steadColumns =
  "substitution.person_id AS stead_id, substitution.person_name AS stead_name, CASE WHEN substitution.id IS NOT NULL AND (substitution.revoked_at IS NOT NULL OR substitution.ends_at <= ?) THEN 1 ELSE 0 END AS stead_over";
export const steadJoin = "LEFT JOIN substitution ON substitution.id = notice_message.substitution_id";

/** The announcement's own parameters above what its case and task say. */
export function paramsOf(row: Row): Readonly<Record<string, string>> {
  const optional = (name: string, column: string) => {
    const value = optionalText(row, column);
    return value === null ? {} : { [name]: value };
  };
  return {
    ...optional("case", "case_number"),
    ...optional("subject.zh", "subject_zh"),
    ...optional("subject.en", "subject_en"),
    ...optional("step.zh", "step_zh"),
    ...optional("step.en", "step_en"),
    ...json<Readonly<Record<string, string>>>(row, "params"),
  };
}

export function outgoing(row: Row, publicUrl: string | null): OutgoingNotice {
  const kind = text(row, "kind");
  const known = kindOf(kind);
  const params = paramsOf(row);
  const zh = params["step.zh"] ?? params["step"];
  return {
    announcementId: text(row, "announcement_id"),
    kind,
    group: known === null ? null : noticeKinds[known].group,
    at: text(row, "told_at"),
    caseNumber: params["case"] ?? null,
    step: zh === undefined ? null : { zh, en: params["step.en"] ?? params["step"] ?? zh },
    subject: subjectsOf({ kind, params }, optionalText(row, "stead_id") !== null),
    link: publicUrl === null ? null : `${publicUrl}${pathOf(row)}`,
  };
}

/** Names of people do not leave the product: a substitute reads outside only that it is in somebody's stead. */
function subjectsOf(told: Told, isInStead: boolean): OutgoingNotice["subject"] {
  const [zh, en] = [subjectOf(told, "zh"), subjectOf(told, "en")];
  return isInStead ? { zh: `（代理）${zh}`, en: `(as substitute) ${en}` } : { zh, en };
}

/** Where the console shows what the notice is about. */
export function pathOf(row: Row): string {
  const [task, instance] = [optionalText(row, "task_id"), optionalText(row, "instance_id")];
  if (task !== null) return `/tasks/${encodeURIComponent(task)}`;
  if (text(row, "kind") === "substitution.begun") return "/inbox";
  return instance === null ? "/notices" : `/cases/${encodeURIComponent(instance)}`;
}

/**
 * A task that somebody has done meanwhile, or that is not to be done any more, needs no messenger; nor does one in whose stead
 * a person no longer stands.
 */
export function isOvertaken(row: Row): boolean {
  if (Number(row["stead_over"] ?? 0) === 1) return true;
  const kind = kindOf(text(row, "kind"));
  const state = optionalText(row, "task_state");
  return kind !== null && noticeKinds[kind].group === "tasks" && (state === "completed" || state === "cancelled");
}
