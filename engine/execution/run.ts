import type { Json } from "../expressions/json.ts";
import type { FlowNode, ProcessModel } from "../model/process-model.ts";
import type { StepContext } from "./context.ts";
import type { EngineEvent, EngineEventBody } from "./events.ts";
import { Groups } from "./groups.ts";
import { processScopeOf } from "./process-scope.ts";
import type { CalledVersion, InstanceState, InstanceStatus, Scope, Token, Wait } from "./state.ts";

/** A wait before it has an id. */
export type NewWait = Wait extends infer W ? (W extends Wait ? Omit<W, "id"> : never) : never;

/** A signal on its way. `by` holds the token that threw it and those that host it; `last` is the newest id at that moment. */
export interface ThrownSignal {
  readonly name: string;
  readonly by: ReadonlySet<string>;
  readonly last: number;
}

/** A scope before it has an id. */
export type NewScope = Omit<Scope, "id" | "multiInstance">;

/**
 * The working copy of an instance: the state taken apart and indexed, the events of the step so far and the tokens that can
 * move. Nothing of it is shared with the state that came in.
 */
export class Run {
  readonly root: ProcessModel;
  context: StepContext;
  readonly scopes: Map<string, Scope>;
  readonly tokens: Map<string, Token>;
  readonly waits: Map<string, Wait>;
  events: EngineEvent[] = [];
  /** Tokens that can move, in the order in which they became able to. */
  readonly ready: string[] = [];
  /** Signals thrown in this step, delivered when nothing can move, so that a catcher reached in the same step hears them. */
  readonly signals: ThrownSignal[] = [];
  status: InstanceStatus;
  entered = 0;
  /** Variables have changed since the conditions that are waited for were looked at. */
  conditionsDue = false;
  readonly #tokensByScope = new Groups();
  readonly #joining = new Groups();
  readonly #waitsByToken = new Groups();
  readonly #waitsByType = new Groups();
  readonly #scopesByHost = new Groups();
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
    for (const scope of this.scopes.values()) if (scope.host) this.#scopesByHost.add(scope.host, scope.id);
    for (const token of this.tokens.values()) this.#index(token);
    this.#readyByAge();
    for (const wait of this.waits.values()) this.#indexWait(wait);
  }

  /** Begins the next command on the same instance. */
  begin(context: StepContext): void {
    this.context = context;
    this.events = [];
    this.entered = 0;
    if (this.ready.length > 0) this.#readyByAge();
  }

  /**
   * Tokens that came to an element while the case was suspended, the oldest first: a state read again does not know in what
   * order they came, so one kept in memory must not either.
   */
  #readyByAge(): void {
    this.ready.splice(0);
    for (const token of this.tokens.values()) if (token.at === "ready") this.ready.push(token.id);
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

  /** Number of the newest id. */
  get lastId(): number {
    return this.#counter;
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
    const { process, version } = found(processScopeOf(this.scopes, scope.id), "process of scope", scope.id);
    return version === undefined ? this.root : this.calledModel({ process, version });
  }

  calledModel({ process, version }: CalledVersion): ProcessModel {
    return found(this.context.calledProcess(process, { version })?.model, "process", process);
  }

  node(token: Token): FlowNode {
    return found(this.modelOf(this.scope(token.scope)).elements.get(token.element), "element", token.element);
  }

  nodeIn(scope: string, element: string): FlowNode {
    return found(this.modelOf(this.scope(scope)).elements.get(element), "element", element);
  }

  waitsOf(token: string): readonly Wait[] {
    return this.#waitsByToken.of(token).map((id) => found(this.waits.get(id), "wait", id));
  }

  /** In the order in which they were opened. */
  waitsOfType<T extends Wait["type"]>(type: T): readonly Extract<Wait, { type: T }>[] {
    return this.#waitsByType
      .of(type)
      .map((id) => this.waits.get(id))
      .filter((wait): wait is Extract<Wait, { type: T }> => wait?.type === type);
  }

  tokensIn(scope: string): readonly Token[] {
    return this.#tokensByScope.of(scope).map((id) => this.token(id));
  }

  /** False when nothing but event sub-processes that wait for their trigger is left in the scope. */
  isBusy(scope: string): boolean {
    return this.#tokensByScope.some(scope, (id) => this.token(id).at !== "armed");
  }

  /** Tokens that wait before an element for others to come. */
  joiningAt(scope: string, element: string): readonly Token[] {
    return inOrder(this.#joining.of(`${scope} ${element}`)).map((id) => this.token(id));
  }

  joiningCount(scope: string, element: string): number {
    return this.#joining.count(`${scope} ${element}`);
  }

  /** Places where tokens wait for others, as `scope element`. */
  get joins(): readonly string[] {
    return this.#joining.keys();
  }

  /** Number of the oldest token that waits at a place of `joins`. */
  oldestAt(place: string): number {
    return Math.min(...this.#joining.of(place).map(numberOf));
  }

  scopesHostedBy(token: string): readonly Scope[] {
    return this.#scopesByHost.of(token).map((id) => this.scope(id));
  }

  // Changes.

  openScope(scope: NewScope): Scope {
    return this.putScope({ id: this.#nextId("s"), multiInstance: null, ...scope });
  }

  /** Opens a scope under an id that it had before: what was done in it is known by that. */
  putScope(scope: Scope): Scope {
    this.scopes.set(scope.id, scope);
    if (scope.host) this.#scopesByHost.add(scope.host, scope.id);
    return scope;
  }

  updateScope(id: string, change: Partial<Omit<Scope, "id" | "host" | "parent">>): Scope {
    const updated = { ...this.scope(id), ...change };
    this.scopes.set(id, updated);
    return updated;
  }

  closeScope(id: string): void {
    const { host } = this.scope(id);
    if (host) this.#scopesByHost.remove(host, id);
    this.scopes.delete(id);
  }

  /** Puts a token before an element, to enter when its turn comes; or into it. */
  placeToken(element: string, scope: string, via: string | null, at: Token["at"] = "ready"): Token {
    const token: Token = { id: this.#nextId("t"), element, scope, via, at, incident: null };
    this.tokens.set(token.id, token);
    this.#index(token);
    if (at === "ready") this.ready.push(token.id);
    return token;
  }

  /** A token that comes to another element leaves behind what is `spent` of its activity, and a branch that it does not bring. */
  updateToken(id: string, change: Partial<Omit<Token, "id" | "scope">>): Token {
    const before = this.token(id);
    const { spent, branch, ...rest } = before;
    const stays = change.element === undefined;
    const kept = { ...(stays && spent && { spent }), ...(stays && branch !== undefined && { branch }) };
    const updated = { ...rest, ...kept, ...change };
    this.tokens.set(id, updated);
    if (before.at === "joining") this.#joining.remove(`${before.scope} ${before.element}`, id);
    if (updated.at === "joining") this.#joining.add(`${updated.scope} ${updated.element}`, id);
    if (updated.at === "ready" && before.at !== "ready") this.ready.push(id);
    return updated;
  }

  consume(id: string): void {
    const token = this.token(id);
    this.#tokensByScope.remove(token.scope, id);
    if (token.at === "joining") this.#joining.remove(`${token.scope} ${token.element}`, id);
    this.tokens.delete(id);
  }

  openWait<T extends NewWait>(wait: T): T & { readonly id: string } {
    const opened = { ...wait, id: this.#nextId("w") };
    this.putWait(opened);
    return opened;
  }

  putWait(wait: Wait): void {
    this.waits.set(wait.id, wait);
    this.#indexWait(wait);
  }

  removeWait(wait: Wait): void {
    this.waits.delete(wait.id);
    this.#waitsByToken.remove(wait.token, wait.id);
    this.#waitsByType.remove(wait.type, wait.id);
  }

  #index(token: Token): void {
    this.#tokensByScope.add(token.scope, token.id);
    if (token.at === "joining") this.#joining.add(`${token.scope} ${token.element}`, token.id);
  }

  #indexWait(wait: Wait): void {
    this.#waitsByToken.add(wait.token, wait.id);
    this.#waitsByType.add(wait.type, wait.id);
  }

  declare(scope: string, variables: Readonly<Record<string, Json>>): void {
    this.updateScope(scope, { variables: { ...this.scope(scope).variables, ...variables } });
    this.conditionsDue = true;
  }
}

/** In the order in which the tokens were made, which is that of a state read from JSON, too. */
function inOrder(tokens: readonly string[]): readonly string[] {
  return tokens.toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** Ids are numbered in the order in which they were made. */
export function numberOf(id: string): number {
  return Number(id.slice(1));
}

function found<T>(value: T | undefined | null, what: string, id: string): T {
  if (value === undefined || value === null)
    throw new Error(`the instance names ${what} ${id}, which its model or state does not hold`);
  return value;
}
