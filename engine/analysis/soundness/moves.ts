import type { CompiledExpression } from "../../expressions/feel.ts";
import type { Command } from "../../execution/commands.ts";
import type { InstanceState, Token, Wait } from "../../execution/state.ts";
import type { FlowNode, ProcessModel } from "../../model/process-model.ts";

/** One thing that can happen to a waiting case. */
export interface Move {
  readonly element: string;
  /** What happens there, for people: an outcome, an error code, the kind of event. */
  readonly label: string;
  readonly command: Command;
  readonly comesTrue: CompiledExpression | null;
  /** It can happen again and again beside the rest, so that many tokens are its nature, not a fault. */
  readonly multiplies: boolean;
}

/** Everything that can happen next in this state. `modelAt` gives the model whose element a token stands at. */
export function movesIn(state: InstanceState, modelAt: (token: Token) => ProcessModel): readonly Move[] {
  return Object.values(state.waits).flatMap((wait) => {
    const token = state.tokens[wait.token];
    const model = token ? modelAt(token) : null;
    const node = model?.elements.get(wait.element);
    return token && model && node ? movesOf(state, wait, token, node, model) : [];
  });
}

function movesOf(state: InstanceState, wait: Wait, token: Token, node: FlowNode, model: ProcessModel): readonly Move[] {
  const common = { element: wait.element, comesTrue: null, multiplies: repeats(node, token) };
  switch (wait.type) {
    case "task": {
      const outcomes = "outcomes" in node && node.outcomes.length > 0 ? node.outcomes : [null];
      return [
        ...outcomes.map((outcome): Move => ({
          ...common,
          label: outcome ?? "completed",
          command: { type: "completeTask", wait: wait.id, outcome, variables: {} },
        })),
        ...errorMoves(wait, node, model),
      ];
    }
    case "job":
      return [
        { ...common, label: "completed", command: { type: "completeJob", wait: wait.id, variables: {} } },
        ...errorMoves(wait, node, model),
      ];
    case "timer":
      return [{ ...common, label: "timer", command: { type: "fireTimer", wait: wait.id } }];
    case "message": {
      const { name, correlationKey } = wait;
      const command = { type: "correlateMessage", name, correlationKey, wait: wait.id, variables: {} } as const;
      return [{ ...common, label: `message ${name}`, command }];
    }
    case "signal":
      return [
        {
          ...common,
          label: `signal ${wait.name}`,
          command: { type: "broadcastSignal", name: wait.name, variables: {} },
        },
      ];
    case "condition": {
      const definition = "definitions" in node ? node.definitions[wait.definition] : undefined;
      if (definition?.type !== "conditional" || wait.met) return [];
      const command = { type: "setVariables", scope: null, variables: { "\u0000looked": null } } as const;
      return [{ ...common, label: "condition", command, comesTrue: definition.condition }];
    }
    case "adHoc":
      return adHocMoves(state, wait, token, model);
  }
}

/** Errors that the work itself may report: those that a boundary event of the activity catches. */
function errorMoves(wait: Wait, node: FlowNode, model: ProcessModel): readonly Move[] {
  if (!("boundary" in node)) return [];
  return node.boundary.flatMap((id) => {
    const event = model.elements.get(id);
    if (event?.kind !== "boundaryEvent") return [];
    return event.definitions.flatMap((definition): readonly Move[] => {
      if (definition.type !== "error") return [];
      const errorCode = definition.code ?? "error";
      const command = { type: "throwError", wait: wait.id, errorCode, variables: {} } as const;
      return [{ element: wait.element, label: `error ${errorCode}`, command, comesTrue: null, multiplies: false }];
    });
  });
}

/** Each inner activity that is not running already, and the end. */
function adHocMoves(state: InstanceState, wait: Wait, host: Token, model: ProcessModel): readonly Move[] {
  const scope = Object.values(state.scopes).find((candidate) => candidate.host === host.id);
  const inside = Object.values(state.tokens).filter((token) => token.scope === scope?.id && token.at !== "armed");
  const owner = model.elements.get(host.element);
  const oneByOne = owner?.kind === "subProcess" && owner.adHoc?.sequential === true;
  const startable = (model.scopes.get(host.element)?.implicitStarts ?? []).filter(
    (element) => !inside.some((token) => token.element === element) && !(oneByOne && inside.length > 0),
  );
  return [
    ...startable.map((element): Move => ({
      element,
      label: "started",
      command: { type: "startActivity", wait: wait.id, element, variables: {} },
      comesTrue: null,
      multiplies: true,
    })),
    {
      element: host.element,
      label: "done",
      command: { type: "completeAdHoc", wait: wait.id },
      comesTrue: null,
      multiplies: false,
    },
  ];
}

function repeats(node: FlowNode, token: Token): boolean {
  if (node.kind === "boundaryEvent") return !node.interrupting;
  return node.kind === "startEvent" && token.at === "armed" && !node.interrupting;
}
