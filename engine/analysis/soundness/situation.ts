import type { InstanceState, Scope, Token, Wait } from "../../execution/state.ts";

/**
 * What a state means for the future, as text: two states with the same text can do the same. Ids, times and the order of
 * branches are left out; scopes nest in the tokens that host them.
 */
export function situationOf(state: InstanceState): string {
  const index = new Index(state);
  const root = Object.values(state.scopes).find((scope) => scope.parent === null);
  return `${state.status} ${root ? index.scope(root) : ""}`;
}

class Index {
  readonly #tokens: ReadonlyMap<string, readonly Token[]>;
  readonly #waits: ReadonlyMap<string, readonly Wait[]>;
  readonly #hosted: ReadonlyMap<string, readonly Scope[]>;

  constructor({ tokens, waits, scopes }: InstanceState) {
    this.#tokens = groupBy(Object.values(tokens), ({ scope }) => scope);
    this.#waits = groupBy(Object.values(waits), ({ token }) => token);
    this.#hosted = groupBy(Object.values(scopes), ({ host }) => host ?? "");
  }

  scope(scope: Scope): string {
    const tokens = (this.#tokens.get(scope.id) ?? []).map((token) => this.#token(token)).sort();
    const { multiInstance: loop } = scope;
    const facts = [
      scope.kind,
      scope.element,
      sorted(scope.variables),
      loop ? [loop.started, loop.completed, loop.terminated] : null,
      scope.completed ?? null,
      scope.resetting ?? null,
      scope.undoing ?? null,
    ];
    return `(${JSON.stringify(facts)} ${tokens.join(" ")})`;
  }

  #token(token: Token): string {
    const waits = (this.#waits.get(token.id) ?? []).map(waitText).sort();
    const hosted = (this.#hosted.get(token.id) ?? []).map((scope) => this.scope(scope)).sort();
    const via = token.at === "joining" ? (token.via ?? "") : "";
    return `[${token.element} ${token.at} ${via} ${token.incident?.code ?? ""} ${waits.join(",")} ${hosted.join("")}]`;
  }
}

function waitText(wait: Wait): string {
  const definition = "definition" in wait ? wait.definition : "";
  return `${wait.type}:${wait.element}:${definition}${wait.type === "condition" && wait.met ? "!" : ""}`;
}

function sorted(variables: Scope["variables"]): [string, unknown][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
