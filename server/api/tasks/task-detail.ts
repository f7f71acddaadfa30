import { participantsOf } from "../../identity/participants.ts";
import type { z } from "zod";
import type { InstanceState } from "../../../engine/execution/state.ts";
import { rootVariables, variablesAt } from "../../../engine/execution/variables.ts";
import type { Json, Variables } from "../../../engine/expressions/json.ts";
import { localDate } from "../../../engine/calendar/dates.ts";
import { forbiddingOf } from "../../tasks/forbidden.ts";
import { chooserAt } from "../../choosing/offer.ts";
import { decisionsField } from "../../forms/item-decisions.ts";
import { readerOf, type Reader } from "../../forms/reader.ts";
import { stepForm, type StepForm } from "../../forms/step-form.ts";
import { mayDo } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { itemNames, type NameOfItem } from "../../sharing/item-names.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { caseSetting } from "../../returning/case-at.ts";
import { receiveTask } from "../../talk/readings.ts";
import { askingAbout } from "../../tasks/ask.ts";
import { outcomeLabel, outcomesToChoose, outcomeTerms } from "../../tasks/outcomes.ts";
import { chosenReasons } from "../../tasks/reason-codes.ts";
import { takingBackOf } from "../../returning/take-back.ts";
import { supplementUse } from "../../returning/supplement-use.ts";
import { whyNot } from "./why-not.ts";
import { usedUp } from "../../tasks/used-up.ts";
import { clockView } from "../present.ts";
import { abstentionOf, signingViewOf } from "./signing-view.ts";
import { presentFilled } from "../shared/filled.schema.ts";
import { custodyOf, verdictViews, workUnder } from "./task-work.ts";
import { taskColumns, tasksWithCases, taskSummaryOf } from "./task-summary.ts";
import type { taskDetail } from "./tasks.schema.ts";

/** One task with everything that its screen shows. Throws 404 for whoever may not see the case. */
export async function taskDetailOf(
  runtime: Runtime,
  principal: Principal,
  id: string,
): Promise<z.input<typeof taskDetail>> {
  const [row] = await runtime.store.read(`SELECT ${taskColumns} ${tasksWithCases} WHERE task.id = ?`, [id]);
  if (!row) throw notFound();
  const involved = await participantsOf(runtime.store.read, text(row, "instance_id"));
  if (!mayDo(principal, { type: "case.view", ...involved }, runtime.content)) throw notFound();
  const [instance] = await runtime.store.read("SELECT * FROM instance WHERE id = ?", [text(row, "instance_id")]);
  if (!instance) throw notFound();
  const asking = await askingAbout(runtime, principal, instance);
  const operations = verdictViews(await asking(row));
  const mayWork = operations.some(
    ({ operation, allowed }) => allowed && (operation === "decide" || operation === "answer"),
  );
  if (mayWork) await receiveTask(runtime, principal, row);
  const clocks = await runtime.store.read("SELECT * FROM clock WHERE instance_id = ? ORDER BY started_at, id", [
    text(row, "instance_id"),
  ]);
  const state = json<InstanceState>(instance, "state");
  const variables = state.waits[text(row, "wait_id")] ? variablesAt(state, text(row, "wait_id")) : rootVariables(state);
  const explanation = optionalText(row, "explanation");
  const reader = await readerOf(runtime, principal, instance, state);
  const step = await stepForm(runtime, { task: row, instance, state });
  const signing = await signingViewOf(runtime, row, asking, namesOfItems(reader, row, step, variables));
  const supplement = await supplementUse(runtime.store.read, row, variables);
  return {
    ...taskSummaryOf(runtime, principal, row),
    form: step ? { ...(mayWork ? step.form : reader.readable(step.form)) } : null,
    today: localDate(runtime.clock.now()),
    data: dataFor(reader.variables(variables)),
    filled: presentFilled(await reader.filled(variables)),
    outcomes: outcomesToChoose(text(row, "outcomes"))
      .filter((code) => usedUp(runtime, instance, { variables, supplement }, code) === null)
      .map((code) => {
        const term = outcomeTerms[code];
        return {
          code,
          label: { ...outcomeLabel(code, step?.form.id ?? null) },
          tone: term?.tone ?? ("neutral" as const),
          needsReasonCode: term?.needsReasonCode ?? false,
          needsOpinion: term?.needsOpinion ?? false,
          reasonCodes: term?.reasonCodes ? [...term.reasonCodes] : null,
        };
      })
      .concat(abstentionOf(signing)),
    signing,
    chooses: mayWork && (await choosesAt(runtime, row, instance, state)),
    reasonCodes: chosenReasons(runtime).map(({ source: _source, rules: _rules, givenBy: _by, ...reason }) => reason),
    clocks: clocks.map((clock) => clockView(runtime, clock)),
    explanation: explanation === null ? null : (JSON.parse(explanation) as z.input<typeof taskDetail>["explanation"]),
    definitionId: text(row, "definition_id"),
    question: optionalText(row, "ask"),
    parentId: optionalText(row, "parent_id"),
    operations,
    work: await workUnder(runtime, row, operations),
    custody: await custodyOf(runtime, row),
    blocked: await whyNot(runtime, principal, row, operations),
    takingBack: await takingBackView(runtime, principal, row, instance),
  };
}

async function takingBackView(runtime: Runtime, principal: Principal, row: Row, instance: Row) {
  if (text(instance, "status") !== "running") return null;
  const found = await takingBackOf(runtime.store.read, row, principal.id);
  return found && { taskId: text(found.task, "id"), rev: integer(found.task, "rev"), refused: found.refused };
}

async function choosesAt(runtime: Runtime, task: Row, instance: Row, state: InstanceState): Promise<boolean> {
  if (forbiddingOf(task, "choose")) return false;
  const setting = await caseSetting(runtime, instance);
  return chooserAt({ ...setting, state }, text(task, "wait_id")) !== null;
}

/** Names of the items that the step decides; `null` where it decides none, or the reader may not see it. */
function namesOfItems(reader: Reader, task: Row, step: StepForm | null, variables: Variables): NameOfItem | null {
  const field = decisionsField(step?.form ?? null);
  if (!field || !reader.seesField(text(task, "element"), field.key)) return null;
  return itemNames(variables);
}

/** What the form shows: the application and what earlier steps wrote. */
function dataFor(variables: Readonly<Record<string, Json>>): Record<string, unknown> {
  const { forms, hop, delivery, decidedItems, askedItems, ...others } = variables;
  const { applicant, provider, resource, request, direction } = others;
  const decided = Object.entries({ hop, delivery, decidedItems, askedItems }).filter(
    // Emptied where the decision fell.
    ([, value]) => value !== undefined && value !== null,
  );
  return { applicant, provider, resource, request, direction, forms: forms ?? {}, ...Object.fromEntries(decided) };
}
