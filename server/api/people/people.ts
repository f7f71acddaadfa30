import { participantsOf } from "../../identity/participants.ts";
import { z } from "zod";
import { barTo, recipientsAt, type Recipient } from "../../handing/recipient.ts";
import { authorize, mayDo } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { organisationOf } from "../present.ts";
import { defineRoute } from "../route.ts";
import { people, peopleQuery, type PersonEntry } from "./people.schema.ts";

export const peopleRoutes = [
  defineRoute({
    method: "get",
    path: "/api/people",
    summary: "Who works at an organisation, and who of them can be given a task",
    query: peopleQuery,
    answer: people,
    handle: async ({ runtime, principal, query }) => {
      const task = query.task === undefined ? null : await visibleTask(runtime, principal, query.task);
      const inCase = task ? (await participantsOf(runtime.store.read, text(task, "instance_id"))).participants : [];
      const { organisation } = query;
      authorize(principal, { type: "people.view", organisation, inCase }, runtime.content);
      const found = await recipientsAt(runtime.store.read, organisation);
      return {
        items: await Promise.all(
          found.map(async (person) => ({
            ...entryOf(runtime, person, organisation),
            barred: task && (await barredFrom(runtime, principal, { task, person, operation: query.operation })),
          })),
        ),
      };
    },
  }),
];

async function visibleTask(runtime: Runtime, principal: Principal, id: string): Promise<Row> {
  const [task] = await runtime.store.read("SELECT * FROM task WHERE id = ?", [id]);
  if (!task) throw notFound();
  const involved = await participantsOf(runtime.store.read, text(task, "instance_id"));
  if (!mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
  return task;
}

async function barredFrom(
  runtime: Runtime,
  principal: Principal,
  about: {
    readonly task: Row;
    readonly person: Recipient;
    readonly operation: z.infer<typeof peopleQuery>["operation"];
  },
): Promise<PersonEntry["barred"]> {
  const query = runtime.store.read;
  const { task, person, operation } = about;
  const [instance] = await query("SELECT * FROM instance WHERE id = ?", [text(task, "instance_id")]);
  if (!instance) throw notFound();
  const bar = await barTo({ query, instance, task, operation, giver: principal.id }, person);
  return bar && { ...bar.message };
}

function entryOf(runtime: Runtime, { id, name, posts }: Recipient, organisation: string) {
  const roles = posts
    .filter((post) => post.organisation === organisation)
    .map(({ role }) => ({ code: role, name: { ...roleName(role) } }));
  return { id, name, organisation: organisationOf(runtime, organisation), roles };
}
