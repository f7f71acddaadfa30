import type { CallActivity, SubProcessActivity } from "../../model/process-model.ts";
import type { Variables } from "../../expressions/json.ts";
import type { Evaluator } from "../evaluator.ts";
import { IncidentError } from "../incidents.ts";
import type { Run } from "../run.ts";
import { openSubScope, startScope } from "../scopes.ts";
import type { Token } from "../state.ts";
import { visibleVariables } from "../variables.ts";
import type { Begin } from "./activity.ts";
import { prepareAdHoc } from "./ad-hoc.ts";

export function prepareSubProcess(run: Run, token: Token, node: SubProcessActivity): Begin {
  if (node.adHoc) return prepareAdHoc(run, token);
  return () => {
    const { process } = run.scope(token.scope);
    run.updateToken(token.id, { at: "hosting" });
    const scope = openSubScope(run, token, { kind: "subProcess", process, variables: {} });
    startScope(run, scope, run.modelOf(scope), null);
  };
}

/** What a call gives to the process that it calls, of what is visible to it. Throws `ExpressionError`. */
export function givenTo(node: CallActivity, visible: Variables, evaluator: Evaluator): Variables {
  if (node.inputs.length + node.outputs.length === 0) return visible;
  return Object.fromEntries(node.inputs.map(({ source, target }) => [target, evaluator.value(source, visible)]));
}

/** Without any mapping the called process sees a copy of everything and gives everything back; with mappings only what they name. */
export function prepareCall(run: Run, token: Token, node: CallActivity): Begin {
  const called = run.context.calledProcess(node.calledProcess, { binding: node.binding });
  if (!called)
    throw new IncidentError(
      "CALLED_PROCESS_NOT_FOUND",
      `${node.id} calls the process ${node.calledProcess}, which is not deployed`,
    );
  const variables = givenTo(node, visibleVariables(run.scopes, token.scope), run.context.evaluator);
  return () => {
    run.updateToken(token.id, { at: "hosting" });
    const { model, version } = called;
    const scope = openSubScope(run, token, { kind: "calledProcess", process: model.id, version, variables });
    startScope(run, scope, model, null);
  };
}
