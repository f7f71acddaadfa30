import { requireOrganisation, type Directory, type Organisation } from "./organisations.ts";
import { chainOf } from "./regions.ts";

/**
 * The upper organ that owns the system which `organisation` works with: the top of its line of vertical management. An organ of
 * local government owns its systems itself.
 */
export function systemOwnerOf(directory: Directory, organisation: string): Organisation {
  let owner = requireOrganisation(directory, organisation, "systemOwner");
  const passed = new Set<string>();
  while (owner.superior !== null && !passed.has(owner.id)) {
    passed.add(owner.id);
    owner = requireOrganisation(directory, owner.superior, "systemOwner");
  }
  return owner;
}

/**
 * The branch of a vertically managed body nearest to `region`: it is told and decides nothing. Throws `RouteError` POSITION_EMPTY
 * when the body has no branch for the region.
 */
export function localBranchOf(directory: Directory, organisation: string, region: string): Organisation {
  const owner = systemOwnerOf(directory, organisation);
  const branches = [...directory.organisations.values()].filter(
    (candidate) => candidate.superior !== null && systemOwnerOf(directory, candidate.id).id === owner.id,
  );
  for (const code of chainOf(directory.regions, region)) {
    const branch = branches.find((candidate) => candidate.region === code);
    if (branch) return branch;
  }
  return requireOrganisation(directory, null, "localBranch");
}

export interface RoutedProvider {
  readonly provider: Organisation;
  /** The local branch that the application would have gone to; it gets a copy. */
  readonly informed: Organisation | null;
}

/** Who answers for data of a vertically managed system: its owner; the branch is informed (domain dimension 11). */
export function routeProvider(directory: Directory, providerId: string): RoutedProvider {
  const named = requireOrganisation(directory, providerId, "provider");
  const owner = systemOwnerOf(directory, providerId);
  return { provider: owner, informed: owner.id === named.id ? null : named };
}
