import { localDate } from "../../../engine/calendar/dates.ts";
import { RouteError } from "../../../engine/routing/errors.ts";
import { referTo } from "../../../engine/routing/organisations.ts";
import { parseRouteTable } from "../../../engine/routing/route-table.ts";
import { authorize } from "../../identity/policy.ts";
import { notFound, RuntimeProblem } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { gridOf, peersOf, replayCases, whatIf, type WhatIfQuestion } from "../../sharing/what-if.ts";
import { defineRoute } from "../route.ts";
import { presentCell, presentImagined, presentProblem } from "./present-what-if.ts";
import {
  gridAnswer,
  replayAnswer,
  replayBody,
  whatIfAnswer,
  whatIfBody,
  whatIfOptions,
  type ImaginedCaseView,
} from "./what-if.schema.ts";

export const whatIfRoutes = [
  defineRoute({
    method: "get",
    path: "/api/what-if/options",
    summary: "Departments and route tables that one may ask about",
    answer: whatIfOptions,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "whatIf.ask" }, runtime.content);
      const { organisations, routeTables } = runtime.content;
      return {
        applicants: [...organisations.values()].filter(({ kind }) => kind === "department").map(referTo),
        tables: routeTables.map(({ process, region }) => ({ process, region })),
      };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/what-if",
    summary: "How a case would go: path, actors, limits, due dates and why, without starting it",
    body: whatIfBody,
    answer: whatIfAnswer,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "whatIf.ask" }, runtime.content);
      const date = body.date ?? localDate(runtime.clock.now());
      const question = { ...body, date };
      const asked = await imaginedView(runtime, question);
      const provider = runtime.content.resources.find(({ id }) => id === body.resourceId)?.provider ?? "";
      const peers = body.besideOtherLevels ? peersOf(runtime, body.organisationId, provider) : [];
      const beside: ImaginedCaseView[] = [];
      for (const peer of peers) beside.push(await imaginedView(runtime, { ...question, organisationId: peer.id }));
      return { date, cases: [asked, ...beside] };
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/what-if/grid",
    summary: "Every combination of level, relation, class and grade, with those that nothing covers",
    answer: gridAnswer,
    handle: async ({ runtime, principal }) => {
      authorize(principal, { type: "definition.view" }, runtime.content);
      const { cells, withoutCase } = await gridOf(runtime, null);
      return { asOf: runtime.clock.now(), withoutCase, cells: cells.map((cell) => presentCell(runtime, cell)) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/what-if/replay",
    summary: "Which of the last cases would have gone another way with a changed route table",
    body: replayBody,
    answer: replayAnswer,
    handle: async ({ runtime, principal, body }) => {
      authorize(principal, { type: "whatIf.replay" }, runtime.content);
      const { process, region, dmn, last } = body;
      if (!runtime.content.regions.has(region)) throw notFound();
      const table = await readTable(dmn, { process, region });
      const { looked, changed } = await replayCases(runtime, table, last);
      return {
        looked,
        changed: changed.map(({ instanceId, caseNumber, changes }) => ({
          instanceId,
          caseNumber,
          changes: changes.map((change) => ({
            element: change.element,
            name: change.name ?? change.element,
            change: change.change,
            from: "from" in change ? change.from : null,
            to: "to" in change ? change.to : null,
          })),
        })),
      };
    },
  }),
];

/** A way that no rule gives is an answer too: it tells what is missing and how to mend it. */
async function imaginedView(runtime: Runtime, question: WhatIfQuestion): Promise<ImaginedCaseView> {
  try {
    return presentImagined(runtime, await whatIf(runtime, question));
  } catch (error) {
    if (error instanceof RouteError) return presentProblem(runtime, question.organisationId, error.sentence);
    throw error;
  }
}

async function readTable(dmn: string, { process, region }: { process: string; region: string }) {
  try {
    return await parseRouteTable(dmn, { process, region, version: "draft" }, `${process}/${region}.dmn`);
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    throw new RuntimeProblem(422, error.code, error.detail, error.mend);
  }
}
