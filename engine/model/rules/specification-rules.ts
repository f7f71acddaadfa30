import type { ModdleElement } from "../moddle-element.ts";
import type { Problem } from "../problems.ts";
import { checkActivityRules } from "./activity-rules.ts";
import { checkCollaborationRules } from "./collaboration-rules.ts";
import { checkCorrelationRules } from "./correlation-rules.ts";
import { checkDataRules } from "./data-rules.ts";
import { checkBoundaryRules } from "./boundary-rules.ts";
import { checkEventRules } from "./event-rules.ts";
import { indexFile, type FileTree } from "./file-tree.ts";
import { checkFlowRules } from "./flow-rules.ts";
import { checkGatewayRules } from "./gateway-rules.ts";
import { checkLinkRules } from "./link-rules.ts";
import { breachOf, type RuleCode } from "./rule-table.ts";

/** Tells that `element` breaks a rule. */
export type Breach = (code: RuleCode, element: ModdleElement) => void;

export type RuleCheck = (tree: FileTree, breach: Breach) => void;

const checks: readonly RuleCheck[] = [
  checkFlowRules,
  checkEventRules,
  checkBoundaryRules,
  checkLinkRules,
  checkGatewayRules,
  checkActivityRules,
  checkCollaborationRules,
  checkDataRules,
  checkCorrelationRules,
];

/**
 * Rules of the specification that need more of the file than one element and its references: each finding names the rule
 * and its clause (`rule-table.ts`). Processes that are not executable are pictures of others' work and are not held to them.
 */
export function checkSpecificationRules(definitions: ModdleElement): readonly Problem[] {
  const tree = indexFile(definitions);
  const found: Problem[] = [];
  for (const check of checks) check(tree, (code, element) => found.push(breachOf(code, element.id ?? null)));
  return found;
}
