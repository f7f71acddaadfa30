import type { z } from "zod";
import type { ProcessModel } from "../../../engine/model/process-model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { whyClosed } from "../../tasks/closed-before.ts";
import { organisationOf } from "../present.ts";
import type { Bilingual } from "../shared/common.schema.ts";
import { stepName } from "./history.ts";
import type { instanceDetail } from "./instances.schema.ts";

type Step = z.input<typeof instanceDetail>["steps"][number];

interface StepsOfCase {
  readonly tasks: readonly Row[];
  /** By which task, and to which element. */
  readonly returns: readonly Row[];
  readonly models: readonly ProcessModel[];
}

/** The work of a case in the order in which it came, each with how it stands. */
export function presentSteps(runtime: Runtime, { tasks, returns, models }: StepsOfCase): Step[] {
  const targets = new Map(returns.map((row) => [text(row, "task_id"), stepName(models, text(row, "target"))]));
  return tasks.map((task) => {
    const explanation = optionalText(task, "explanation");
    return {
      taskId: text(task, "id"),
      element: text(task, "element"),
      kind: text(task, "kind"),
      name: { zh: text(task, "name"), en: text(task, "name_en") },
      organisation: organisationOf(runtime, text(task, "organisation_id")),
      assignee: optionalText(task, "assignee_name"),
      state: stateOf(task),
      closed: stateOf(task) === "cancelled" ? closing(task, targets.get(text(task, "id"))) : null,
      outcome: optionalText(task, "outcome"),
      enteredAt: text(task, "created_at"),
      leftAt: optionalText(task, "completed_at"),
      explanation: explanation === null ? null : (JSON.parse(explanation) as Step["explanation"]),
    };
  });
}

function stateOf(task: Row): Step["state"] {
  const state = text(task, "state");
  return state === "open" || state === "waiting" || state === "completed" ? state : "cancelled";
}

/** Whoever returned the case has done something: their step was not just called off. */
function closing(task: Row, returnedTo: Bilingual | undefined): Bilingual | null {
  if (!returnedTo) return whyClosed(task);
  return { zh: `已退回至“${returnedTo.zh}”`, en: `Returned to “${returnedTo.en}”` };
}
