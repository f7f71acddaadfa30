import type { InstanceState } from "../../engine/execution/state.ts";
import type { Form } from "../../engine/forms/form.ts";
import type { ProcessModel, TaskActivity } from "../../engine/model/process-model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { applicationForm, userTasksOf } from "./bundle.ts";

/** A step of a case's process, or of one that it calls, with the form that it fills in. */
export interface CaseStep {
  readonly task: TaskActivity;
  readonly form: Form | null;
}

export interface CaseSteps {
  readonly steps: readonly CaseStep[];
  /** The form that the case was applied for with; `null` for a case that was begun otherwise. */
  readonly application: Form | null;
  /** Every form of the version that the case runs on, by key: also those that no step fills in. */
  readonly forms: ReadonlyMap<string, Form>;
}

/** Every step that the case has or may come to, each with the form of the version that it runs on. */
export async function caseSteps(runtime: Runtime, instance: Row, state: InstanceState): Promise<CaseSteps> {
  const root = text(instance, "definition_id");
  const model = await runtime.models.get(root);
  const called = await runtime.models.called(model, { state, startedAt: text(instance, "started_at") });
  const definitions = new Map<string, ProcessModel>([[root, model]]);
  for (const { version } of Object.values(state.scopes))
    if (version !== undefined) definitions.set(version, await runtime.models.get(version));
  const open = [...model.calls, ...[...definitions.values()].flatMap(({ calls }) => calls)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const found = called.resolve(key, { binding: "latest" });
    if (!found || definitions.has(found.version)) continue;
    definitions.set(found.version, found.model);
    open.push(...found.model.calls);
  }
  const steps: CaseStep[] = [];
  for (const [id, process] of definitions) {
    const forms = await runtime.forms.of(id);
    for (const task of userTasksOf(process)) steps.push({ task, form: forms.get(task.form ?? "") ?? null });
  }
  const forms = await runtime.forms.of(root);
  return { steps, application: forms.get(applicationForm) ?? null, forms };
}

/** The version whose step waits there: that of the process which called it, or of the case itself. */
export function definitionAt(state: InstanceState, wait: string, instance: Row): string {
  const token = state.tokens[state.waits[wait]?.token ?? ""];
  for (
    let scope = token && state.scopes[token.scope];
    scope;
    scope = scope.parent ? state.scopes[scope.parent] : undefined
  )
    if (scope.version !== undefined) return scope.version;
  return text(instance, "definition_id");
}
