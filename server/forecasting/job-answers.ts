import type { AskedJob, ImaginedCase, JobAnswer } from "../../engine/analysis/what-if/imagined-case.ts";
import { addDays, localDate } from "../../engine/calendar/dates.ts";
import type { UseRules } from "../../engine/sharing/grant-due.ts";
import { memberOf, textIn } from "../runtime/job-handler.ts";
import { correctionTold } from "../runtime/record-jobs.ts";
import type { Grant } from "../sharing/grants.ts";
import { milestoneDue, milestoneVariables, supervisedVariables } from "../sharing/use-milestones.ts";

export interface KnownOfGrant {
  readonly grant: Grant;
  /** Day of the milestone that the register told last, `YYYY-MM-DD`; `null` where it has told none. */
  readonly lastMilestone: string | null;
  readonly rules: UseRules;
  /** ISO instant at which the forecast is made. */
  readonly now: string;
}

const gives = (variables: JobAnswer["variables"]): JobAnswer => ({ variables, otherwise: null });

export interface KnownOfCase {
  /** `null` for a case that is about no grant. */
  readonly ofGrant: KnownOfGrant | null;
  /** Organisations to which a correction of the record would go now. */
  readonly users: readonly string[];
}

/** What the jobs of a case will give, as far as it is known from the grant that it is about and from who uses its data. */
export function jobAnswers({ ofGrant, users }: KnownOfCase): NonNullable<ImaginedCase["jobAnswer"]> {
  return (job) => {
    if (job.topic === "correctRecord") return gives(correctionTold(users));
    return ofGrant ? grantJobAnswer(ofGrant, job) : gives({});
  };
}

/**
 * From the register of the grant: the milestones follow from its term; that it is used is assumed to go on as it is now, and may
 * be otherwise; a new term or a changed one is not known before it is set.
 */
function grantJobAnswer(known: KnownOfGrant, job: AskedJob): JobAnswer | null {
  const { grant, rules } = known;
  switch (job.topic) {
    case "openSupervision":
      return gives(supervisedVariables(grant));
    case "nextMilestone":
      return gives(milestoneVariables(milestoneDue(grant, lastIn(job) ?? known.lastMilestone, job.now, rules)));
    case "checkUse":
      return useAnswer(known, job.now);
    case "renewGrant":
      return null;
    case "applyChange":
      return (job.variables["narrowTo"] ?? null) === null ? gives({}) : null;
    default:
      return gives({});
  }
}

/** Day of the milestone that the case itself was told last. */
function lastIn({ variables }: AskedJob): string | null {
  const at = textIn(memberOf(variables, "milestone", "at"));
  return at === null ? null : localDate(at);
}

function useAnswer({ grant: { lastUsedAt }, rules, now }: KnownOfGrant, checkedAt: string): JobAnswer {
  const usedSince = (moment: string) =>
    lastUsedAt !== null && localDate(lastUsedAt) > addDays(localDate(moment), -rules.unusedDays);
  if (usedSince(checkedAt)) return gives({ unused: false });
  const unused = !usedSince(now);
  return { variables: { unused }, otherwise: { unused: !unused } };
}
