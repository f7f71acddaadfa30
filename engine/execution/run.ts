import type { Json, Variables } from "../expressions/json.ts";
import type { FlowNode, ProcessModel } from "../model/process-model.ts";
import type { StepContext } from "./context.ts";
import type { EngineEvent, EngineEventBody } from "./events.ts";
import type { InstanceState, InstanceStatus, Scope, ScopeKind, Token, Wait } from "./state.ts";

/** A wait before it has an id. */
export type NewWait = Wait extends infer W ? (W extends Wait ? Omit<W, "id"> : never) : never;

/**
 * The working copy of one step: the state taken apart, the events so far and the tokens that can move. It lives for one call
 * of `step`; nothing of it is shared with the state that came in.
 */
export class Run {
  readonly root: ProcessModel;
  readonly context: StepContext;
  readonly scopes: Map<string, Scope>;
  readonly tokens: Map<string, Token>;
  readonly waits: Map<string, Wait>;
  readonly events: EngineEvent[] = [];
  /** Tokens that can move, in the order in which they became able to. */
  readonly ready: string[] = [];
  /** Signals thrown in this step, delivered when nothing can move, so that a catcher reached in the same step hears them. */
  readonly signals: string[] = [];
  status: InstanceStatus;
  entered = 0;
  #counter: number;
  #seq: number;

  constructor(root: ProcessModel, state: InstanceState | null, context: StepContext) {
    this.root = root;
    this.context = context;
    this.scopes = new Map(Object.entries(state?.scopes ?? {}));
    this.tokens = new Map(Object.entries(state?.tokens ?? {}));
    this.waits = new Map(Object.entries(state?.waits ?? {}));
    this.status = state?.status ?? "running";
    this.#counter = state?.counter ?? 0;
    this.#seq = state?.seq ?? 0;
  }

  toState(): InstanceState {
    return {
      schema: 1,
      process: this.root.id,
      status: this.status,
      counter: this.#counter,
      seq: this.#seq,
      scopes: Object.fromEntries(this.scopes),
      tokens: Object.fromEntries(this.tokens),
      waits: Object.fromEntries(this.waits),
    };
  }

  emit(element: string, body: EngineEventBody): void {
    this.#seq += 1;
    this.events.push({ seq: this.#seq, at: this.context.now, element, ...body });
  }

  #nextId(prefix: "t" | "s" | "w"): string {
    this.#counter += 1;
    return `${prefix}${this.#counter}`;
  }

  // Look-ups. A missing entry is a defect of the engine, not of the input: commands were checked before.

  scope(id: string): Scope {
    return found(this.scopes.get(id), "scope", id);
  }

  token(id: string): Token {
    return found(this.tokens.get(id), "token", id);
  }

  modelOf(scope: Scope): ProcessModel {
    if (scope.process === this.root.id) return this.root;
    return found(this.context.calledProcess(scope.process), "process", scope.process);
  }

  node(token: Token): FlowNode {
    return found(this.modelOf(this.scope(token.scope)).elements.get(token.element), "element", token.element);
  }

  nodeIn(scope: string, element: string): FlowNode {
    return found(this.modelOf(this.scope(scope)).elements.get(element), "element", element);
  }

  waitsOf(token: string): readonly Wait[] {
    return [...this.waits.values()].filter((wait) => wait.token === token);
  }

  tokensIn(scope: string): readonly Token[] {
    return [...this.tokens.values()].filter((token) => token.scope === scope);
  }

  scopesHostedBy(token: string): readonly Scope[] {
    return [...this.scopes.values()].filter((scope) => scope.host === token);
  }

  // Changes.

  openScope(scope: {
    kind: ScopeKind;
    element: string;
    process: string;
    parent: string | null;
    host: string | null;
    variables: Variables;
  }): Scope {
    const opened: Scope = { id: this.#nextId("s"), multiInstance: null, ...scope };
    this.scopes.set(opened.id, opened);
    return opened;
  }

  updateScope(id: string, change: Partial<Pick<Scope, "variables" | "multiInstance">>): Scope {
    const updated = { ...this.scope(id), ...change };
    this.scopes.set(id, updated);
    return updated;
  }

  /** Puts a token before an element, to enter when its turn comes; or, `waiting`, into it. */
  placeToken(element: string, scope: string, via: string | null, at: "ready" | "waiting" = "ready"): Token {
    const token: Token = { id: this.#nextId("t"), element, scope, via, at, incident: null };
    this.tokens.set(token.id, token);
    if (at === "ready") this.ready.push(token.id);
    return token;
  }

  updateToken(id: string, change: Partial<Pick<Token, "element" | "via" | "at" | "incident">>): Token {
    const updated = { ...this.token(id), ...change };
    this.tokens.set(id, updated);
    if (updated.at === "ready") this.ready.push(id);
    return updated;
  }

  consume(token: string): void {
    this.tokens.delete(token);
  }

  openWait(wait: NewWait): Wait {
    const opened: Wait = { ...wait, id: this.#nextId("w") };
    this.waits.set(opened.id, opened);
    return opened;
  }

  declare(scope: string, variables: Readonly<Record<string, Json>>): void {
    this.updateScope(scope, { variables: { ...this.scope(scope).variables, ...variables } });
  }
}

function found<T>(value: T | undefined | null, what: string, id: string): T {
  if (value === undefined || value === null)
    throw new Error(`the instance names ${what} ${id}, which its model or state does not hold`);
  return value;
}
