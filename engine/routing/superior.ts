import { organisationOfKind, type Directory, type Organisation } from "./organisations.ts";
import { chainOf } from "./regions.ts";

export interface Post {
  readonly organisation: Organisation;
  readonly role: string;
}

/**
 * Who stands next above a post: the head of the same organisation, and above a head the organisation's own superior organ or,
 * for an authority, that of the region above. `null` where nobody does.
 */
export function nextSuperior(directory: Directory, { organisation, role }: Post): Post | null {
  if (!isHead(role)) {
    const head = headRoleOf(organisation, role);
    return head === null ? null : { organisation, role: head };
  }
  const above = organisationAbove(directory, organisation);
  return above?.roles.includes(role) ? { organisation: above, role } : null;
}

function isHead(role: string): boolean {
  return role.endsWith("-head");
}

/** The head of the same side (`provider-clerk` → `provider-head`), else any head that the organisation has. */
function headRoleOf({ roles }: Organisation, role: string): string | null {
  const side = `${role.split("-")[0] ?? ""}-head`;
  return roles.includes(side) ? side : (roles.find(isHead) ?? null);
}

function organisationAbove(directory: Directory, organisation: Organisation): Organisation | null {
  if (organisation.superior !== null) return directory.organisations.get(organisation.superior) ?? null;
  if (organisation.kind !== "authority") return null;
  const [, ...regions] = chainOf(directory.regions, organisation.region);
  for (const region of regions) {
    const found = organisationOfKind(directory, region, organisation.kind);
    if (found) return found;
  }
  return null;
}
