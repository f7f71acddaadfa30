import { z } from "zod";
import { positions, type Position } from "../routing/positions.ts";

/** How several persons sign a step: 单签, 或签, 会签, 票签, 依次. */
export const policyKinds = ["single", "any", "all", "vote", "inTurn"] as const;
export type PolicyKind = (typeof policyKinds)[number];

export const policyNames: Readonly<Record<PolicyKind, { readonly zh: string; readonly en: string }>> = {
  single: { zh: "单签", en: "one signs" },
  any: { zh: "或签", en: "any one signs" },
  all: { zh: "会签", en: "all sign" },
  vote: { zh: "票签", en: "vote" },
  inTurn: { zh: "依次签", en: "sign in turn" },
};

const share = z.number().gt(0).max(1);
const count = z.int().min(1);

/** Whom the step asks: holders of a role, with their weight and rights. */
const signerRule = z.strictObject({
  role: z.string().min(1),
  /** By its place in the case, the organisation that signs beside the step's own: 部门会签. Left out: the step's organisation. */
  at: z.enum(Object.keys(positions) as [Position]).optional(),
  weight: z.number().positive().default(1),
  /** The round is not decided without this signer, and nobody can take them out. */
  required: z.boolean().default(false),
  /** One vote against ends the round against. */
  veto: z.boolean().default(false),
});
export type SignerRule = z.infer<typeof signerRule>;

export const policyParameters = z.strictObject({
  /** Empty: everybody who holds the step's own role. */
  signers: z.array(signerRule).default([]),
  /** Share of all weight that must be in favour; for `vote`. */
  passShare: share.optional(),
  /** Number of votes in favour; for `vote`. */
  passCount: count.optional(),
  /** Number of votes against that ends a vote against, whatever else; for `vote`. */
  refuseCount: count.optional(),
  abstain: z.boolean().default(false),
  /** Votes that must be cast, those who abstain included, for the round to decide in favour. */
  quorum: count.optional(),
  veto: z.boolean().default(false),
  /** Everybody is heard although the result is certain. */
  hearAll: z.boolean().default(false),
});
export type PolicyParameters = z.infer<typeof policyParameters>;

export interface ApprovalPolicy {
  readonly kind: PolicyKind;
  readonly parameters: PolicyParameters;
}

/** The policy of a step for which none is named: whoever has it signs, with those whom they ask. */
export const oneSigns: ApprovalPolicy = { kind: "single", parameters: policyParameters.parse({}) };

export interface PolicyProblem {
  readonly code: "APPROVAL_UNKNOWN" | "APPROVAL_PARAMETERS_INVALID";
  readonly message: { readonly zh: string; readonly en: string };
}

export type ReadPolicy =
  { readonly ok: true; readonly policy: ApprovalPolicy } | { readonly ok: false; readonly problem: PolicyProblem };

/** Reads a policy as a route table or a process writes it; says what is wrong with it instead of guessing. */
export function readPolicy(kind: string, parameters: unknown): ReadPolicy {
  if (!isPolicyKind(kind)) {
    return wrong("APPROVAL_UNKNOWN", {
      zh: `未知的审批方式“${kind}”，可用：${policyKinds.join("、")}`,
      en: `“${kind}” is no approval policy; there are ${policyKinds.join(", ")}`,
    });
  }
  const read = policyParameters.safeParse(parameters ?? {});
  if (!read.success) return invalid(z.prettifyError(read.error));
  const contradiction = contradictionIn(kind, read.data);
  return contradiction ? invalid(contradiction) : { ok: true, policy: { kind, parameters: read.data } };
}

function contradictionIn(kind: PolicyKind, parameters: PolicyParameters): string | null {
  const { passShare, passCount, refuseCount, quorum } = parameters;
  if (kind === "vote" && (passShare === undefined) === (passCount === undefined))
    return "a vote has either passShare or passCount";
  if (kind !== "vote" && (passShare ?? passCount ?? refuseCount ?? quorum) !== undefined)
    return `passShare, passCount, refuseCount and quorum belong to a vote, not to “${kind}”`;
  if (kind !== "vote" && parameters.abstain) return `nobody abstains from “${kind}”`;
  if (kind === "single" && parameters.signers.length > 0) return "one person signs: name no signers, or another policy";
  return null;
}

function isPolicyKind(kind: string): kind is PolicyKind {
  return policyKinds.some((known) => known === kind);
}

function invalid(because: string): ReadPolicy {
  return wrong("APPROVAL_PARAMETERS_INVALID", {
    zh: `审批方式的参数不正确：${because}`,
    en: `The parameters of the approval policy are not right: ${because}`,
  });
}

function wrong(code: PolicyProblem["code"], message: PolicyProblem["message"]): ReadPolicy {
  return { ok: false, problem: { code, message } };
}
