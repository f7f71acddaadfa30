import type { HopPlan } from "../../engine/routing/hops.ts";
import type { Organisation } from "../../engine/routing/organisations.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import type { ResourceEntry } from "../content/content.schema.ts";

/** What a route asks about a resource. */
export type ResourceFacts = Pick<
  ResourceEntry,
  "id" | "code" | "name" | "shareClass" | "hookup" | "grade" | "vertical"
>;

/** What the routes ask of a request of which nothing is said. */
export const plainRequest: Variables = {
  items: [],
  personalInfo: "none",
  mode: "query",
  emergency: "none",
  kind: "new",
  outsourced: false,
};

/** What a process knows of a case when it begins, besides its number and what brought it. */
export function caseVariables(sides: {
  readonly applicant: Organisation;
  readonly provider: Organisation;
  readonly resource: ResourceFacts;
  readonly request: Readonly<Record<string, Json>>;
  readonly direction: HopPlan["direction"];
}): Variables {
  return {
    applicant: partyOf(sides.applicant),
    provider: partyOf(sides.provider),
    resource: factsOf(sides.resource),
    request: sides.request,
    direction: sides.direction,
    hops: [],
    supplements: 0,
    reroutes: 0,
    extensionUsed: false,
  };
}

function partyOf({ id, region, level, name }: Organisation): Json {
  return { organisation: id, region, level, name: name.zh };
}

function factsOf({ id, code, name, shareClass, hookup, grade, vertical }: ResourceFacts): Json {
  return { id, code, name: name.zh, nameEn: name.en, shareClass, hookup, grade, vertical };
}
