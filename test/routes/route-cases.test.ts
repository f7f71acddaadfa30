import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startClock } from "../../engine/calendar/clock.ts";
import { localDate } from "../../engine/calendar/dates.ts";
import { layerCalendars } from "../../engine/calendar/working-days.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { planHops } from "../../engine/routing/hops.ts";
import type { Directory, Organisation } from "../../engine/routing/organisations.ts";
import { chainOf } from "../../engine/routing/regions.ts";
import { createRouter } from "../../engine/routing/resolve.ts";
import type { Route, RouteQuery } from "../../engine/routing/types.ts";
import { drawnSteps } from "../../server/content/drawn-steps.ts";
import { loadContent, type Content } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";
import { directoryOf } from "../support/directory.ts";
import { situations, type Situation } from "./route-situations.ts";
import { expectedPath, type ExpectedStep } from "./rule-sheet.ts";

let content: Content;
let directory: Directory;
beforeAll(async () => {
  content = await loadContent(join(packageRoot(), "processes"));
  directory = { regions: content.regions, organisations: new Map([...content.organisations, ...elsewhere()]) };
});

/** Bureaus of other places, which the demo does not ship. */
function elsewhere(): ReadonlyMap<string, Organisation> {
  const roles = ["authority-reviewer", "authority-head", "operator", "applicant-clerk", "applicant-head"];
  const provider = ["provider-clerk", "provider-head", "security-reviewer"];
  return directoryOf(
    "",
    `
    yy-data authority 520103 level=county
    yy-civil department 520103 level=county
    gp-data authority 140581 level=county
    gp-civil department 140581 level=county
    jc-data authority 140500 level=city
    jc-civil department 140500 level=city
    jc-operator operator 140500 level=city
    sx-data authority 140000 level=province
    sx-civil department 140000 level=province
    sd-data authority 370000 level=province
    jn-data authority 370800 level=city
    jn-civil department 370800 level=city
    `,
    [...roles, ...provider],
  ).organisations;
}

const asked = (step: string, at: string, role: string, limit: string | null): RouteQuery => ({
  element: step,
  step,
  at,
  role,
  limit,
});
const signOff = asked("sign-off", "applicant", "applicant-head", "L.SIGNOFF");
const leader = asked("leader-sign-off", "applicant", "applicant-head", "L.SIGNOFF");
const review = asked("review", "applicantAuthority", "authority-reviewer", "L.REVIEW");
const ownCheck = asked("own-check", "applicantAuthority", "authority-reviewer", "L.REVIEW");
const relay = asked("relay", "hop", "authority-reviewer", "L.HOP");
const gateway = asked("gateway", "gateway", "authority-reviewer", "L.GATEWAY");
const dispatch = asked("dispatch", "providerAuthority", "authority-reviewer", "L.DISPATCH");
const assessment = asked("pi-assessment", "provider", "provider-clerk", null);
const security = asked("security-review", "provider", "security-reviewer", null);
const reply = asked("reply", "provider", "provider-head", "L.REPLY.COND");
const deliver = asked("deliver", "operator", "operator", "L.DELIVER");
const accept = asked("accept", "applicant", "applicant-clerk", "L.ACCEPT");

function routedPath(situation: Situation): readonly ExpectedStep[] {
  const { applicant, provider } = situation;
  const plan = planHops(directory, applicant.region, provider.region, "viaParentAuthority");
  const route = createRouter({
    directory,
    packs: content.rulePacks,
    tables: content.routeTables.filter(({ process }) => process === (situation.sameRegion ? "ds-01" : "ds-03")),
    date: situation.date,
  });
  const variables = variablesOf(situation);
  const answer = (query: RouteQuery, more: Variables = {}) =>
    stepOf(route, query, { ...variables, ...more }, situation);
  const theirs = plan.gateway ? [gateway] : [...(situation.sameRegion ? [] : [dispatch]), assessment, security, reply];
  return [
    ...answer(signOff),
    ...answer(leader),
    ...answer(situation.sameRegion ? review : ownCheck),
    ...plan.hops.flatMap(({ id, region }) => answer(relay, { hop: { organisation: id, region } })),
    ...theirs.flatMap((query) => answer(query)),
    ...answer(deliver),
    ...answer(accept),
  ];
}

function variablesOf({ applicant, provider, ...told }: Situation): Variables {
  const { grade, hookup, personalInfo, mode, outsourced } = told;
  return {
    applicant: { organisation: applicant.id, region: applicant.region, level: applicant.level },
    provider: { organisation: provider.id, region: provider.region, level: provider.level },
    resource: { shareClass: "conditional", hookup, grade, vertical: "none" },
    request: { personalInfo, mode, outsourced, emergency: "none", kind: "new" },
  };
}

function stepOf(route: Route, query: RouteQuery, variables: Variables, { date }: Situation): readonly ExpectedStep[] {
  const { perform, organisation, role, limit } = route(query, variables);
  if (!perform) return [];
  const calendar = limit && layerCalendars(chainOf(content.regions, limit.calendarRegion), content.calendars);
  const clock = limit && calendar && startClock(limit, calendar, `${date}T02:00:00.000Z`);
  const due = clock?.dueAt ? localDate(new Date(Date.parse(clock.dueAt) - 1).toISOString()) : "";
  return [
    {
      step: query.step,
      organisation: organisation.id,
      role,
      limit: limit && { code: limit.code, workdays: limit.value, due, pack: limit.packRegion },
    },
  ];
}

describe("the published table of routes", () => {
  it("holds at least 200 cases, and is the rule sheet applied to the situations", async () => {
    expect(situations.length).toBeGreaterThanOrEqual(200);
    const table = situations.map((situation) => ({
      case: situation.name,
      hops: situation.chain.hops.map(({ id }) => id),
      mediator: situation.chain.mediator,
      path: expectedPath(situation).map(({ step, organisation, role, limit }) =>
        [step, organisation, role, ...(limit ? [`${limit.code} ${limit.workdays}d`, limit.due, limit.pack] : [])].join(
          " | ",
        ),
      ),
    }));
    await expect(`${JSON.stringify(table, null, 1)}\n`).toMatchFileSnapshot("route-cases.json");
  });

  it("asks for steps as the processes draw them", async () => {
    const drawn = await drawnSteps(content.processes);
    const shared = [signOff, leader, assessment, security, reply, deliver, accept];
    for (const [process, queries] of [
      ["ds-01", [...shared, review]],
      ["ds-03", [...shared, ownCheck, relay, dispatch]],
    ] as const) {
      for (const { step, at, role, limit } of queries)
        expect(drawn.get(process)).toContainEqual({ step, at, role, limit });
    }
  });
});

const hostZone = process.env["TZ"];
describe.each(["America/New_York", "Asia/Shanghai", "UTC", "Pacific/Kiritimati"])("on a host in %s", (zone) => {
  beforeAll(() => {
    process.env["TZ"] = zone;
  });
  afterAll(() => {
    if (hostZone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = hostZone;
  });

  it.each(situations)("$name", (situation) => {
    const { applicant, provider, chain } = situation;
    const plan = planHops(directory, applicant.region, provider.region, "viaParentAuthority");
    expect(plan.hops.map(({ id }) => id)).toEqual(chain.hops.map(({ id }) => id));
    expect(plan.gateway?.id ?? null).toBe(chain.gateway?.id ?? null);
    expect(routedPath(situation)).toEqual(expectedPath(situation));
    const route = createRouter({ directory, packs: content.rulePacks, tables: [], date: situation.date });
    expect(route(asked("mediate", "mediator", "", null), variablesOf(situation)).organisation.id).toBe(chain.mediator);
  });
});
