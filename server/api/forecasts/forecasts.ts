import type { z } from "zod";
import type { Dependence } from "../../../engine/analysis/what-if/forecast.ts";
import { caseForecast as foretellCase, type ForetoldCase, type ForetoldStep } from "../../forecasting/case-forecast.ts";
import { participantsOf } from "../../identity/participants.ts";
import { mayDo } from "../../identity/policy.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { outcomeTerms, roleName } from "../../tasks/outcomes.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import type { Bilingual } from "../shared/common.schema.ts";
import { caseForecast, type CaseForecast } from "./forecasts.schema.ts";

export const forecastRoutes = [
  defineRoute({
    method: "get",
    path: "/api/instances/:id/forecast",
    summary: "The remaining steps of a case, with who would do them and when, and on which decisions they depend",
    params: idParams,
    answer: caseForecast,
    handle: async ({ runtime, principal, params }) => {
      const involved = await participantsOf(runtime.store.read, params.id);
      const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [params.id]);
      if (!instance || !mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
      return present(runtime, await foretellCase(runtime, instance));
    },
  }),
];

function present(runtime: Runtime, { steps, end, latestEnd, models }: ForetoldCase): z.input<typeof caseForecast> {
  const nameOf = (element: string): Bilingual => {
    const node = models.flatMap((model) => model.elements.get(element) ?? [])[0];
    return { zh: node?.name ?? element, en: node?.documentation ?? node?.name ?? element };
  };
  return {
    steps: steps.map((step) => presentStep(runtime, step, nameOf)),
    end: {
      how: end.how,
      earliest: end.how === "ended" ? end.at : null,
      latest: latestEnd,
      name: end.how === "ended" ? null : nameOf(end.element),
      message: end.how === "incident" ? end.message : null,
    },
  };
}

function presentStep(
  runtime: Runtime,
  { walked, organisation, role, people, ground, asksAll, dependsOn, repeats, ...late }: ForetoldStep,
  nameOf: (element: string) => Bilingual,
): CaseForecast["steps"][number] {
  const term = outcomeTerms[walked.outcome ?? ""]?.label;
  return {
    element: walked.element,
    name: nameOf(walked.element),
    visit: walked.visit,
    isOpen: walked.created === null,
    organisation: organisation === "" ? null : organisationOf(runtime, organisation),
    role: role === "" ? null : { ...roleName(role) },
    people: people.map(({ id, name }) => ({ id, name })),
    ground,
    asksAll,
    opens: { earliest: walked.openedAt, latest: late.latestOpenedAt },
    due: { earliest: walked.dueAt, latest: late.latestDueAt },
    assumed: walked.outcome === null ? null : { ...(term ?? { zh: walked.outcome, en: walked.outcome }) },
    repeats,
    dependsOn: dependsOn.map((on) => presentDependence(on, nameOf)),
  };
}

function presentDependence(on: Dependence, nameOf: (element: string) => Bilingual) {
  const { element } = on;
  return "name" in on
    ? { on: on.on, element, name: { zh: on.name, en: on.name } }
    : { on: on.on, element, name: nameOf(element) };
}
