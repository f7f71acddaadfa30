import type { z } from "zod";
import type { Variables } from "../../../engine/expressions/json.ts";
import { mayDo } from "../../identity/policy.ts";
import { participantsOf } from "../../identity/participants.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { grantsSeenBy } from "../../sharing/grant-rights.ts";
import { grantOfRow } from "../../sharing/grants.ts";
import { text } from "../../store/rows.ts";
import type { relatedTo } from "./instances.schema.ts";

type Related = z.input<typeof relatedTo>;

/**
 * What a reader has to open to understand a case: the grant that it gave or supervises, the case that gave it, and the one that it
 * came from. What the reader may not see is not named.
 */
export async function relatedOf(
  runtime: Runtime,
  principal: Principal,
  id: string,
  variables: Variables,
): Promise<readonly Related[]> {
  const rows = await grantsSeenBy(runtime.store.read, runtime.content, principal, {
    sql: "access_grant.instance_id = ? OR access_grant.supervision_id = ?",
    parameters: [id, id],
  });
  const grants = rows.map(grantOfRow);
  const origins = [
    ...grants.filter((grant) => grant.id !== id).map(({ caseNumber }) => caseNumber),
    ...(typeof variables["originCase"] === "string" ? [variables["originCase"]] : []),
  ];
  return [
    ...grants.map((grant): Related => ({ kind: "grant", id: grant.id, number: grant.caseNumber })),
    ...(await casesOf(runtime, principal, [...new Set(origins)])),
  ];
}

async function casesOf(
  runtime: Runtime,
  principal: Principal,
  numbers: readonly string[],
): Promise<readonly Related[]> {
  const found: Related[] = [];
  for (const number of numbers) {
    const [row] = await runtime.store.read("SELECT id FROM instance WHERE case_number = ?", [number]);
    if (!row) continue;
    const { participants, regions } = await participantsOf(runtime.store.read, text(row, "id"));
    if (mayDo(principal, { type: "case.view", participants, regions }, runtime.content))
      found.push({ kind: "case", id: text(row, "id"), number });
  }
  return found;
}
