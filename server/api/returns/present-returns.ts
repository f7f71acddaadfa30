import type { z } from "zod";
import { variablesAt } from "../../../engine/execution/variables.ts";
import type { FlowNode, ProcessModel } from "../../../engine/model/process-model.ts";
import { notFound } from "../../runtime/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { caseAt, type CaseAt } from "../../returning/case-at.ts";
import { foresee, type ClockEffect } from "../../returning/foresee.ts";
import type { Principal } from "../../identity/sessions.ts";
import { holderAfter } from "../../returning/holders.ts";
import { homeOfToken, modelsAt } from "../../returning/homes.ts";
import { fallenBy, processesOf, type Afterwards, type PlannedReturn } from "../../returning/plan.ts";
import { commandFor } from "../../returning/return-task.ts";
import { supplementUse } from "../../returning/supplement-use.ts";
import { returnTargets as targetsOf } from "../../returning/targets.ts";
import { outcomeTerms, roleName } from "../../tasks/outcomes.ts";
import { organisationOf } from "../present.ts";
import type { returnPreview, returnTargets } from "./returns.schema.ts";

export interface TaskAt {
  readonly at: CaseAt;
  readonly task: Row;
}

export async function taskAt(runtime: Runtime, taskId: string): Promise<TaskAt> {
  const [task] = await runtime.store.read("SELECT * FROM task WHERE id = ?", [taskId]);
  const [instance] = task
    ? await runtime.store.read("SELECT * FROM instance WHERE id = ?", [text(task, "instance_id")])
    : [];
  if (!task || !instance) throw notFound();
  return { at: await caseAt(runtime, runtime.store.read, instance), task };
}

export async function presentTargets(runtime: Runtime, { at, task }: TaskAt): Promise<z.input<typeof returnTargets>> {
  const { possible, impossible } = await targetsOf(at, task);
  const modelOf = modelsAt(processesOf(at)).at;
  return {
    targets: possible.map(({ kinds, planned }) => ({
      ...stepOf(planned.target),
      kind: kinds[0] ?? ("element" as const),
      supplement: planned.supplement,
      afterwards: planned.supplement && planned.wayBack.possible ? ("backToMe" as const) : ("walkAgain" as const),
      noWayBack: planned.wayBack.possible ? null : planned.wayBack.because,
      siblings: planned.siblings.map((row) => siblingOf(runtime, row)),
    })),
    refused: impossible.map(({ element, scope, problem }) => ({
      ...stepNamed(modelOf(scope), element),
      code: problem.code,
      because: { ...problem.message },
    })),
    supplement: await useOf(runtime, { at, task }),
  };
}

async function useOf(runtime: Runtime, { at, task }: TaskAt) {
  const query = (sql: string, parameters?: readonly (string | number | null)[]) => runtime.store.read(sql, parameters);
  const { used, permitted } = await supplementUse(query, task, variablesAt(at.state, text(task, "wait_id")));
  return { used, permitted };
}

interface ImaginedReturn {
  readonly planned: PlannedReturn;
  readonly afterwards: Afterwards;
  readonly by: Principal;
}

/** Everything that a return would do, worked out by what would do it. */
export async function presentPreview(
  runtime: Runtime,
  { at, task }: TaskAt,
  { planned, afterwards, by }: ImaginedReturn,
): Promise<z.input<typeof returnPreview>> {
  const query = (sql: string, parameters?: readonly (string | number | null)[]) => runtime.store.read(sql, parameters);
  const { events, state, clocks } = await foresee(runtime, query, at, commandFor(planned, "preview"));
  const fallen = fallenBy(at, planned, afterwards);
  const modelOf = modelsAt({ ...processesOf(at), state }).at;
  const opened = events.flatMap((event) =>
    event.type === "task.created" && event.decision
      ? [
          {
            ...stepNamed(modelOf(homeOfToken(state, state.waits[event.wait]?.token ?? "")), event.element),
            organisation: organisationOf(runtime, event.decision.organisation.id),
            role: roleName(event.decision.role),
            person: null,
            again: false,
          },
        ]
      : [],
  );
  const isOpened = (row: Row) =>
    opened.some(
      (step) => step.element === text(row, "element") && step.organisation.id === optionalText(row, "organisation_id"),
    );
  const between = fallen.filter((row) => text(row, "element") !== planned.target.id && !isOpened(row));
  // Whoever returns it gets it back; when the way is walked again, whoever may takes it.
  const personAgain = (row: Row) =>
    row === task && afterwards === "backToMe"
      ? (holderAfter(task, by)?.name ?? null)
      : optionalText(row, "assignee_name");
  const later = afterwards === "backToMe" ? [...planned.siblings, task] : [...between, task];
  return {
    target: stepOf(planned.target),
    fallen: fallen.map((row) => ({
      ...namedRow(row),
      task: text(row, "id"),
      who: optionalText(row, "assignee_name"),
      outcome: outcomeTerms[optionalText(row, "outcome") ?? ""]?.label ?? { zh: "完成", en: "done" },
      decidedAt: text(row, "completed_at"),
    })),
    acting: [
      ...opened,
      ...later.map((row) => ({
        ...namedRow(row),
        organisation: organisationOf(runtime, text(row, "organisation_id")),
        role: roleName(text(row, "role")),
        person: personAgain(row),
        again: true,
      })),
    ],
    clocks: clocks.map((effect) => clockOf(effect, planned.supplement)),
    siblings: planned.siblings.map((row) => siblingOf(runtime, row)),
    supplement: { uses: planned.supplement, ...(await useOf(runtime, { at, task })) },
  };
}

function clockOf({ before, after }: ClockEffect, supplement: boolean) {
  const { resolved, ledger } = after;
  const stopped = ledger.stoppedAt !== null;
  const rule = supplement ? resolved.onSupplement : resolved.onReturn;
  return {
    limit: resolved.code,
    name: { zh: resolved.name.zh, en: resolved.name.en },
    dueBefore: before?.ledger.dueAt ?? null,
    dueAfter: stopped ? null : ledger.dueAt,
    effect: effectOf({ before, after }),
    later:
      stopped || ledger.state === "paused" ? (rule === "restart" ? ("restart" as const) : ("resume" as const)) : null,
  };
}

function effectOf({ before, after }: ClockEffect) {
  const { ledger } = after;
  if (before === null) return "started" as const;
  if (ledger.stoppedAt !== null) return "stopped" as const;
  if (ledger.state === "paused") return "paused" as const;
  if (ledger.round !== before.ledger.round) return "restarted" as const;
  return before.ledger.stoppedAt !== null || before.ledger.state === "paused"
    ? ("goesOn" as const)
    : ("moved" as const);
}

function stepOf(node: FlowNode) {
  return { element: node.id, name: { zh: node.name ?? node.id, en: node.documentation ?? node.name ?? node.id } };
}

function stepNamed(model: ProcessModel | null, element: string) {
  const node = model?.elements.get(element);
  return node ? stepOf(node) : { element, name: { zh: element, en: element } };
}

function namedRow(row: Row) {
  return { element: text(row, "element"), name: { zh: text(row, "name"), en: text(row, "name_en") } };
}

function siblingOf(runtime: Runtime, row: Row) {
  return {
    ...namedRow(row),
    task: text(row, "id"),
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    assignee: optionalText(row, "assignee_name"),
  };
}
