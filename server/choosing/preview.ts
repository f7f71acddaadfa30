import type { z } from "zod";
import type { InstanceState } from "../../engine/execution/state.ts";
import type { choicesBody } from "../api/choices/choices.schema.ts";
import { authorsOf } from "../identity/authors.ts";
import type { Principal } from "../identity/sessions.ts";
import { caseSetting } from "../returning/case-at.ts";
import { leadsBack } from "../returning/lead-back.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { json, text } from "../store/rows.ts";
import { requireAllowed } from "../tasks/ask.ts";
import { completionOf, nothingWritten, writtenForm, type TaskInCase, type Written } from "../tasks/completion.ts";
import { forbiddingOf } from "../tasks/forbidden.ts";
import { offerAt, type Offer } from "./offer.ts";

type Asked = z.infer<typeof choicesBody>;

/**
 * What whoever decides so could choose now; by the same functions that admit the choice. Throws what the door would throw for
 * somebody who may not decide.
 */
export async function choicesFor(
  runtime: Runtime,
  principal: Principal,
  taskId: string,
  asked: Asked,
): Promise<{ readonly offer: Offer | null; readonly formComplete: boolean }> {
  const query = runtime.store.read;
  const [task] = await query("SELECT * FROM task WHERE id = ?", [taskId]);
  const [instance] = task ? await query("SELECT * FROM instance WHERE id = ?", [text(task, "instance_id")]) : [];
  if (!task || !instance) throw notFound();
  await requireAllowed(runtime, principal, { operation: "decide", instance, task });
  if (forbiddingOf(task, "choose")) return { offer: null, formComplete: true };
  const inCase = { query, instance, state: json<InstanceState>(instance, "state"), task };
  const { written, formComplete } = await writtenSoFar(runtime, principal, asked, inCase);
  const vote = { outcome: asked.outcome, written: written.values, items: written.items };
  const command = completionOf(inCase, vote);
  if (await leadsBack(runtime, inCase, command)) return { offer: null, formComplete };
  const seats = { query, instanceId: text(instance, "id"), authors: authorsOf(instance) };
  const setting = { ...(await caseSetting(runtime, instance)), seats };
  const chosen = asked.branch === null ? command : { ...command, branch: asked.branch };
  return { offer: await offerAt(setting, chosen, [principal.id]), formComplete };
}

/** A form that still needs corrections counts as not filled in. */
async function writtenSoFar(
  runtime: Runtime,
  principal: Principal,
  { outcome, form }: Asked,
  inCase: TaskInCase,
): Promise<{ readonly written: Written; readonly formComplete: boolean }> {
  const decision = { outcome, form, reasonCode: null, citation: null, opinion: "" };
  try {
    return { written: await writtenForm({ runtime, principal, decision }, inCase), formComplete: true };
  } catch (error) {
    if (!(error instanceof RuntimeProblem) || error.status !== 422) throw error;
    return { written: nothingWritten, formComplete: false };
  }
}
