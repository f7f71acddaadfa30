import { Tag } from "antd";
import type { TaskSummary } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";

/** Who has a task in hand, and what is special about it: asked for, for somebody who is away, handed on. */
export function TaskMarks({ task }: { task: TaskSummary }) {
  const { t, term } = useText();
  return (
    <span className="muted">
      {task.kind !== "decide" && <Tag>{term(`kind_${task.kind}`)}</Tag>}
      {task.onBehalfOf && <Tag color="blue">{t("handFor", { who: task.onBehalfOf.name })}</Tag>}
      {task.transfers > 0 && <Tag>{t("handTransfers", { count: task.transfers })}</Tag>}
      {task.assignee?.name ?? ""}
    </span>
  );
}
