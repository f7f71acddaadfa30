import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { fieldsOf } from "../../../engine/forms/form.ts";
import type { Values } from "./form-view.tsx";
import { formOf } from "./wire.ts";

/** What a step's form begins with: the decisions on the items as an earlier step took or proposed them. */
export function stepValues({ form, data, filled }: TaskDetail): Values {
  const field = form ? fieldsOf(formOf(form).components).find(({ kind }) => kind === "itemDecisions") : undefined;
  if (!field) return {};
  const decided = data["decidedItems"];
  const earlier = typeof decided === "object" && decided !== null && "decisions" in decided ? decided.decisions : null;
  return { [field.key]: earlier ?? proposalsIn(filled) ?? undefined };
}

function proposalsIn(filled: TaskDetail["filled"]): unknown {
  for (const { form, values } of [...filled].reverse()) {
    const proposal = fieldsOf(formOf(form).components).find(({ kind }) => kind === "itemDecisions");
    if (proposal && values[proposal.key] !== undefined) return values[proposal.key];
  }
  return null;
}
