import { authorize, mayDo } from "../../identity/policy.ts";
import { organisationsOf } from "../../identity/posts.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { countUse, dropPhrase, keepPhrase, phraseOf, phrasesFor } from "../../talk/phrases.ts";
import { defineRoute, idParams } from "../route.ts";
import { phraseBody, phraseList, phraseQuery, type PhraseList } from "./phrases.schema.ts";

export const phraseRoutes = [
  defineRoute({
    method: "get",
    path: "/api/phrases",
    summary: "My phrases and those of my organisations, the most used first",
    query: phraseQuery,
    answer: phraseList,
    handle: async ({ runtime, principal, query }) => listed(runtime, principal, query.outcome ?? null),
  }),
  defineRoute({
    method: "post",
    path: "/api/phrases",
    summary: "Keep a phrase, for me or, as its head, for an organisation",
    body: phraseBody,
    answer: phraseList,
    status: 201,
    handle: async ({ runtime, principal, body }) => {
      const { organisationId, outcome } = body;
      if (organisationId !== null)
        authorize(principal, { type: "phrases.maintain", organisation: organisationId }, runtime.content);
      await keepPhrase(runtime.store, principal, {
        owner: organisationId === null ? "person" : "organisation",
        ownerId: organisationId ?? principal.id,
        outcome,
        body: body.body,
        at: new Date().toISOString(),
      });
      return listed(runtime, principal, outcome);
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/phrases/:id/use",
    summary: "Count that I used a phrase",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      await readable(runtime, principal, params.id);
      await countUse(runtime.store, params.id);
      return undefined;
    },
  }),
  defineRoute({
    method: "delete",
    path: "/api/phrases/:id",
    summary: "Delete a phrase of mine or of an organisation that I head",
    params: idParams,
    handle: async ({ runtime, principal, params }) => {
      if (!mayRemove(runtime, principal, await readable(runtime, principal, params.id))) throw notFound();
      await dropPhrase(runtime.store, params.id);
      return undefined;
    },
  }),
];

async function listed(runtime: Runtime, principal: Principal, outcome: string | null): Promise<PhraseList> {
  const rows = await phrasesFor(runtime.store, principal, outcome);
  return {
    items: rows.map((row) => ({
      id: text(row, "id"),
      owner: phraseList.shape.items.element.shape.owner.parse(text(row, "owner")),
      outcome: optionalText(row, "outcome"),
      body: text(row, "body"),
      uses: integer(row, "uses"),
      mayRemove: mayRemove(runtime, principal, row),
    })),
    maintains: organisationsOf(principal.posts).filter((organisation) =>
      mayDo(principal, { type: "phrases.maintain", organisation }, runtime.content),
    ),
  };
}

async function readable(runtime: Runtime, principal: Principal, id: string): Promise<Row> {
  const row = await phraseOf(runtime.store, id);
  const owner = text(row, "owner_id");
  const isOurs = principal.id === owner || principal.posts.some(({ organisation }) => organisation === owner);
  if (!isOurs) throw notFound();
  return row;
}

function mayRemove(runtime: Runtime, principal: Principal, row: Row): boolean {
  const owner = text(row, "owner_id");
  return text(row, "owner") === "person"
    ? owner === principal.id
    : mayDo(principal, { type: "phrases.maintain", organisation: owner }, runtime.content);
}
