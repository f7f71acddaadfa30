import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, testNow, userTask } from "../../../test/support/bpmn.ts";
import { resolvedLimit } from "../../../test/support/resolved-limit.ts";
import { layerCalendars } from "../../calendar/working-days.ts";
import type { Variables } from "../../expressions/json.ts";
import { compileDefinitions } from "../../model/compile.ts";
import { RouteError } from "../../routing/errors.ts";
import type { Route } from "../../routing/types.ts";
import { casePath } from "./case-path.ts";
import { comparePaths } from "./compare-paths.ts";
import type { ImaginedCase } from "./imagined-case.ts";
import { walk } from "./walk.ts";

const calendar = layerCalendars(
  ["000000"],
  new Map([["000000", { region: "000000", years: [{ year: 2026, status: "official" as const, days: [] }] }]]),
);

/** Limits in working days by code, roles by step; a step whose role is missing has nobody. */
function routeOf(days: Readonly<Record<string, number>>, roles: Readonly<Record<string, string>> = {}): Route {
  return (query) => {
    const role = roles[query.step] ?? query.role ?? "clerk";
    if (role === "nobody")
      throw new RouteError("ROLE_NOT_HELD", query.step, { zh: "无人", en: "nobody" }, { zh: "任命", en: "appoint" });
    const organisation = {
      id: `o-${query.at ?? "x"}`,
      name: { zh: "局", en: "Office" },
      level: "county",
      region: "000000",
    } as const;
    const value = query.limit === null ? undefined : days[query.limit];
    return {
      perform: true,
      role,
      organisation,
      limit: value === undefined || query.limit === null ? null : resolvedLimit({ code: query.limit, value }),
      approval: null,
      forbids: [],
      fourEyes: [],
      explanation: {
        step: query.step,
        jurisdiction: "000000",
        layersAsked: [],
        rows: [],
        bounds: [],
        basis: [],
        sentence: { zh: "", en: "" },
      },
    };
  };
}

async function imagined(
  nodes: string,
  flows: string,
  more: {
    route?: Route;
    variables?: Variables;
    attributes?: string;
    root?: string;
    answers?: ImaginedCase["answers"];
  } = {},
): Promise<ImaginedCase> {
  const { processes, problems } = await compileDefinitions(
    bpmn(nodes, flows, { attributes: more.attributes ?? "", root: more.root ?? "" }),
  );
  const [model] = processes;
  if (!model) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return {
    model,
    called: new Map(),
    route: more.route ?? routeOf({ "L.A": 2, "L.B": 3 }),
    calendarOf: () => calendar,
    variables: more.variables ?? {},
    answers: more.answers ?? {},
    now: testNow,
  };
}

const decisionNodes = [
  startEvent(),
  userTask(
    "a",
    'jieli:limit="L.A" jieli:at="applicant" jieli:role="clerk" jieli:outcomes="approve reject" jieli:resultVariable="a"',
  ),
  gateway("exclusive", "x"),
  userTask("b", 'jieli:limit="L.B" jieli:at="provider" jieli:role="clerk" jieli:outcomes="agree"'),
  endEvent("granted"),
  endEvent("rejected"),
].join("");
const decisionFlows = 'start -> a -> x; x -> b default; b -> granted; x -> rejected if a = "reject"';

describe("a case that is imagined", () => {
  it("goes the way of the first outcomes, with due dates between the soonest and the latest", async () => {
    const path = casePath(await imagined(decisionNodes, decisionFlows), "000000");
    expect(path.end).toEqual({ how: "ended", at: path.total.endsBy, events: ["granted"] });
    expect(path.steps.map(({ element, outcome }) => [element, outcome])).toEqual([
      ["a", "approve"],
      ["b", "agree"],
    ]);
    // Monday 5 January: two working days for a; b begins on the 5th at the soonest, on the 7th at the latest.
    expect(path.steps.map(({ due }) => [due.earliest?.slice(0, 10), due.latest?.slice(0, 10)])).toEqual([
      ["2026-01-07", "2026-01-07"],
      ["2026-01-08", "2026-01-12"],
    ]);
    expect(path.total.workingDays).toBe(5);
  });

  it("tells what follows where a step is decided otherwise", async () => {
    const path = casePath(await imagined(decisionNodes, decisionFlows), "000000");
    expect(path.deviations).toEqual([
      {
        element: "a",
        visit: 1,
        outcome: "reject",
        steps: [],
        end: { how: "ended", at: testNow, events: ["rejected"] },
      },
    ]);
  });

  it("is held against the end-to-end promise", async () => {
    const within = async (days: number) =>
      casePath(
        await imagined(decisionNodes, decisionFlows, {
          route: routeOf({ "L.A": 2, "L.B": 3, "L.E2E": days }),
          attributes: 'jieli:limit="L.E2E"',
        }),
        "000000",
      ).total;
    expect(await within(5)).toMatchObject({ withinPromise: true, promised: { code: "L.E2E", value: 5 } });
    expect(await within(4)).toMatchObject({ withinPromise: false });
  });

  it("stops where nobody can act, and says so", async () => {
    const route = routeOf({ "L.A": 2, "L.B": 3 }, { b: "nobody" });
    const { end } = walk(await imagined(decisionNodes, decisionFlows, { route }), "atOnce");
    expect(end).toMatchObject({ how: "incident", element: "b" });
  });

  it("stops where a condition asks what nothing tells", async () => {
    const flows = 'start -> a -> x; x -> b default; b -> granted; x -> rejected if unheard = "reject"';
    const { end } = walk(await imagined(decisionNodes, flows), "atOnce");
    expect(end).toMatchObject({ how: "incident", element: "x" });
  });

  it("counts as endless where the good way goes round", async () => {
    const flows = "start -> a -> x; x -> a default; b -> granted; x -> b if 1 > 2; granted2 -> rejected";
    const nodes = decisionNodes + userTask("granted2");
    const { end } = walk(await imagined(nodes, flows.replace("; granted2 -> rejected", "; b -> rejected")), "atOnce");
    expect(end.how).toBe("endless");
  });

  it("hears the answers from outside that are given, and waits in vain for none", async () => {
    const nodes = [
      startEvent(),
      '<bpmn:receiveTask id="r" messageRef="m"/>',
      gateway("exclusive", "x"),
      endEvent("yes"),
      endEvent("no"),
    ].join("");
    const flows = 'start -> r -> x; x -> yes if reply = "yes"; x -> no default';
    const options = { root: '<bpmn:message id="m" name="partner.reply"/>' };
    const told = walk(
      await imagined(nodes, flows, { ...options, answers: { "partner.reply": { reply: "yes" } } }),
      "atOnce",
    );
    expect(told.end).toMatchObject({ how: "ended", events: ["yes"] });
    expect(walk(await imagined(nodes, flows, options), "atOnce").end).toMatchObject({ how: "incident", element: "x" });
  });
});

describe("the way of one case under two sets of rules", () => {
  it("differs by steps, actors and limits", async () => {
    const before = walk(await imagined(decisionNodes, decisionFlows), "atOnce");
    const after = walk(
      await imagined(decisionNodes, decisionFlows, { route: routeOf({ "L.A": 1, "L.B": 3 }, { b: "head" }) }),
      "atOnce",
    );
    expect(comparePaths(before, after)).toEqual([
      { element: "a", name: "a", visit: 1, change: "limit", from: "L.A 2 workday", to: "L.A 1 workday" },
      { element: "b", name: "b", visit: 1, change: "actor", from: "o-provider clerk", to: "o-provider head" },
    ]);
    expect(comparePaths(before, before)).toEqual([]);
    const short = { ...after, steps: after.steps.slice(0, 1) };
    expect(comparePaths(after, short)).toEqual([{ element: "b", name: "b", visit: 1, change: "removed" }]);
    expect(comparePaths(short, after)).toEqual([{ element: "b", name: "b", visit: 1, change: "added" }]);
  });
});
