import type { SigningView } from "../../../server/api/tasks/tasks.schema.ts";

export type SignerView = SigningView["signers"][number];

export interface NestedSigner {
  readonly signer: SignerView;
  /** 0 for those whom the step asks. */
  readonly depth: number;
  readonly addedBy: SignerView | null;
}

/** Signers in the order of asking, each followed by those whom they added. */
export function nestedSigners(signers: readonly SignerView[]): readonly NestedSigner[] {
  const under = (parent: SignerView | null, depth: number): readonly NestedSigner[] =>
    signers
      .filter(({ addedBy }) => addedBy === (parent?.id ?? null))
      .flatMap((signer) => [{ signer, depth, addedBy: parent }, ...under(signer, depth + 1)]);
  return under(null, 0);
}
