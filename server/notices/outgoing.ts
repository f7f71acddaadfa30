import { json, optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { kindOf, noticeKinds, type NoticeGroup } from "./kinds.ts";
import { subjectOf } from "./texts.ts";

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
    subject: { zh: subjectOf({ kind, params }, "zh"), en: subjectOf({ kind, params }, "en") },
    link: publicUrl === null ? null : `${publicUrl}${pathOf(row)}`,
  };
}

/** Where the console shows what the notice is about. */
export function pathOf(row: Row): string {
  const [task, instance] = [optionalText(row, "task_id"), optionalText(row, "instance_id")];
  if (task !== null) return `/tasks/${encodeURIComponent(task)}`;
  return instance === null ? "/notices" : `/cases/${encodeURIComponent(instance)}`;
}

/** A task that somebody has done meanwhile, or that is not to be done any more, needs no messenger. */
export function isOvertaken(row: Row): boolean {
  const kind = kindOf(text(row, "kind"));
  const state = optionalText(row, "task_state");
  return kind !== null && noticeKinds[kind].group === "tasks" && (state === "completed" || state === "cancelled");
}
