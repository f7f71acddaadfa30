import { z } from "zod";
import { gradeOf } from "../../identity/stand-ins.ts";
import type { StartEntry } from "../../content/content.schema.ts";
import { acceptForm } from "../../forms/accept-form.ts";
import { attachmentsNamed, startPlace } from "../../forms/attachments.ts";
import { startForm } from "../../forms/start-form.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { notFound } from "../../runtime/errors.ts";
import { beginnerOf, organisationsToBeginAt, requireBeginner } from "../../sharing/start-rights.ts";
import { startByHand, tellByHand } from "../../sharing/starts.ts";
import { text } from "../../store/rows.ts";
import { organisationOf } from "../present.ts";
import { defineRoute } from "../route.ts";
import { startBody, startedCase, startOptions, type StartBody, type StartOption } from "./starts.schema.ts";

export const startRoutes = [
  defineRoute({
    method: "get",
    path: "/api/starts",
    summary: "Ways to begin a process by hand that are open to me",
    answer: startOptions,
    handle: async ({ runtime, principal }) => {
      const items: StartOption[] = [];
      for (const folder of runtime.content.processes) {
        const newest = folder.starts.length > 0 ? await runtime.models.newest(folder.key) : null;
        if (!newest) continue;
        const process = { key: folder.key, name: newest.name };
        for (const start of folder.starts) {
          const option = await optionFor(runtime, principal, { process: folder.key, start }, newest.definitionId);
          if (option) items.push({ process, ...option });
        }
      }
      const departments = [...runtime.content.organisations.values()].filter(({ kind }) => kind === "department");
      return { items, organisations: departments.map(({ id }) => organisationOf(runtime, id)) };
    },
  }),
  defineRoute({
    method: "post",
    path: "/api/processes/:key/cases",
    summary: "Begin a process by hand, or tell a case of it that runs",
    params: z.object({ key: z.string() }),
    body: startBody,
    answer: startedCase,
    status: 201,
    handle: async ({ runtime, principal, params, body, commandId }) => {
      const folder = runtime.content.processes.find(({ key }) => key === params.key);
      const start = folder?.starts.find(({ key }) => key === body.start);
      if (!folder || !start) throw notFound();
      const action = { type: "process.start", organisation: body.organisationId, role: start.role } as const;
      const beginner = requireBeginner(runtime.content, principal, action, () => ({
        processKey: folder.key,
        grade: gradeOf(runtime.content, body.resourceId),
      }));
      const definitionId = await definitionFor(runtime, folder.key, start, body);
      const accepted = await acceptStart({ runtime, principal }, definitionId, start, body);
      const asked = { process: folder.key, definitionId, start, body, ...accepted };
      return start.begin.type === "case"
        ? startByHand(runtime, beginner, { ...asked, event: start.begin.event }, commandId)
        : tellByHand(runtime, beginner, { ...asked, message: start.begin.name }, commandId);
    },
  }),
];

/** The start, if this person may begin it for one of their organisations. */
async function optionFor(
  runtime: Runtime,
  principal: Principal,
  { process, start }: { readonly process: string; readonly start: StartEntry },
  definitionId: string,
): Promise<Omit<StartOption, "process"> | null> {
  // Which data it will be about is not known yet: their grade is asked when it is begun.
  const grade = needsOf(start) === "resource" ? 0 : gradeOf(runtime.content, null);
  const organisations = organisationsToBeginAt(principal).flatMap((organisation) => {
    const action = { type: "process.start", organisation, role: start.role } as const;
    const beginner = beginnerOf(runtime.content, principal, action, () => ({ processKey: process, grade }));
    return beginner ? [{ ...organisationOf(runtime, organisation), inSteadOf: beginner.inSteadOf }] : [];
  });
  const [first] = organisations;
  if (first === undefined) return null;
  const dressed = await startForm(runtime, { definitionId, form: start.form, organisation: first.id, resource: null });
  if (!dressed) return null;
  return {
    key: start.key,
    name: start.name,
    form: { ...dressed.form },
    today: dressed.context.today,
    organisations,
    needs: needsOf(start),
  };
}

/** A new case begins with the newest version; a running one is told by the form of the version that it runs on. */
async function definitionFor(runtime: Runtime, process: string, start: StartEntry, body: StartBody): Promise<string> {
  if (start.begin.type === "message") {
    const [running] = await runtime.store.read(
      "SELECT definition_id FROM instance WHERE case_number = ? AND process_key = ?",
      [body.caseNumber ?? "", process],
    );
    if (running) return text(running, "definition_id");
  }
  const newest = await runtime.models.newest(process);
  if (!newest) throw notFound();
  return newest.definitionId;
}

async function acceptStart(
  { runtime, principal }: { runtime: Runtime; principal: Principal },
  definitionId: string,
  start: StartEntry,
  body: StartBody,
) {
  const { organisationId: organisation, resourceId: resource } = body;
  const dressed = await startForm(runtime, { definitionId, form: start.form, organisation, resource });
  if (!dressed) throw notFound();
  const sender = { person: principal.id, instanceId: null, place: startPlace };
  const attachment = await attachmentsNamed(runtime.store.read, dressed.form, body.form, sender);
  return { form: dressed.form, values: acceptForm(dressed.form, body.form, { ...dressed.context, attachment }) };
}

function needsOf(start: StartEntry): StartOption["needs"] {
  if (start.begin.type === "message") return "case";
  switch (start.other) {
    case "resourceProvider":
      return "resource";
    case "organisation":
      return "organisation";
    case "ownAuthority":
    case "none":
      return "nothing";
  }
}
