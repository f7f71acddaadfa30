import { evaluateExpression } from "../../expressions/feel.ts";
import type { CallActivity } from "../../model/process-model.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import { openSubScope, startScope } from "../scopes.ts";
import type { Token } from "../state.ts";
import { visibleVariables } from "../variables.ts";
import type { Begin } from "./activity.ts";

export function prepareSubProcess(run: Run, token: Token): Begin {
  return () => {
    const outer = run.scope(token.scope);
    run.updateToken(token.id, { at: "hosting" });
    const scope = openSubScope(run, token, "subProcess", outer.process, {});
    startScope(run, scope, run.modelOf(scope), null);
  };
}

/** Without any mapping the called process sees a copy of everything and gives everything back; with mappings only what they name. */
export function prepareCall(run: Run, token: Token, node: CallActivity): Begin {
  const model = node.calledProcess === run.root.id ? run.root : run.context.calledProcess(node.calledProcess);
  if (!model)
    throw new IncidentError(
      "CALLED_PROCESS_NOT_FOUND",
      `${node.id} calls the process ${node.calledProcess}, which is not deployed`,
    );
  const visible = visibleVariables(run.scopes, token.scope);
  const variables =
    node.inputs.length + node.outputs.length === 0
      ? visible
      : Object.fromEntries(node.inputs.map(({ source, target }) => [target, evaluateExpression(source, visible)]));
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    startScope(run, openSubScope(run, token, "calledProcess", model.id, variables), model, null);
  };
}
