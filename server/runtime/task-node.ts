import { readPolicy, type ApprovalPolicy } from "../../engine/approval/policy.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import type { EngineEvent } from "../../engine/execution/events.ts";
import { processScopeOf } from "../../engine/execution/process-scope.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { ProcessModel, TaskActivity } from "../../engine/model/process-model.ts";
import { RouteError } from "../../engine/routing/errors.ts";

export type TaskCreated = Extract<EngineEvent, { type: "task.created" }>;

/** The definitions that a case runs: its own and those that it calls. */
export interface CaseModels {
  readonly model: ProcessModel;
  readonly calledProcess: StepContext["calledProcess"];
}

/** The user task that was opened, in the definition that its scope belongs to. */
export function taskNodeOf(
  { model, calledProcess }: CaseModels,
  state: InstanceState,
  { wait, element }: Pick<TaskCreated, "wait" | "element">,
): TaskActivity | null {
  const token = state.tokens[state.waits[wait]?.token ?? ""];
  const scope = processScopeOf({ get: (id) => state.scopes[id] }, token?.scope ?? "");
  const owner = scope?.version === undefined ? model : calledProcess(scope.process, { version: scope.version })?.model;
  const node = owner?.elements.get(element);
  return node?.kind === "userTask" ? node : null;
}

/** How the task is signed: as the route says, else as it is drawn. Throws `RouteError` for a policy that cannot be read. */
export function policyOf(
  node: TaskActivity | null,
  { decision, element }: Pick<TaskCreated, "decision" | "element">,
): ApprovalPolicy | null {
  const routed = decision?.approval;
  if (!routed) return node?.signing.approval ?? null;
  const read = readPolicy(routed.policy, routed.parameters);
  if (read.ok) return read.policy;
  throw new RouteError("APPROVAL_INVALID", element, read.problem.message, {
    zh: "请更正路由表中的审批方式",
    en: "Correct the approval policy in the route table",
  });
}
