import type { AskedJob, ImaginedCase, JobAnswer } from "../../engine/analysis/what-if/imagined-case.ts";
import { addDays, localDate } from "../../engine/calendar/dates.ts";
import type { UseRules } from "../../engine/sharing/grant-due.ts";
import { memberOf, textIn } from "../runtime/job-handler.ts";
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

/**
 * What the jobs about a grant in use will give, from its register: the milestones follow from its term; that it is used is
 * assumed to go on as it is now, and may be otherwise; a new term or a changed one is not known before it is set.
 */
export function grantJobAnswers(known: KnownOfGrant): NonNullable<ImaginedCase["jobAnswer"]> {
  const { grant, rules } = known;
  return (job) => {
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
  };
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
