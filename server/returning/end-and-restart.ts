import { authorsOf } from "../identity/authors.ts";
import type { Principal } from "../identity/sessions.ts";
import { nextCaseNumber, numberKindOf } from "../runtime/case-number.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import { appendJournal } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { rootVariables } from "../../engine/execution/variables.ts";
import { newId } from "../store/ids.ts";
import { json, text } from "../store/rows.ts";
import { filesIn, takeOverFiles } from "./carried-files.ts";
import { operateOnCase } from "../tasks/operate.ts";

interface CaseWish {
  readonly instanceId: string;
  readonly reason: string;
}

/** Ends a case that shall not go on, by who oversees it; its data are kept. */
export async function terminateCase(
  runtime: Runtime,
  principal: Principal,
  { instanceId, reason }: CaseWish,
  commandId: string | null,
): Promise<void> {
  const request = { principal, instanceId, operation: "terminate", reason, commandId } as const;
  await operateOnCase(runtime, request, {
    decide: async () => ({ type: "cancel", reason }),
    also: async ({ now }, { actor }) => [
      { at: now, type: "case.terminated", element: null, actor, payload: { code: "TERMINATED", reason } },
    ],
  });
}

/** What brings an ended case back: a new one, linked both ways, with what the old one was asked for. */
export type RestartBasis = "mediation" | "governmentDecision" | "overseer";

/**
 * Begins an ended case anew. The old one stays ended; the new one has a number, clocks and decisions of its own, and the data that
 * the old one began with as they last were. Gives the new case.
 */
export async function restartCase(
  runtime: Runtime,
  principal: Principal,
  wish: CaseWish & { readonly basis: RestartBasis },
  commandId: string | null,
): Promise<{ readonly instanceId: string; readonly caseNumber: string }> {
  const { instanceId, reason } = wish;
  await operateOnCase(
    runtime,
    { principal, instanceId, operation: "restart", reason, commandId },
    { also: async () => [] },
  );
  const known = await linkedFrom(runtime, instanceId);
  if (known) return known;
  try {
    return await beginAnew(runtime, principal, wish);
  } catch (error) {
    const own = await linkedFrom(runtime, instanceId, principal.id);
    // The same request came several times at once: what another copy of it has begun is the answer.
    if (error instanceof RuntimeProblem && error.code === restartedAlready && own) return own;
    throw error;
  }
}

const restartedAlready = "RESTARTED_ALREADY";

async function beginAnew(
  runtime: Runtime,
  principal: Principal,
  { instanceId, reason, basis }: CaseWish & { readonly basis: RestartBasis },
): Promise<{ readonly instanceId: string; readonly caseNumber: string }> {
  const [old] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!old) throw notFound();
  const processKey = text(old, "process_key");
  const newest = await runtime.models.newest(processKey);
  if (!newest)
    throw new RuntimeProblem(422, "PROCESS_NOT_PUBLISHED", {
      zh: `流程 ${processKey} 尚未发布`,
      en: `The process ${processKey} is not published`,
    });
  const id = newId();
  const now = runtime.clock.now();
  const caseNumber = await nextCaseNumber(runtime.store, numberKindOf(processKey), text(old, "applicant_region"), now);
  const oldNumber = text(old, "case_number");
  const carried = await filesIn(
    runtime.store.read,
    instanceId,
    beginning(rootVariables(json<InstanceState>(old, "state"))),
  );
  const actor = {
    kind: "person",
    id: principal.id,
    name: principal.name,
    organisation: principal.posts[0]?.organisation ?? null,
  } as const;
  const line = (type: string, other: string) => ({
    at: now,
    type,
    element: null,
    actor,
    payload: { caseNumber: other, reason, basis },
  });
  await runtime.start(
    {
      id,
      caseNumber,
      definitionId: newest.definitionId,
      processKey,
      startEvent: null,
      // Nobody decides on their own application, also when somebody else began it anew for them.
      authors: authorsOf(old),
      subject: { zh: text(old, "subject_zh"), en: text(old, "subject_en") },
      applicant: { organisation: text(old, "applicant_org"), region: text(old, "applicant_region") },
      provider: { organisation: text(old, "provider_org"), region: text(old, "provider_region") },
      variables: { ...carried.variables, caseNumber, originCase: oldNumber },
    },
    actor,
    null,
    async (tx) => {
      await tx.query(`SELECT id FROM instance WHERE id = ? ${tx.forUpdate}`, [instanceId]);
      const before = await tx.query("SELECT id FROM case_link WHERE from_id = ?", [instanceId]);
      if (before.length > 0)
        throw new RuntimeProblem(409, restartedAlready, {
          zh: "本案已经重启",
          en: "The case has been begun anew already",
        });
      await tx.insert("case_link", {
        id: newId(),
        from_id: instanceId,
        to_id: id,
        kind: basis,
        reason,
        by_id: principal.id,
        at: now,
      });
      await tx.execute("UPDATE application SET instance_id = ?, state = 'running' WHERE instance_id = ?", [
        id,
        instanceId,
      ]);
      if (carried.ids.size > 0)
        await tx.execute("UPDATE application SET request = ? WHERE instance_id = ?", [
          JSON.stringify(carried.variables["request"] ?? {}),
          id,
        ]);
      await appendJournal(tx, instanceId, [line("case.restarted", caseNumber)]);
      const files = await takeOverFiles(tx, carried.ids, {
        from: { id: instanceId, caseNumber: oldNumber },
        to: id,
        at: now,
      });
      await appendJournal(tx, id, [line("case.restartOf", oldNumber), ...files]);
    },
  );
  return { instanceId: id, caseNumber };
}

/** A case is begun anew once: the same request again gives the case that it began, or that this person began. */
async function linkedFrom(runtime: Runtime, instanceId: string, by: string | null = null) {
  const [row] = await runtime.store.read(
    `SELECT instance.id, instance.case_number, case_link.by_id FROM case_link JOIN instance ON instance.id = case_link.to_id
     WHERE case_link.from_id = ?`,
    [instanceId],
  );
  return row && (by === null || text(row, "by_id") === by)
    ? { instanceId: text(row, "id"), caseNumber: text(row, "case_number") }
    : null;
}

/** What a case is about, without what its steps had come to. */
function beginning(
  variables: InstanceState["scopes"][string]["variables"],
): InstanceState["scopes"][string]["variables"] {
  const facts = ["applicant", "provider", "resource", "request", "direction", "hops", "upwardMode"];
  const kept = Object.fromEntries(Object.entries(variables).filter(([name]) => facts.includes(name)));
  return { ...kept, supplements: 0, reroutes: 0, extensionUsed: false };
}
