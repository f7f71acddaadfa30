import { createRouter, type RouterOptions } from "../../routing/resolve.ts";
import { packsInForce } from "../../routing/rule-pack.ts";
import type { Route, RouteDecision } from "../../routing/types.ts";
import { dimensions } from "../../routing/dimensions.ts";
import type { Variables } from "../../expressions/json.ts";

/** Parts of the case's parties by which a step finds its organisation (facts.ts), besides what is asked about them. */
const parties: Readonly<Record<string, readonly string[]>> = {
  applicant: ["organisation", "region"],
  provider: ["organisation", "region"],
  hop: ["organisation"],
  breach: ["region"],
  holder: ["organisation"],
  sourceDepartment: ["organisation"],
};
/** Variables that tell the dimensions of a case. */
const telling: ReadonlySet<string> = new Set(dimensions.map(({ key }) => key.split(".")[0] ?? key));
const mostDecisions = 100_000;

/** Routes by the day on which a case begins. A decision is worked out once for the same step and the same facts. */
export class RouteMemo {
  readonly #rules: Omit<RouterOptions, "date">;
  readonly #asked: string;
  readonly #byDate = new Map<string, Route>();
  readonly #byPacks = new Map<string, Route>();

  constructor(rules: Omit<RouterOptions, "date">) {
    this.#rules = rules;
    this.#asked = [
      ...rules.tables.flatMap(({ inputs, rows }) => [
        ...inputs.map(({ expression }) => expression.source),
        ...rows.flatMap(({ tests, values }) => [...tests, ...values.map((value) => value?.source ?? null)]),
      ]),
      ...rules.packs.map(({ bounds }) => JSON.stringify(bounds)),
    ].join("\n");
  }

  /** @param date Day whose rules apply, `YYYY-MM-DD`. */
  routeOn(date: string): Route {
    const known = this.#byDate.get(date);
    if (known) return known;
    const inForce = [...packsInForce(this.#rules.packs, date).values()];
    const packs = inForce.map(({ region, version }) => `${region} ${version}`).join(", ");
    const route = this.#byPacks.get(packs) ?? this.#remembering(createRouter({ ...this.#rules, date }));
    this.#byPacks.set(packs, route);
    this.#byDate.set(date, route);
    return route;
  }

  #remembering(route: Route): Route {
    const decisions = new Map<string, RouteDecision>();
    const mentioned = new Map<string, boolean>();
    const matters = (name: string) => {
      const known = mentioned.get(name);
      if (known !== undefined) return known;
      const found = telling.has(name) || this.#asked.includes(name);
      mentioned.set(name, found);
      return found;
    };
    return (query, variables) => {
      const { element, step, at, role, limit } = query;
      const key = `${element} ${step} ${at} ${role} ${limit} ${factsOf(variables, matters)}`;
      const known = decisions.get(key);
      if (known) return known;
      const decision = route(query, variables);
      if (decisions.size >= mostDecisions) decisions.clear();
      decisions.set(key, decision);
      return decision;
    };
  }
}

/** What can make a difference: variables that are asked about as a whole, of the parties else what finds organisations. */
function factsOf(variables: Variables, matters: (name: string) => boolean): string {
  let facts = "";
  for (const name in variables) {
    const value = variables[name];
    if (matters(name)) facts += `${name}=${textOf(value)};`;
    else if (Object.hasOwn(parties, name)) facts += `${name}=${JSON.stringify(partsOf(value, parties[name] ?? []))};`;
  }
  return facts;
}

/** JSON of values; that of objects is kept, as cases of one kind share theirs and the engine never changes one. */
const texts = new WeakMap<object, string>();

function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}

function partsOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  const parts = new Map(Object.entries(value));
  return names.map((name) => parts.get(name));
}
