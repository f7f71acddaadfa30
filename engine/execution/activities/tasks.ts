import type { TaskActivity } from "../../model/process-model.ts";
import type { RouteDecision } from "../../routing/types.ts";
import { throwMessage } from "../events/throw.ts";
import type { Run } from "../run.ts";
import type { Token } from "../state.ts";
import { visibleVariables, writeVariables } from "../variables.ts";
import { openMessageWait } from "../waits.ts";
import { finishActivity, type Begin } from "./activity.ts";

/** Manual and plain tasks are done outside every system and pass at once (BPMN 2.0 §13.3.3). */
export function prepareTask(run: Run, token: Token, node: TaskActivity, decision: RouteDecision | null): Begin {
  switch (node.kind) {
    case "userTask":
      return () => openTask(run, token, node, decision);
    case "serviceTask":
      return () => openJob(run, token, node, decision);
    case "sendTask":
      return node.message ? prepareSend(run, token, node.message) : () => openJob(run, token, node, decision);
    case "businessRuleTask":
    case "scriptTask":
      return node.expression
        ? prepareExpression(run, token, node, node.expression)
        : () => openJob(run, token, node, decision);
    case "receiveTask":
      return () => {
        if (node.message) openMessageWait(run, token, { element: node.id, definition: 0 }, node.message);
      };
    case "manualTask":
    case "task":
      return () => finishActivity(run, token.id, null);
  }
}

/** Opens the task of a user task; also when its incident is retried. */
export function openTask(run: Run, token: Token, node: TaskActivity, decision: RouteDecision | null): void {
  run.updateToken(token.id, { at: "waiting", incident: null });
  const wait = run.openWait({ type: "task", token: token.id, element: node.id });
  run.emit(node.id, {
    type: "task.created",
    wait: wait.id,
    name: node.name,
    form: node.form,
    outcomes: node.outcomes,
    decision,
  });
}

/** Opens the job of a service, send or business rule task; also when a failed job is retried. */
export function openJob(run: Run, token: Token, node: TaskActivity, decision: RouteDecision | null): void {
  run.updateToken(token.id, { at: "waiting", incident: null });
  const topic = node.topic ?? node.id;
  const wait = run.openWait({ type: "job", token: token.id, element: node.id, topic });
  run.emit(node.id, { type: "job.created", wait: wait.id, topic, decision });
}

function prepareSend(run: Run, token: Token, message: NonNullable<TaskActivity["message"]>): Begin {
  const thrown = throwMessage(run, token, message);
  return () => {
    thrown();
    finishActivity(run, token.id, null);
  };
}

function prepareExpression(
  run: Run,
  token: Token,
  node: TaskActivity,
  expression: NonNullable<TaskActivity["expression"]>,
): Begin {
  const value = run.context.evaluator.value(expression, visibleVariables(run.scopes, token.scope));
  return () => {
    writeVariables(run, token.scope, { [node.resultVariable ?? node.id]: value });
    finishActivity(run, token.id, null);
  };
}
