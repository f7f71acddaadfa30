import type { z } from "zod";
import { participantsOf } from "../../identity/participants.ts";
import { mayDo, visibleCases } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { defineRoute } from "../route.ts";
import { blockedCases } from "./blocked.schema.ts";

type Blocked = z.input<typeof blockedCases>["items"][number];

export const blockedRoutes = [
  defineRoute({
    method: "get",
    path: "/api/blocked-cases",
    summary: "Cases that stand still until somebody mends something, for those who oversee them",
    answer: blockedCases,
    handle: async ({ runtime, principal }) => ({
      items: [...(await withIncidents(runtime, principal)), ...(await foundByWatch(runtime, principal))],
    }),
  }),
];

const columns = "instance.*, definition.name_zh, definition.name_en";
const from = "FROM instance JOIN definition ON definition.id = instance.definition_id";

async function withIncidents(runtime: Runtime, principal: Principal): Promise<readonly Blocked[]> {
  const scope = visibleCases(principal, runtime.content);
  const rows = await runtime.store.read(
    `SELECT ${columns}, incident.element AS stuck_at, incident.code, incident.message, incident.at AS stuck_since
     ${from} JOIN incident ON incident.instance_id = instance.id
     WHERE instance.status IN ('running', 'suspended') AND ${scope.sql} ORDER BY incident.at, incident.id LIMIT 500`,
    [...scope.parameters],
  );
  const found: Blocked[] = [];
  for (const row of rows) {
    if (!(await oversees(runtime, principal, text(row, "id")))) continue;
    const model = await runtime.models.get(text(row, "definition_id"));
    const at = text(row, "stuck_at");
    const node = model.elements.get(at);
    found.push({
      ...presentCase(row),
      why: "incident",
      code: text(row, "code"),
      element: { zh: node?.name ?? at, en: node?.documentation ?? node?.name ?? at },
      message: text(row, "message"),
      since: text(row, "stuck_since"),
    });
  }
  return found;
}

async function foundByWatch(runtime: Runtime, principal: Principal): Promise<readonly Blocked[]> {
  const found: Blocked[] = [];
  for (const { instanceId, problem, detail } of runtime.findings) {
    const [row] = await runtime.store.read(`SELECT ${columns} ${from} WHERE instance.id = ?`, [instanceId]);
    if (!row || !(await oversees(runtime, principal, instanceId))) continue;
    found.push({ ...presentCase(row), why: problem, code: null, element: null, message: detail, since: null });
  }
  return found;
}

async function oversees(runtime: Runtime, principal: Principal, instanceId: string): Promise<boolean> {
  const { regions } = await participantsOf(runtime.store.read, instanceId);
  return mayDo(principal, { type: "case.operate", regions }, runtime.content);
}

function presentCase(row: Row) {
  return {
    instanceId: text(row, "id"),
    caseNumber: text(row, "case_number"),
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
    process: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    dueAt: optionalText(row, "due_at"),
  };
}
