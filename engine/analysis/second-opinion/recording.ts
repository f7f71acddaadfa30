import type { Json, Variables } from "../../expressions/json.ts";
import type { CompiledExpression } from "../../expressions/feel.ts";
import type { Command } from "../../execution/commands.ts";
import type { Evaluator } from "../../execution/evaluator.ts";
import type { InstanceState, Wait } from "../../execution/state.ts";
import type { ProcessModel } from "../../model/process-model.ts";
import { places, type Answer, type Happening, type Subject } from "./scenario.ts";

/** Where each expression that decides the way of a case stands. Others (timers, keys, data) decide nothing by themselves. */
export function placesOf(models: readonly ProcessModel[]): ReadonlyMap<CompiledExpression, string> {
  const found = new Map<CompiledExpression, string>();
  const put = (expression: CompiledExpression | null | undefined, place: string): void => {
    if (expression) found.set(expression, place);
  };
  for (const model of models) {
    for (const flow of model.flows.values()) put(flow.condition, places.flow(model.id, flow.id));
    for (const node of model.elements.values()) {
      for (const definition of "definitions" in node ? node.definitions : [])
        if (definition.type === "conditional") put(definition.condition, places.event(model.id, node.id));
      if ("activation" in node) put(node.activation, places.activation(model.id, node.id));
      if (node.kind === "subProcess") put(node.adHoc?.completionCondition, places.adHoc(model.id, node.id));
      if (!("multiInstance" in node)) continue;
      put(node.multiInstance?.cardinality, places.count(model.id, node.id));
      put(node.multiInstance?.collection, places.count(model.id, node.id));
      put(node.multiInstance?.completionCondition, places.enough(model.id, node.id));
      for (const [index, { when }] of (node.multiInstance?.throws ?? []).entries())
        if (typeof when !== "string") put(when, `${places.enough(model.id, node.id)} ${index}`);
      put(node.standardLoop?.condition, places.loop(model.id, node.id));
    }
  }
  return found;
}

/** Hands every question on and keeps the answers of the current step. */
export class Recording implements Evaluator {
  readonly #inner: Evaluator;
  readonly #places: ReadonlyMap<CompiledExpression, string>;
  #answers: Record<string, Answer[]> = {};

  constructor(inner: Evaluator, subject: Subject) {
    this.#inner = inner;
    this.#places = placesOf(modelsOf(subject));
  }

  /** The answers since the last call. */
  take(): Readonly<Record<string, readonly Answer[]>> {
    const taken = this.#answers;
    this.#answers = {};
    return taken;
  }

  value(expression: CompiledExpression, variables: Variables): Json {
    const value = this.#inner.value(expression, variables);
    if (typeof value === "number") this.#keep(expression, value);
    else if (Array.isArray(value)) this.#keep(expression, value.length);
    return value;
  }

  holds(expression: CompiledExpression, variables: Variables): boolean {
    const holds = this.#inner.holds(expression, variables);
    this.#keep(expression, holds);
    return holds;
  }

  #keep(expression: CompiledExpression, answer: Answer): void {
    const place = this.#places.get(expression);
    if (place !== undefined) (this.#answers[place] ??= []).push(answer);
  }
}

export function modelsOf({ model, called }: Subject): readonly ProcessModel[] {
  return [model, ...[...called.values()].filter((other) => other !== model)];
}

/** What a command means outside our core; `null` for an operation that only our core knows (a move, a migration, …). */
export function happeningOf(command: Command, before: InstanceState | null): Happening | null {
  const wait = "wait" in command && command.wait !== null ? before?.waits[command.wait] : undefined;
  const at = wait ? { element: wait.element, nth: nthOf(before, wait) } : null;
  switch (command.type) {
    case "start":
      return { type: "start", startEvent: command.startEvent };
    case "completeTask":
      return at && { type: "complete", ...at, outcome: command.outcome };
    case "completeJob":
      return at && { type: "complete", ...at, outcome: null };
    case "failJob":
    case "throwError":
      return at && command.errorCode !== null ? { type: "error", ...at, code: command.errorCode } : null;
    case "fireTimer":
      return at && { type: "timer", ...at };
    case "correlateMessage":
      return correlated(command, before);
    case "broadcastSignal":
      return { type: "signal", name: command.name };
    case "setVariables":
      return { type: "data" };
    case "startActivity":
      return { type: "startActivity", element: command.element };
    case "completeAdHoc":
      return at && { type: "completeAdHoc", element: at.element };
    case "retryIncident":
    case "resolveIncident":
    case "moveTokens":
    case "comeBack":
    case "migrate":
    case "suspend":
    case "resume":
    case "cancel":
      return null;
  }
}

function correlated(
  command: Extract<Command, { type: "correlateMessage" }>,
  before: InstanceState | null,
): Happening | null {
  const wait = Object.values(before?.waits ?? {}).find(
    (open) =>
      open.type === "message" &&
      (command.wait === null ? open.name === command.name : open.id === command.wait) &&
      (open.correlationKey === null || open.correlationKey === command.correlationKey),
  );
  return wait ? { type: "message", element: wait.element, nth: nthOf(before, wait) } : null;
}

function nthOf(state: InstanceState | null, wait: Wait): number {
  return Object.values(state?.waits ?? {})
    .filter(({ type, element }) => type === wait.type && element === wait.element)
    .findIndex(({ id }) => id === wait.id);
}
