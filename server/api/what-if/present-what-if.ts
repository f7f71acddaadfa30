import type { CheckedCell } from "../../../engine/analysis/what-if/grid.ts";
import { cellName } from "../../../engine/analysis/what-if/grid.ts";
import type { PathStep } from "../../../engine/analysis/what-if/case-path.ts";
import type { WalkEnd } from "../../../engine/analysis/what-if/walk-result.ts";
import type { Bilingual } from "../../../engine/routing/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Imagined } from "../../sharing/what-if.ts";
import { organisationOf } from "../present.ts";
import { outcomeTerms, roleName } from "../../tasks/outcomes.ts";
import type { GridAnswer, ImaginedCaseView } from "./what-if.schema.ts";

type Names = Imagined["names"];

export function presentImagined(runtime: Runtime, { applicant, process, path, names }: Imagined): ImaginedCaseView {
  const { promised, workingDays, endsBy, withinPromise } = path.total;
  return {
    applicant: organisationOf(runtime, applicant.id),
    process: { key: process, name: nameOf(names, process) },
    problem: null,
    steps: path.steps.map((step) => presentStep(step, names)),
    skipped: path.skipped.map(({ element, explanation }) => ({
      element,
      name: nameOf(names, element),
      sentence: explanation.sentence,
    })),
    end: presentEnd(path.end, names),
    deviations: path.deviations.map(({ element, outcome, steps, end }) => ({
      element,
      name: nameOf(names, element),
      outcome: outcomeName(outcome),
      steps: steps.map((step) => nameOf(names, step)),
      end: presentEnd(end, names),
    })),
    total: {
      workingDays,
      endsBy,
      promisedBy: promised?.dueAt ?? null,
      promised: promised && { code: promised.code, value: promised.value, unit: promised.unit },
      withinPromise,
    },
  };
}

/** No way at all for this applicant. */
export function presentProblem(runtime: Runtime, organisationId: string, problem: Bilingual): ImaginedCaseView {
  return {
    applicant: organisationOf(runtime, organisationId),
    process: null,
    problem,
    steps: [],
    skipped: [],
    end: null,
    deviations: [],
    total: null,
  };
}

function presentStep(step: PathStep, names: Names): ImaginedCaseView["steps"][number] {
  const { decision, limit } = step;
  return {
    element: step.element,
    name: nameOf(names, step.element),
    visit: step.visit,
    organisation: decision?.organisation ?? null,
    role: decision ? roleName(decision.role) : null,
    limit: limit && {
      code: limit.code,
      value: limit.value,
      unit: limit.unit,
      promised: limit.promised,
      source: { ...limit.source },
      verified: limit.verified,
    },
    due: { ...step.due },
    outcome: step.outcome === null ? null : outcomeName(step.outcome),
    explanation:
      decision &&
      (JSON.parse(JSON.stringify(decision.explanation)) as ImaginedCaseView["steps"][number]["explanation"]),
  };
}

function presentEnd(end: WalkEnd, names: Names): NonNullable<ImaginedCaseView["end"]> {
  const element = end.how === "ended" ? (end.events.at(-1) ?? null) : end.element;
  return {
    how: end.how,
    element,
    name: element === null ? null : nameOf(names, element),
    message: end.how === "incident" ? `${end.code}: ${end.message}` : null,
  };
}

export function presentCell(runtime: Runtime, checked: CheckedCell): GridAnswer["cells"][number] {
  const { cell, process, applicant, provider, result } = checked;
  return {
    ...cell,
    name: cellName(cell),
    process,
    applicant: organisationOf(runtime, applicant),
    provider: organisationOf(runtime, provider),
    verdict: result.verdict,
    place: "place" in result ? result.place : null,
    message: messageOf(result),
    workingDays: result.verdict === "covered" ? result.workingDays : null,
  };
}

function messageOf(result: CheckedCell["result"]): string | null {
  if (result.verdict === "uncovered") return result.message;
  return result.verdict === "overLimit" ? `${result.endsBy} > ${result.promisedBy}` : null;
}

function nameOf(names: Names, element: string): Bilingual {
  return names.get(element) ?? { zh: element, en: element };
}

function outcomeName(outcome: string): Bilingual {
  return outcomeTerms[outcome]?.label ?? { zh: outcome, en: outcome };
}
