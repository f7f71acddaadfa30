/** A role that somebody holds at an organisation. */
export interface WorkPost {
  readonly organisation: string;
  readonly role: string;
}

/** Posts of programs, of the product's own care and of audit: nobody hands official work to them. */
const unofficial: ReadonlySet<string> = new Set(["worker", "system-admin", "auditor"]);

/** How high a role stands: those who decide for an organisation above those who prepare. */
export function standingOfRole(role: string): 1 | 2 {
  return role.endsWith("-head") || role === "gov-decider" ? 2 : 1;
}

/** The highest standing that these posts give at the organisation; `null` for whoever has no official post there. */
export function standingIn(posts: readonly WorkPost[], organisation: string): 1 | 2 | null {
  const there = posts.filter((post) => post.organisation === organisation && !unofficial.has(post.role));
  if (there.length === 0) return null;
  return there.some(({ role }) => standingOfRole(role) === 2) ? 2 : 1;
}
