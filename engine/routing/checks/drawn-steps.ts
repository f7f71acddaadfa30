import type { ProcessModel } from "../../model/process-model.ts";
import type { Position } from "../positions.ts";
import type { OrganisationKind } from "../organisations.ts";

/** What a process says of one step before any table speaks. */
export interface DrawnStep {
  readonly step: string;
  readonly at: string | null;
  readonly role: string | null;
  readonly limit: string | null;
}

/** Steps of each process by its key; a process without an entry is checked without them. */
export type DrawnSteps = ReadonlyMap<string, readonly DrawnStep[]>;

/** The steps that a process and all that it calls draw. */
export function stepsDrawnIn(model: ProcessModel, others: ReadonlyMap<string, ProcessModel>): readonly DrawnStep[] {
  const seen = new Set<string>();
  const walk = (process: ProcessModel): readonly DrawnStep[] => {
    if (seen.has(process.id)) return [];
    seen.add(process.id);
    return [...process.elements.values()].flatMap((node): readonly DrawnStep[] => {
      if (!("multiInstance" in node)) return [];
      const called = node.kind === "callActivity" ? others.get(node.calledProcess) : undefined;
      const own: DrawnStep = { step: node.step, at: node.at, role: node.role, limit: node.limit };
      return [own, ...(called ? walk(called) : [])];
    });
  };
  return walk(model);
}

const kinds: Readonly<Record<Position, readonly OrganisationKind[]>> = {
  applicant: ["department", "authority"],
  provider: ["department", "authority"],
  holder: ["department", "authority"],
  sourceDepartment: ["department", "authority"],
  systemOwner: ["department"],
  localBranch: ["department"],
  applicantAuthority: ["authority"],
  providerAuthority: ["authority"],
  hop: ["authority"],
  gateway: ["authority"],
  mediator: ["authority"],
  supervisor: ["authority", "supervision"],
  operator: ["operator"],
  mediatorGovernment: ["government"],
  emergencyOffice: ["emergency"],
};

/** Kinds of organisation that can stand at a position. */
export function kindsAt(position: Position): readonly OrganisationKind[] {
  return kinds[position];
}
