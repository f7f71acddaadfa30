import { describe, expect, it } from "vitest";
import {
  faultsOf,
  leftUncovered,
  type ProposedSubstitution,
  type Substitution,
  type SubstitutionContext,
} from "./substitution.ts";

const person = (id: string) => ({ id, name: id.toUpperCase() });
const clerk = [{ organisation: "o", role: "provider-clerk" }];
const head = [{ organisation: "o", role: "provider-head" }];

const away = (
  who: string,
  substitute: string,
  [from, until]: readonly [string, string] = ["2026-12-01", "2026-12-10"],
): Substitution => ({
  person: person(who),
  substitute: person(substitute),
  organisation: "o",
  from: `${from}T00:00:00.000Z`,
  until: `${until}T00:00:00.000Z`,
});
const proposed = (more: Partial<ProposedSubstitution> = {}): ProposedSubstitution => ({
  ...away("a", "b"),
  roles: null,
  ...more,
});
const context = (more: Partial<SubstitutionContext> = {}): SubstitutionContext => ({
  personPosts: clerk,
  substitutePosts: clerk,
  byHead: false,
  now: "2026-11-24T00:00:00.000Z",
  others: [],
  ...more,
});

describe("a substitution", () => {
  it.each<[string, Partial<ProposedSubstitution>, Partial<SubstitutionContext>, readonly string[]]>([
    ["of a colleague of the same standing", {}, {}, []],
    ["of one of higher standing", {}, { substitutePosts: head }, []],
    ["of a head by a clerk", {}, { personPosts: head }, ["SUBSTITUTE_LOWER"]],
    ["of a head by a clerk whom the head names", {}, { personPosts: head, byHead: true }, []],
    [
      "of the clerk's part of a head's posts alone",
      { roles: ["provider-clerk"] },
      { personPosts: [...clerk, ...head] },
      [],
    ],
    ["for roles that the person has not", { roles: ["operator"] }, {}, ["SUBSTITUTION_COVERS_NOTHING"]],
    [
      "by somebody elsewhere",
      {},
      { substitutePosts: [{ organisation: "p", role: "provider-head" }] },
      ["SUBSTITUTE_ELSEWHERE"],
    ],
    [
      "by a program's account",
      {},
      { substitutePosts: [{ organisation: "o", role: "worker" }], byHead: true },
      ["SUBSTITUTE_ELSEWHERE"],
    ],
    ["by oneself", { substitute: person("a") }, {}, ["SUBSTITUTE_ONESELF"]],
    ["that ends when it begins", { until: "2026-12-01T00:00:00.000Z" }, {}, ["PERIOD_EMPTY"]],
    ["that is over", {}, { now: "2027-01-01T00:00:00.000Z" }, ["PERIOD_PAST"]],
    ["beside another of the same person", {}, { others: [away("a", "c")] }, ["SUBSTITUTION_OVERLAPS"]],
    ["after another of the same person", {}, { others: [away("a", "c", ["2026-11-20", "2026-12-01"])] }, []],
    ["by one who is away then", {}, { others: [away("b", "c")] }, ["SUBSTITUTE_AWAY"]],
    ["by one who is away later", {}, { others: [away("b", "c", ["2026-12-10", "2026-12-12"])] }, []],
    ["that closes a loop of two", {}, { others: [away("b", "a")] }, ["SUBSTITUTION_LOOP"]],
    ["that closes a loop of three", {}, { others: [away("b", "c"), away("c", "a")] }, ["SUBSTITUTION_LOOP"]],
  ])("%s", (_what, change, around, codes) => {
    expect(faultsOf(proposed(change), context(around)).map(({ code }) => code)).toEqual(codes);
  });

  it("names the loop", () => {
    const [fault] = faultsOf(proposed(), context({ others: [away("b", "c"), away("c", "a")] }));
    expect(fault?.message.en).toContain("A → B → C → A");
  });

  it("ends in a loop that does not come back to whoever is away", () => {
    const others = [away("b", "c"), away("c", "d"), away("d", "c")];
    expect(faultsOf(proposed(), context({ others })).map(({ code }) => code)).toEqual(["SUBSTITUTE_AWAY"]);
  });

  it("leaves without anybody those for whom the one who goes stands in", () => {
    const others = [away("x", "a"), away("y", "a", ["2027-01-01", "2027-01-02"])];
    expect(leftUncovered(away("a", "b"), others).map(({ id }) => id)).toEqual(["x"]);
  });
});
