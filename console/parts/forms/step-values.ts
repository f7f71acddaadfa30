import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { deliverySpecification } from "../../../server/api/shared/delivery.schema.ts";
import { fieldsOf } from "../../../engine/forms/form.ts";
import type { Values } from "./form-view.tsx";
import { formOf } from "./wire.ts";

type Known = Pick<TaskDetail, "form" | "data" | "filled">;

/**
 * What a step's form begins with: the decisions on the items as an earlier step took or proposed them; for a delivery what was
 * granted, and after a rejection how it was delivered before.
 */
export function stepValues(task: Known): Values {
  return { ...deliveryValues(task), ...itemValues(task) };
}

/** Ways of a delivery that stay the same when it is made again. Row counts and hashes belong to one delivery. */
const lasting = ["deliveryMode", "endpoint", "healthUrl", "callsPerDay"];

function deliveryValues({ form, data, filled }: Known): Values {
  if (form?.["id"] !== "deliver") return {};
  const before = filled.findLast((one) => one.form["id"] === "deliver")?.values;
  if (before) return Object.fromEntries(Object.entries(before).filter(([key]) => lasting.includes(key)));
  const granted = deliverySpecification.safeParse(data["delivery"]).data;
  return granted && granted.mode !== null ? { deliveryMode: granted.mode } : {};
}

function itemValues({ form, data, filled }: Known): Values {
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
