import { keepApprovalPolicy, type Approval, type Bounded, type Given, type PackChain } from "./bounds.ts";
import type { Json } from "../expressions/json.ts";
import { isContext, isText } from "./layered-output.ts";
import type { MatchedRow } from "./types.ts";

/** How a step is signed: policy and parameters come from one row together, for the one means nothing without the other. */
export function decideApproval(chain: PackChain, step: string, rows: readonly MatchedRow[]): Bounded<Approval | null> {
  const given = rows.flatMap(({ gave, region }): Given<Approval>[] => {
    const policy = (gave["approval"] ?? null) as Json;
    const parameters = (gave["approvalParameters"] ?? {}) as Json;
    return isText(policy) && isContext(parameters) ? [{ value: { policy, parameters }, by: region }] : [];
  });
  return keepApprovalPolicy(chain, step, given);
}
