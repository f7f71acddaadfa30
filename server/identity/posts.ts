import type { Content } from "../content/load-content.ts";
import type { Post, Principal } from "./sessions.ts";

/** What roles of the applicant's side begin with. */
export const applicantRoles = "applicant-";

/** The organisations at which these posts are held, each once. */
export function organisationsOf(posts: readonly Post[]): readonly string[] {
  return [...new Set(posts.map(({ organisation }) => organisation))];
}

/** Regions whose cases the person oversees: those of the posts as authority head, manager or supervisor, with everything below. */
export function overseen(principal: Principal, content: Content): readonly string[] {
  const overseeing = new Set(["manager", "supervisor", "authority-head", "auditor"]);
  return principal.posts.flatMap((post) =>
    overseeing.has(post.role) ? [content.organisations.get(post.organisation)?.region ?? ""] : [],
  );
}

export function withoutAudit(principal: Principal): Principal {
  return { ...principal, posts: principal.posts.filter(({ role }) => role !== "auditor") };
}

/** Regions of the person's posts at a data-sharing authority, with everything below. */
export function attended(principal: Principal, content: Content): readonly string[] {
  return principal.posts.flatMap((post) =>
    post.role.startsWith("authority-") ? [content.organisations.get(post.organisation)?.region ?? ""] : [],
  );
}

/** Divisions of GB/T 2260 nest by prefix: 520100 holds 5201xx, 520000 holds 52xxxx. */
export function regionPrefixes(regions: readonly string[]): readonly string[] {
  return [...new Set(regions)].map((region) =>
    region === "000000"
      ? "%"
      : region.endsWith("0000")
        ? `${region.slice(0, 2)}%`
        : region.endsWith("00")
          ? `${region.slice(0, 4)}%`
          : region,
  );
}
