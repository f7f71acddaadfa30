import type { z } from "zod";
import { nameOf, stepName } from "../../choosing/choose.ts";
import { choosable, excludedFrom, type Offer, type PeopleOffer } from "../../choosing/offer.ts";
import { choicesFor } from "../../choosing/preview.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { organisationOf } from "../present.ts";
import { defineRoute, idParams } from "../route.ts";
import { choicesBody, choicesView } from "./choices.schema.ts";

export const choiceRoutes = [
  defineRoute({
    method: "post",
    path: "/api/tasks/:id/choices",
    summary:
      "Which branch and which people may be chosen by hand with a decision, and what the rule gives; nothing is kept",
    params: idParams,
    body: choicesBody,
    answer: choicesView,
    handle: async ({ runtime, principal, params, body }) => {
      const { offer, formComplete } = await choicesFor(runtime, principal, params.id, body);
      return { formComplete, ...presentOffer(runtime, offer) };
    },
  }),
];

function presentOffer(runtime: Runtime, offer: Offer | null): Omit<z.input<typeof choicesView>, "formComplete"> {
  if (!offer) return { branch: null, people: [] };
  const { branch, people } = offer;
  return {
    branch: branch && {
      gateway: branch.gateway,
      flows: branch.flows.map((flow) => ({ flow: flow.id, name: nameOf(flow), ruled: flow.id === branch.ruled })),
    },
    people: people.map((asked) => presentPeople(runtime, asked)),
  };
}

function presentPeople(runtime: Runtime, asked: PeopleOffer): z.input<typeof choicesView>["people"][number] {
  const { step, decision, seats, required, least, most } = asked;
  const fixed = seats.filter(({ rule }) => rule.required).flatMap(({ persons }) => persons);
  return {
    element: step.id,
    name: stepName(asked),
    organisation: organisationOf(runtime, decision.organisation.id),
    role: { code: decision.role, name: { ...roleName(decision.role) } },
    required,
    least,
    most,
    persons: choosable(seats).map((person) => ({ ...person })),
    excluded: excludedFrom(seats).map((person) => ({ ...person })),
    fixed: fixed.map((person) => ({ ...person })),
  };
}
