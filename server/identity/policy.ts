import type { GrantSide } from "../../engine/sharing/grant.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import type { Content } from "../content/load-content.ts";
import type { Participants } from "./participants.ts";
import { hasApplied, notAppliedBy, type Authors } from "./authors.ts";
import { mayActOnGrant, type GrantParties } from "./grant-policy.ts";
import { applicantRoles, attended, organisationsOf, overseen, regionPrefixes, withoutAudit } from "./posts.ts";
import { notFound } from "../runtime/errors.ts";
import { allOf, anyOf, oneOf, type ScopeCondition } from "./scope.ts";
import type { Post, Principal, StandIn } from "./sessions.ts";
import { coveredCases, standInsFor } from "./stand-ins.ts";

/** What can be asked, with the object it is asked about. Every route and every list goes through here. */
export type Action =
  | { readonly type: "application.start"; readonly organisation: string }
  | { readonly type: "process.start"; readonly organisation: string; readonly role: string }
  | ({ readonly type: "case.view" } & Participants)
  | ({
      readonly type: "task.work";
      readonly organisation: string;
      readonly role: string;
      readonly assignee: string | null;
    } & Authors)
  | { readonly type: "definition.view" }
  | { readonly type: "definition.deploy" }
  | { readonly type: "rules.view" }
  | { readonly type: "rules.write"; readonly region: string }
  | { readonly type: "definition.simulate" }
  | { readonly type: "sla.view" }
  | { readonly type: "whatIf.ask" }
  | { readonly type: "whatIf.replay" }
  | { readonly type: "ledger.view"; readonly person: string | null }
  | { readonly type: "case.operate"; readonly regions: readonly string[] }
  | { readonly type: "case.migrate" }
  | { readonly type: "case.delete" }
  | { readonly type: "job.work" }
  | { readonly type: "message.send" }
  | { readonly type: "clock.move" }
  | { readonly type: "calendar.view" }
  | { readonly type: "calendar.edit"; readonly region: string }
  | { readonly type: "card.contest"; readonly organisation: string }
  | { readonly type: "card.decide"; readonly organisation: string; readonly region: string }
  | { readonly type: "order.reply"; readonly organisation: string }
  | { readonly type: "order.verify"; readonly asker: string }
  | {
      readonly type: "people.view";
      readonly organisation: string;
      /** Organisations of a case that the person may see, for whoever asks about its work; else none. */
      readonly inCase: readonly string[];
    }
  | { readonly type: "substitution.arrange"; readonly person: string; readonly organisation: string }
  | { readonly type: "person.leave"; readonly person: string; readonly organisations: readonly string[] }
  | { readonly type: "notice.receive"; readonly organisation: string; readonly role: string }
  | ({ readonly type: "grant.act"; readonly side: GrantSide } & GrantParties)
  | { readonly type: "grant.overview" }
  | { readonly type: "notices.administer" }
  | { readonly type: "phrases.maintain"; readonly organisation: string }
  | { readonly type: "use.report" };

export { applicantRoles, regionPrefixes } from "./posts.ts";

export function mayDo(principal: Principal, action: Action, content: Content): boolean {
  const holds = (role: string, organisation?: string) =>
    principal.posts.some(
      (post) => post.role === role && (organisation === undefined || post.organisation === organisation),
    );
  switch (action.type) {
    case "application.start":
      return holds("applicant-clerk", action.organisation);
    case "process.start":
      return holds(action.role, action.organisation);
    case "case.view":
      return seesCase(principal, action, content) || seesCaseInStead(principal, action, content);
    case "task.work":
      // Nobody decides on their own application. Whoever applied, or wrote it in their stead, goes on as the applicant
      // (supplements, accepts), and nothing else, also where the applicant is itself the authority or with a second post.
      if (hasApplied(action, principal.id) && !action.role.startsWith(applicantRoles)) return false;
      return holds(action.role, action.organisation) && (action.assignee === null || action.assignee === principal.id);
    case "definition.view":
      return principal.posts.length > 0;
    case "definition.deploy":
      return holds("designer");
    case "rules.view":
      return principal.posts.length > 0;
    case "rules.write":
      // A designer writes the rules of their own region and of those below it.
      return principal.posts.some(
        (post) =>
          post.role === "designer" &&
          isWithin(content.regions, action.region, content.organisations.get(post.organisation)?.region ?? ""),
      );
    case "definition.simulate":
      return holds("designer") || holds("manager");
    case "sla.view":
      return overseen(principal, content).length > 0;
    case "whatIf.ask":
      return principal.posts.length > 0;
    case "whatIf.replay":
      return holds("designer") || overseen(withoutAudit(principal), content).length > 0;
    case "ledger.view":
      // One's own record is everybody's; that of others is for those who oversee a region, and only in it (`visibleDecisions`).
      return action.person === principal.id || overseen(principal, content).length > 0;
    case "case.operate":
      // An auditor sees everything of the region and changes nothing.
      return overseen(withoutAudit(principal), content).some((region) =>
        action.regions.some((inner) => isWithin(content.regions, inner, region)),
      );
    case "case.migrate":
      return holds("designer");
    case "case.delete":
      return holds("system-admin");
    case "job.work":
      return holds("worker");
    case "message.send":
      return holds("worker");
    case "clock.move":
      return holds("system-admin") || holds("manager");
    case "calendar.view":
      return principal.posts.length > 0;
    case "calendar.edit":
      return (
        holds("system-admin") ||
        overseen(withoutAudit(principal), content).some((region) => isWithin(content.regions, action.region, region))
      );
    case "card.contest":
      return headsOf(principal, action.organisation);
    case "card.decide":
      // Nobody decides on a card against their own organisation.
      return (
        !principal.posts.some(({ organisation }) => organisation === action.organisation) &&
        overseen(withoutAudit(principal), content).some((region) => isWithin(content.regions, action.region, region))
      );
    case "phrases.maintain":
    case "order.reply":
      return headsOf(principal, action.organisation);
    case "order.verify":
      return holds("supervisor", action.asker);
    case "people.view":
      return (
        action.inCase.includes(action.organisation) ||
        principal.posts.some(({ organisation }) => organisation === action.organisation) ||
        holds("system-admin") ||
        overseen(principal, content).some((region) =>
          isWithin(content.regions, content.organisations.get(action.organisation)?.region ?? "", region),
        )
      );
    case "substitution.arrange":
      return (
        headsOf(principal, action.organisation) ||
        (action.person === principal.id &&
          principal.posts.some(({ organisation }) => organisation === action.organisation))
      );
    case "person.leave":
      // Nobody signs themselves off: somebody else must see that the work is in other hands.
      return (
        action.person !== principal.id &&
        (holds("system-admin") ||
          (action.organisations.length > 0 &&
            action.organisations.every((organisation) => headsOf(principal, organisation))))
      );
    case "notices.administer":
      return holds("system-admin");
    case "notice.receive":
      return holds(action.role, action.organisation);
    case "grant.act":
      return mayActOnGrant(principal, action, content);
    case "grant.overview":
      return (
        overseen(principal, content).length > 0 ||
        attended(principal, content).length > 0 ||
        principal.standsInFor.some(({ posts }) => attended({ ...principal, posts }, content).length > 0)
      );
    case "use.report":
      return holds("worker");
  }
}

/** Whether the person sees the case by posts of their own. */
export function seesCase(
  principal: Principal,
  { participants, regions }: Pick<Participants, "participants" | "regions">,
  content: Content,
): boolean {
  return (
    principal.posts.some((post) => participants.includes(post.organisation)) ||
    overseen(principal, content).some((region) => regions.some((inner) => isWithin(content.regions, inner, region)))
  );
}

/** A substitute sees what whoever they stand in for does, as far as the substitution goes. */
function seesCaseInStead(principal: Principal, involved: Participants, content: Content): boolean {
  return standInsFor(content, principal, involved.about).some(({ posts }) =>
    seesCase({ ...principal, posts }, involved, content),
  );
}

/** Whoever answers for an organisation: its heads, by any of their roles. */
function headsOf(principal: Principal, organisation: string): boolean {
  return principal.posts.some((post) => post.organisation === organisation && post.role.endsWith("-head"));
}

/** Refuses with the answer of a missing object, so that nobody learns what exists. */
export function authorize(principal: Principal, action: Action, content: Content): void {
  if (!mayDo(principal, action, content)) throw notFound();
}

/** The cases that the person may see, in their own name or within a substitution, as a condition on `instance`. */
export function visibleCases(principal: Principal, content: Content): ScopeCondition {
  return anyOf([
    casesSeenBy(principal, content),
    ...principal.standsInFor.map((standIn) =>
      allOf(casesSeenBy({ ...principal, posts: standIn.posts }, content), coveredCases(standIn, content)),
    ),
  ]);
}

function casesSeenBy(principal: Principal, content: Content): ScopeCondition {
  const organisations = organisationsOf(principal.posts);
  const prefixes = regionPrefixes(overseen(principal, content));
  const conditions = [
    ...(organisations.length > 0 ? [`organisation_id IN (${organisations.map(() => "?").join(", ")})`] : []),
    ...prefixes.map(() => "region LIKE ?"),
  ];
  if (conditions.length === 0) return { sql: "1 = 0", parameters: [] };
  return {
    sql: `instance.id IN (SELECT instance_id FROM participant WHERE ${conditions.join(" OR ")})`,
    parameters: [...organisations, ...prefixes],
  };
}

/**
 * The applications of the departments for which the person acts on the applicant's side, in their own name or within a
 * substitution, and those that they wrote in somebody's stead; as a condition on `application` joined with `instance`.
 */
export function visibleApplications(principal: Principal, content: Content): ScopeCondition {
  const ofDepartments = (posts: readonly Post[]) => oneOf("application.applicant_org", organisationsOf(posts));
  const asApplicant = (posts: readonly Post[]) =>
    ofDepartments(posts.filter(({ role }) => role.startsWith(applicantRoles)));
  return anyOf([
    asApplicant(principal.posts),
    allOf(ofDepartments(principal.posts), { sql: "instance.drafted_by = ?", parameters: [principal.id] }),
    ...principal.standsInFor.map((standIn) => allOf(asApplicant(standIn.posts), coveredCases(standIn, content))),
  ]);
}

/** The clocks on a manager's board: of organisations in the overseen regions. */
export function visibleClocks(principal: Principal, content: Content): ScopeCondition {
  const prefixes = regionPrefixes(overseen(principal, content));
  if (prefixes.length === 0) return { sql: "1 = 0", parameters: [] };
  return { sql: `(${prefixes.map(() => "clock.region LIKE ?").join(" OR ")})`, parameters: prefixes };
}

/** The decisions that the person may read in the ledger: their own, and those taken in the regions that they oversee. */
export function visibleDecisions(principal: Principal, content: Content): ScopeCondition {
  const prefixes = regionPrefixes(overseen(principal, content));
  return {
    sql: `(${["decision_record.person_id = ?", ...prefixes.map(() => "decision_record.region LIKE ?")].join(" OR ")})`,
    parameters: [principal.id, ...prefixes],
  };
}

/** Cards and orders of the person's own organisations and of the regions that they oversee, as a condition on these columns. */
export function visibleSupervision(
  principal: Principal,
  content: Content,
  columns: { readonly organisations: readonly string[]; readonly region: string },
): ScopeCondition {
  const own = organisationsOf(principal.posts);
  const prefixes = regionPrefixes(overseen(principal, content));
  const conditions = [
    ...(own.length > 0 ? columns.organisations.map((column) => `${column} IN (${own.map(() => "?").join(", ")})`) : []),
    ...prefixes.map(() => `${columns.region} LIKE ?`),
  ];
  if (conditions.length === 0) return { sql: "1 = 0", parameters: [] };
  const parameters = [...(own.length > 0 ? columns.organisations.flatMap(() => own) : []), ...prefixes];
  return { sql: `(${conditions.join(" OR ")})`, parameters };
}

/** The open tasks that the person, or somebody they stand in for, may take, as a condition on `task` joined with `instance`. */
export function workableTasks(principal: Principal, content: Content): ScopeCondition {
  return anyOf([
    inOwnName(principal, holding(principal.posts)),
    ...principal.standsInFor.map((standIn) => inPlaceOf(principal, standIn, { by: holding(standIn.posts), content })),
  ]);
}

/** The tasks that the person, or somebody they stand in for, has in hand; the condition as for `workableTasks`. */
export function tasksInHand(principal: Principal, content: Content): ScopeCondition {
  const persons = [principal.id, ...principal.standsInFor.map(({ person }) => person.id)];
  const each = anyOf([
    { sql: "task.assignee_id = ?", parameters: [principal.id] },
    ...principal.standsInFor.map((standIn) => {
      const named = standIn.everyRole ? [{ sql: "task.by_name = 1", parameters: [] }] : [];
      const { sql, parameters } = anyOf([holding(standIn.posts), ...named]);
      const by = { sql: `task.assignee_id = ? AND ${sql}`, parameters: [standIn.person.id, ...parameters] };
      return inPlaceOf(principal, standIn, { by, content });
    }),
  ]);
  // The list of persons finds the rows by the index; the rest narrows them.
  return {
    sql: `task.assignee_id IN (${persons.map(() => "?").join(", ")}) AND ${each.sql}`,
    parameters: [...persons, ...each.parameters],
  };
}

/** Whose place the reader of a task in these lists would take; `null` where it is the reader's own. */
export function placeTaken(
  { id, posts, standsInFor }: Principal,
  task: { readonly organisation: string; readonly role: string; readonly assignee: string | null },
): StandIn["person"] | null {
  const holds = (held: readonly Post[]) =>
    held.some(({ organisation, role }) => organisation === task.organisation && role === task.role);
  if (task.assignee === id || (task.assignee === null && holds(posts))) return null;
  const found = standsInFor.find((standIn) =>
    task.assignee === null ? holds(standIn.posts) : task.assignee === standIn.person.id,
  );
  return found?.person ?? null;
}

function holding(posts: readonly Post[]): ScopeCondition {
  return anyOf(
    posts.map(({ organisation, role }) => ({
      sql: "task.organisation_id = ? AND task.role = ?",
      parameters: [organisation, role],
    })),
  );
}

/** Nobody finds work in their own application but as the applicant, nor the other step of a two-person rule. */
function inOwnName({ id }: Principal, by: ScopeCondition): ScopeCondition {
  const [other, applied] = [otherStepNotBy(id), notAppliedBy(id)];
  return {
    sql: `${by.sql} AND ${other.sql} AND ((${applied.sql}) OR task.role LIKE ?)`,
    parameters: [...by.parameters, ...other.parameters, ...applied.parameters, `${applicantRoles}%`],
  };
}

/** The person has decided no step that needs somebody else than this one (the same as `isExcluded` asks of one task). */
function otherStepNotBy(person: string): ScopeCondition {
  return {
    sql: `(task.four_eyes IS NULL OR NOT EXISTS (SELECT 1 FROM task AS other WHERE other.instance_id = task.instance_id
      AND other.state = 'completed' AND INSTR(CONCAT(' ', task.four_eyes, ' '), CONCAT(' ', other.step, ' ')) > 0
      AND (other.assignee_id = ? OR other.on_behalf_id = ?)))`,
    parameters: [person, person],
  };
}

/** Within the scope of a substitution, and never in a case that the substitute, or the one who is away, may not decide. */
function inPlaceOf(
  principal: Principal,
  standIn: StandIn,
  { by, content }: { readonly by: ScopeCondition; readonly content: Content },
): ScopeCondition {
  const { person } = standIn;
  const own = inOwnName({ ...principal, id: person.id }, by);
  // Whoever wrote it goes on for the author alone, as the applicant.
  const forAuthor = {
    sql: "instance.started_by = ? AND task.role LIKE ?",
    parameters: [person.id, `${applicantRoles}%`],
  };
  return allOf(
    own,
    anyOf([notAppliedBy(principal.id), forAuthor]),
    otherStepNotBy(principal.id),
    coveredCases(standIn, content),
  );
}
