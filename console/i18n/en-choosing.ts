import type { choosingZh } from "./zh-choosing.ts";

export const choosingEn: Record<keyof typeof choosingZh, string> = {
  choosing: "Branch and people",
  choosingFormFirst: "The form is not complete yet; with it, the rule may give another branch.",
  choosingBranch: "Where it goes next",
  choosingByRule: "by the rule",
  choosingPeople: "Who acts at “{{step}}”",
  choosingExcluded: "{{who}} (excluded in this case)",
  choosingCount: "{{least}} to {{most}} people",
  choosingFixed: "sign in any case: {{who}}",
  choosingFree: "left empty, whoever holds the role may claim it",
  choosingReason: "Why you choose so",
  ledgerChosenBy: "Acted because",
  ledgerChosenByWho: "chosen by {{who}}{{reason}}",
  ledgerChose: "Chosen by hand",
  ledgerChoseBranch: "branch “{{name}}” (the rule gives “{{ruled}}”)",
};
