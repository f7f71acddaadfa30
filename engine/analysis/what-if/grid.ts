import { dimensionOf } from "../../routing/dimensions.ts";
import { RouteError, type Bilingual } from "../../routing/errors.ts";
import { factsOf } from "../../routing/facts.ts";
import type { Directory, Organisation } from "../../routing/organisations.ts";
import { isWithin } from "../../routing/regions.ts";
import type { Level } from "../../routing/types.ts";
import { casePath, type CasePath } from "./case-path.ts";
import type { ImaginedCase } from "./imagined-case.ts";
import type { WalkEnd } from "./walk-result.ts";

/** One combination of the dimensions that change a route most (domain rules b1 to b7). */
export interface GridCell {
  readonly applicantLevel: Level;
  readonly levelRelation: string;
  readonly regionRelation: string;
  readonly shareClass: string;
  readonly grade: number;
}

/** A case that stands for its cell: which departments of the directory, and the process that would carry it. */
export interface Representative {
  readonly applicant: Organisation;
  readonly provider: Organisation;
}

export type CellVerdict =
  | { readonly verdict: "covered"; readonly workingDays: number }
  /** Nobody can act, no condition holds, or nothing leads on: by the good way or by the outcome that is named. */
  | { readonly verdict: "uncovered"; readonly place: string; readonly message: string }
  | { readonly verdict: "endless"; readonly place: string }
  /** The limits of the steps add up to more than the applicant is promised end to end. */
  | { readonly verdict: "overLimit"; readonly endsBy: string; readonly promisedBy: string };

export interface CheckedCell {
  readonly cell: GridCell;
  readonly process: string;
  readonly applicant: string;
  readonly provider: string;
  readonly result: CellVerdict;
}

export interface GridReport {
  readonly cells: readonly CheckedCell[];
  /** Combinations that no two departments of the directory stand for. */
  readonly withoutCase: number;
}

const levelsOfApplicants: readonly Level[] = ["county", "zone", "city", "province"];

/** Imagines the case of a cell; `null` where no process that is looked at carries it. Throws `RouteError`. */
export type Imagine = (
  cell: GridCell,
  representative: Representative,
) => { process: string; imagined: ImaginedCase } | null;

export interface GridSetting {
  readonly imagine: Imagine;
  /** Region that one of the two sides must lie in; `null` looks everywhere. */
  readonly concerns: string | null;
  readonly pause: () => Promise<void>;
}

/**
 * Walks a case for each cell of level × relation × class × grade, by the evaluator that runs the cases. Every cell that is not
 * covered, goes round for ever or cannot keep the promise is told with the place where it fails. `pause` is called
 * before each cell, so that the server can do something else in between.
 */
export async function checkGrid(directory: Directory, { imagine, concerns, pause }: GridSetting): Promise<GridReport> {
  const relations = representatives(directory, concerns);
  const classes = valuesOf("resource.shareClass") as readonly string[];
  const grades = valuesOf("resource.grade") as readonly number[];
  const cells: CheckedCell[] = [];
  for (const { relation, representative } of relations)
    for (const shareClass of classes)
      for (const grade of grades) {
        await pause();
        const checked = checkCell({ ...relation, shareClass, grade }, representative, imagine);
        if (checked) cells.push(checked);
      }
  const possible = levelsOfApplicants.length * valuesOf("levelRelation").length * valuesOf("regionRelation").length;
  return { cells, withoutCase: (possible - relations.length) * classes.length * grades.length };
}

function valuesOf(key: string): readonly unknown[] {
  return dimensionOf(key)?.values.map(({ value }) => value) ?? [];
}

function checkCell(cell: GridCell, representative: Representative, imagine: Imagine): CheckedCell | null {
  const told = { cell, applicant: representative.applicant.id, provider: representative.provider.id };
  try {
    const found = imagine(cell, representative);
    if (!found) return null;
    const result = verdictOn(casePath(found.imagined, representative.applicant.region));
    return { ...told, process: found.process, result };
  } catch (error) {
    if (!(error instanceof RouteError)) throw error;
    return {
      ...told,
      process: "",
      result: { verdict: "uncovered", place: error.place, message: error.message },
    };
  }
}

function verdictOn(path: CasePath): CellVerdict {
  const fault =
    faultOf(path.end, null) ??
    path.deviations.map(({ end, element, outcome }) => faultOf(end, `${element} ${outcome}`)).find((found) => found) ??
    null;
  if (fault) return fault;
  const { endsBy, promised, withinPromise, workingDays } = path.total;
  if (!withinPromise && endsBy !== null && promised?.dueAt)
    return { verdict: "overLimit", endsBy, promisedBy: promised.dueAt };
  return { verdict: "covered", workingDays };
}

function faultOf(end: WalkEnd, decided: string | null): CellVerdict | null {
  const after = decided === null ? "" : ` (${decided})`;
  switch (end.how) {
    case "ended":
      return null;
    case "endless":
      return { verdict: "endless", place: `${end.element}${after}` };
    case "depends":
    case "waits":
      return { verdict: "uncovered", place: `${end.element}${after}`, message: "nothing leads on from here" };
    case "incident":
      return { verdict: "uncovered", place: `${end.element}${after}`, message: `${end.code}: ${end.message}` };
  }
}

type Relation = Pick<GridCell, "applicantLevel" | "levelRelation" | "regionRelation">;

/** For each relation that two departments of the directory stand in, the first such pair with a side in the region. */
export function representatives(
  directory: Directory,
  concerns: string | null,
): readonly { readonly relation: Relation; readonly representative: Representative }[] {
  const found = new Map<string, { relation: Relation; representative: Representative }>();
  const departments = [...directory.organisations.values()].filter(({ kind }) => kind === "department");
  const isConcerned = ({ region }: Organisation) => concerns === null || isWithin(directory.regions, region, concerns);
  for (const applicant of departments.filter(({ level }) => levelsOfApplicants.includes(level)))
    for (const provider of departments) {
      if (applicant === provider || !(isConcerned(applicant) || isConcerned(provider))) continue;
      const relation = relationOf(directory, applicant, provider);
      const key = JSON.stringify(relation);
      if (!found.has(key)) found.set(key, { relation, representative: { applicant, provider } });
    }
  return [...found.values()];
}

function relationOf(directory: Directory, applicant: Organisation, provider: Organisation): Relation {
  const parties = {
    applicant: { organisation: applicant.id, region: applicant.region },
    provider: { organisation: provider.id, region: provider.region },
    hop: null,
    breach: null,
    holder: null,
    sourceDepartment: null,
  };
  const facts = factsOf({}, "case", { directory, parties, acting: applicant, authorityModel: "relay" });
  return {
    applicantLevel: applicant.level,
    levelRelation: String(facts.dimensions.get("levelRelation")),
    regionRelation: String(facts.dimensions.get("regionRelation")),
  };
}

/** A cell in words. */
export function cellName(cell: GridCell): Bilingual {
  const parts: readonly (readonly [string, string | number])[] = [
    ["applicant.level", cell.applicantLevel],
    ["levelRelation", cell.levelRelation],
    ["regionRelation", cell.regionRelation],
    ["resource.shareClass", cell.shareClass],
    ["resource.grade", cell.grade],
  ];
  const labels = parts.map(
    ([key, value]) =>
      dimensionOf(key)?.values.find((candidate) => candidate.value === value)?.label ?? {
        zh: String(value),
        en: String(value),
      },
  );
  return { zh: labels.map(({ zh }) => zh).join(" · "), en: labels.map(({ en }) => en).join(" · ") };
}
