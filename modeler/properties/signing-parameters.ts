import { policyParameters, type PolicyParameters, type SignerRule } from "../../engine/approval/policy.ts";

export const noParameters = policyParameters.parse({});

/** The parameters as the file has them; `null` where they are no parameters of a policy and only the text can be mended. */
export function readParameters(json: string | undefined): PolicyParameters | null {
  if (json === undefined) return noParameters;
  try {
    const read = policyParameters.safeParse(JSON.parse(json));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What goes into the file: only what differs from the default, and nothing that the kind of policy has no use for. */
export function writeParameters(kind: string | undefined, parameters: PolicyParameters): string | undefined {
  if (kind === undefined) return undefined;
  const { signers, passShare, passCount, refuseCount, quorum, abstain, veto, hearAll } = parameters;
  const ofVote = kind === "vote" ? { passShare, passCount, refuseCount, quorum, abstain: abstain || undefined } : {};
  const written = {
    signers: signers.length === 0 || kind === "single" ? undefined : signers.map(writtenSigner),
    ...ofVote,
    veto: veto || undefined,
    hearAll: hearAll || undefined,
  };
  const json = JSON.stringify(written);
  return json === "{}" ? undefined : json;
}

function writtenSigner({ role, at, weight, required, veto }: SignerRule) {
  return {
    role,
    at,
    weight: weight === 1 ? undefined : weight,
    required: required || undefined,
    veto: veto || undefined,
  };
}

/** Signers by the roles that are chosen: those who were there keep their place and their rights. */
export function withRoles(signers: readonly SignerRule[], roles: readonly string[]): SignerRule[] {
  const kept = signers.filter(({ role }) => roles.includes(role));
  const added = roles.filter((role) => !kept.some((signer) => signer.role === role));
  return [...kept, ...added.map((role) => ({ role, weight: 1, required: false, veto: false }))];
}
