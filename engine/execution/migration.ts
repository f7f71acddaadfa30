import { problem, type Problem } from "../model/problems.ts";
import type { FlowNode, ProcessModel } from "../model/process-model.ts";
import type { MigrationPlan } from "./commands.ts";
import { joins } from "./gateways/gateway.ts";
import { processScopeOf } from "./process-scope.ts";
import type { InstanceState, Scope, Token, Wait } from "./state.ts";
import { standsOutside } from "./tokens.ts";

/**
 * What keeps an instance from going on with `model` under the plan: every token, wait and scope must have a place there that
 * can take it. Empty when it can. Called processes keep their own version and are not looked at.
 */
export function migrationProblems(model: ProcessModel, state: InstanceState, plan: MigrationPlan): readonly Problem[] {
  const check = new Check(model, state, plan);
  const tokens = Object.values(state.tokens).filter((token) => check.isOwn(token.scope));
  const waits = Object.values(state.waits).filter((wait) => check.isOwn(state.tokens[wait.token]?.scope ?? ""));
  return [
    ...tokens.flatMap((token) => check.token(token)),
    ...waits.flatMap((wait) => check.wait(wait)),
    ...Object.values(state.scopes).flatMap((scope) => check.scope(scope)),
  ];
}

class Check {
  readonly #model: ProcessModel;
  readonly #state: InstanceState;
  readonly #plan: MigrationPlan;

  constructor(model: ProcessModel, state: InstanceState, plan: MigrationPlan) {
    this.#model = model;
    this.#state = state;
    this.#plan = plan;
  }

  isOwn(scope: string): boolean {
    return processScopeOf({ get: (id) => this.#state.scopes[id] }, scope)?.kind === "process";
  }

  token(token: Token): readonly Problem[] {
    const node = this.#target(token.element);
    // An event sub-process that the new version has no more falls away.
    if (!node && token.at === "armed") return [];
    if (!node) return [noPlace(token.element, this.#name(token.element))];
    const scope = this.#state.scopes[token.scope];
    const parent = scope ? this.#contentOf(scope) : null;
    // The instance of a loop lives in a scope of its own, whose contents are those around the activity.
    if (parent !== null && node.parent !== parent)
      return [misplaced(token.element, node.id, `它不在 ${parent} 中`, `it does not stand in ${parent}`)];
    const branch = this.#flow(token.branch ?? null);
    if (branch !== null && !this.#model.flows.has(branch))
      return [
        misplaced(token.element, node.id, `没有人工选定的去向 ${branch}`, `it has no ${branch}, which somebody chose`),
      ];
    return standsOutside(token) ? this.#arrival(token, node) : [];
  }

  /** A token that has not entered yet: a join counts it by the flow it comes by. */
  #arrival(token: Token, node: FlowNode): readonly Problem[] {
    const via = this.#flow(token.via);
    const comesByFlow = via !== null && node.incoming.includes(via);
    if ("activation" in node) {
      return comesByFlow || (!joins(node) && token.at !== "joining")
        ? []
        : [misplaced(token.element, node.id, "它不是沿其进入流到达的", "it comes there by none of the incoming flows")];
    }
    if (token.at !== "joining") return [];
    const gathers = "startQuantity" in node && node.startQuantity > 1;
    return gathers && (via === null || comesByFlow)
      ? []
      : [misplaced(token.element, node.id, "它不在此等待其他分支", "it does not wait there for other branches")];
  }

  wait(wait: Wait): readonly Problem[] {
    const node = this.#target(wait.element);
    const token = this.#state.tokens[wait.token];
    if (!node) {
      // A boundary event that the new version has no more falls away; an event sub-process does so with its start event.
      const goesOn = token?.at === "armed" && this.#target(token.element) !== null;
      return goesOn ? [noPlace(wait.element, this.#name(wait.element))] : [];
    }
    return canWait(node, wait, this.#model)
      ? []
      : [misplaced(wait.element, node.id, "那里等待的内容不同", "something else is waited for there")];
  }

  scope(scope: Scope): readonly Problem[] {
    const inner = scope.version === undefined ? scope.id : (scope.parent ?? "");
    if (scope.kind === "process" || !this.isOwn(inner)) return [];
    const node = this.#target(scope.element);
    if (!node) return [noPlace(scope.element, this.#name(scope.element))];
    return canHost(node, scope)
      ? []
      : [misplaced(scope.element, node.id, "它不能容纳正在进行的内容", "it cannot hold what runs inside")];
  }

  #contentOf(scope: Scope): string | null {
    switch (scope.kind) {
      case "process":
        return this.#model.id;
      case "subProcess":
        return this.#name(scope.element);
      case "calledProcess":
      case "multiInstance":
      case "instance":
      case "compensation":
        return null;
    }
  }

  #target(element: string): FlowNode | null {
    return this.#model.elements.get(this.#name(element)) ?? null;
  }

  #name(element: string): string {
    return this.#plan.elements[element] ?? element;
  }

  #flow(flow: string | null): string | null {
    return flow === null ? null : (this.#plan.flows[flow] ?? flow);
  }
}

function canWait(node: FlowNode, wait: Wait, model: ProcessModel): boolean {
  switch (wait.type) {
    case "task":
      return node.kind === "userTask";
    case "job":
      return "topic" in node && node.topic !== null && node.expression === null && node.message === null;
    case "adHoc":
      return node.kind === "subProcess" && node.adHoc !== null;
    case "message":
      if (node.kind === "receiveTask") return node.message?.name === wait.name;
      break;
    case "timer":
    case "signal":
    case "condition":
      break;
  }
  const definition = "definitions" in node ? node.definitions[wait.definition] : undefined;
  const type = wait.type === "condition" ? "conditional" : wait.type;
  if (definition?.type !== type || !model.elements.has(node.id)) return false;
  if (definition.type === "message" && wait.type === "message") return definition.message.name === wait.name;
  return definition.type !== "signal" || wait.type !== "signal" || definition.name === wait.name;
}

function canHost(node: FlowNode, scope: Scope): boolean {
  switch (scope.kind) {
    case "subProcess":
      return node.kind === "subProcess";
    case "calledProcess":
      return node.kind === "callActivity";
    case "multiInstance":
      return "multiInstance" in node && node.multiInstance !== null;
    case "instance":
      return "multiInstance" in node && (node.multiInstance ?? node.standardLoop ?? node.data) !== null;
    case "compensation":
      return "definitions" in node && node.definitions.some(({ type }) => type === "compensation" || type === "cancel");
    case "process":
      return true;
  }
}

function noPlace(element: string, name: string): Problem {
  return problem(
    "MIGRATION_NO_PLACE",
    element,
    `新版本中没有 ${name}，${element} 上的进度无处可去；请在迁移方案中指定`,
    `The new version has no ${name}: what stands at ${element} has no place; name one in the plan`,
  );
}

function misplaced(element: string, target: string, zh: string, en: string): Problem {
  return problem(
    "MIGRATION_MISPLACED",
    element,
    `${element} 不能迁移到 ${target}：${zh}`,
    `${element} cannot move to ${target}: ${en}`,
  );
}
