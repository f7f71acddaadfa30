import { setImmediate } from "node:timers/promises";
import { planJump } from "../../engine/analysis/operations/return-plan.ts";
import type { Principal } from "../identity/sessions.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Within } from "../runtime/dispatch.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { newId } from "../store/ids.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { operateOnCase } from "../tasks/operate.ts";
import { caseAt } from "./case-at.ts";
import { emptiedBy } from "./added-items.ts";
import { standsAs } from "./homes.ts";
import { followsOf, situationsBeforeReturn, stands, votesIn } from "./plan.ts";
import { closeAs, markFallen } from "./return-task.ts";

/** An overseer asks for a jump to an element. Nothing moves before a second one confirms it. */
export async function askForJump(
  runtime: Runtime,
  principal: Principal,
  { instanceId, element, reason }: { readonly instanceId: string; readonly element: string; readonly reason: string },
  commandId: string | null,
): Promise<void> {
  await operateOnCase(
    runtime,
    { principal, instanceId, operation: "jump", reason, commandId },
    {
      decide: async (within) => {
        await plan(runtime, within, element);
        await requireNotAsked(within, element);
        await within.tx.execute(
          "UPDATE case_jump SET state = 'refused', settled_at = ? WHERE instance_id = ? AND state = 'asked'",
          [within.now, instanceId],
        );
        return null;
      },
      also: async ({ tx, now }, { actor }) => {
        await tx.insert("case_jump", {
          id: newId(),
          instance_id: instanceId,
          element,
          reason,
          asked_by: actor.id,
          asked_by_name: actor.name,
          asked_at: now,
          state: "asked",
          settled_by: null,
          settled_by_name: null,
          settled_at: null,
        });
        return [{ at: now, type: "jump.asked", element, actor, payload: { reason } }];
      },
    },
  );
}

async function requireNotAsked({ tx, instance }: Within, element: string): Promise<void> {
  const [asked] = await tx.query(
    "SELECT asked_by_name FROM case_jump WHERE instance_id = ? AND state = 'asked' AND element = ?",
    [text(instance, "id"), element],
  );
  if (!asked) return;
  const who = text(asked, "asked_by_name");
  throw new RuntimeProblem(409, "JUMP_ASKED_ALREADY", {
    zh: `${who}已申请跳转到该环节，待另一人确认`,
    en: `${who} has asked for this jump already: a second person has to confirm it`,
  });
}

interface Settled {
  readonly instanceId: string;
  readonly reason: string;
  readonly accepted: boolean;
}

/** A second overseer confirms the jump, and it happens, or refuses it. Throws 409 for whoever asked for it. */
export async function settleJump(
  runtime: Runtime,
  principal: Principal,
  { instanceId, reason, accepted }: Settled,
  commandId: string | null,
): Promise<void> {
  let asked: Row | null = null;
  let fallen: readonly Row[] = [];
  await operateOnCase(
    runtime,
    { principal, instanceId, operation: "jump", reason, commandId },
    {
      decide: async (within) => {
        asked = await askedJump(within, principal);
        if (!accepted) return null;
        const { cancel, start } = await plan(runtime, within, text(asked, "element"));
        fallen = await fallenNow(runtime, within, { element: text(asked, "element"), taken: cancel });
        const variables = emptiedBy(within.state, fallen);
        return { type: "moveTokens", cancel, start, reason: text(asked, "reason"), variables };
      },
      also: async (within, { actor }, events) => {
        if (!asked) throw new Error("a jump was settled before it was found");
        const { tx, now } = within;
        const element = text(asked, "element");
        const waits = events.flatMap((event) => (event.type === "task.cancelled" ? [event.wait] : []));
        await closeAs(within, waits, "jumped");
        await tx.execute(
          "UPDATE case_jump SET state = ?, settled_by = ?, settled_by_name = ?, settled_at = ? WHERE id = ?",
          [accepted ? "done" : "refused", actor.id, actor.name, now, text(asked, "id")],
        );
        const payload = { reason, askedBy: text(asked, "asked_by_name") };
        const line = { at: now, type: accepted ? "jump.done" : "jump.refused", element, actor, payload };
        return [line, ...(await markFallen(within, fallen, "returned"))];
      },
    },
  );
}

async function askedJump({ tx, instance }: Within, principal: Principal): Promise<Row> {
  const [row] = await tx.query("SELECT * FROM case_jump WHERE instance_id = ? AND state = 'asked'", [
    text(instance, "id"),
  ]);
  if (!row)
    throw new RuntimeProblem(409, "NO_JUMP_ASKED", { zh: "没有待确认的跳转", en: "There is no jump to be confirmed" });
  if (text(row, "asked_by") === principal.id)
    throw new RuntimeProblem(409, "SECOND_PERSON_NEEDED", {
      zh: "跳转须由另一人确认，申请人不能自行确认",
      en: "A jump is confirmed by a second person, not by who asked for it",
    });
  return row;
}

async function plan(runtime: Runtime, { tx, instance }: Within, element: string) {
  const { model, called, state } = await caseAt(runtime, tx.query, instance);
  const bounds = { situations: situationsBeforeReturn, pause: async () => setImmediate() };
  const planned = await planJump(model, called, state, element, bounds);
  const [problem] = planned.problems;
  if (problem) throw new RuntimeProblem(409, problem.code, problem.message);
  return planned;
}

/** Decisions that a jump makes void: those of the step itself and of all that follow it, and votes without a result. */
async function fallenNow(
  runtime: Runtime,
  { tx, instance }: Within,
  { element, taken }: { readonly element: string; readonly taken: readonly string[] },
): Promise<readonly Row[]> {
  const at = await caseAt(runtime, tx.query, instance);
  const follows = followsOf({ model: at.model, scope: null }, element, at.tasks);
  const isBehind = (row: Row) => standsAs(row, null) === element || follows(row);
  const votes = new Set(votesIn(at, taken));
  return at.tasks.filter((row) => stands(row) && (isBehind(row) || votes.has(row)));
}
