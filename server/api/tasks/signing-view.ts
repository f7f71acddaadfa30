import type { z } from "zod";
import { policyNames } from "../../../engine/approval/policy.ts";
import type { Signer, SigningRound } from "../../../engine/approval/round.ts";
import { itemTallies } from "../../../engine/approval/item-round.ts";
import { tallyOf } from "../../../engine/approval/tally.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { NameOfItem } from "../../sharing/item-names.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import type { Asking } from "../../tasks/ask.ts";
import { outcomeTerms, roleName } from "../../tasks/outcomes.ts";
import { abstention } from "../../tasks/sign.ts";
import { organisationOf } from "../present.ts";
import type { signingView, TaskDetail } from "./tasks.schema.ts";

type SigningView = z.input<typeof signingView>;

/**
 * Who signs the task's step and how it stands; `null` where one person signs it. `namesOfItems` is `null` for whoever may not see
 * what is decided on the items.
 */
export async function signingViewOf(
  runtime: Runtime,
  task: Row,
  asking: Asking,
  namesOfItems: NameOfItem | null,
): Promise<SigningView | null> {
  const { store } = runtime;
  const key = [text(task, "instance_id"), text(task, "wait_id")];
  const [row] = await store.read("SELECT round FROM signing_round WHERE instance_id = ? AND wait_id = ?", key);
  if (!row) return null;
  const round = json<SigningRound>(row, "round");
  const work = await store.read(
    "SELECT * FROM task WHERE instance_id = ? AND wait_id = ? AND signer IS NOT NULL ORDER BY created_at, id",
    key,
  );
  const workBySigner = new Map(work.map((piece) => [text(piece, "signer"), piece]));
  const { policy, result } = round;
  return {
    policy: policy.kind,
    name: policyNames[policy.kind],
    parameters: { ...policy.parameters },
    tally: tallyOf(round),
    items: namesOfItems ? itemsOf(round, namesOfItems) : [],
    result: result && { outcome: outcomeTerm(result.outcome), reason: result.reason },
    signers: await Promise.all(
      round.signers.map((signer) =>
        signerView(runtime, asking, { round, signer, work: workBySigner.get(signer.id) ?? null }),
      ),
    ),
  };
}

/** How the votes stand to each item, and what came of it once the round has its result. */
function itemsOf(round: SigningRound, nameOf: NameOfItem): SigningView["items"] {
  return itemTallies(round).map(({ code, tally }) => {
    const decided = round.result?.items?.find((item) => item.code === code)?.decided;
    return { code, name: { ...nameOf(code) }, tally, decided: decided ? { ...decided } : null };
  });
}

async function signerView(
  runtime: Runtime,
  asking: Asking,
  { round, signer, work }: { readonly round: SigningRound; readonly signer: Signer; readonly work: Row | null },
): Promise<SigningView["signers"][number]> {
  // Asked only where something may still change.
  const verdicts = work && round.result === null && signer.vote === null ? await asking(work) : null;
  const { added } = signer;
  return {
    id: signer.id,
    taskId: work ? text(work, "id") : null,
    rev: work ? integer(work, "rev") : 0,
    // A piece of work may have come into other hands since the round began.
    name: (work ? optionalText(work, "assignee_name") : null) ?? signer.person?.name ?? null,
    organisation: organisationOf(runtime, signer.organisation),
    role: { code: signer.role, name: { ...roleName(signer.role) } },
    weight: signer.weight,
    required: signer.required,
    veto: signer.veto,
    counts: signer.counts,
    state: signer.state,
    outcome: outcomeTerm(signer.vote?.outcome ?? null),
    opinion: work ? optionalText(work, "opinion") : null,
    addedBy: added?.by ?? null,
    place: added?.place ?? null,
    mayRemove: added !== null && verdicts?.("removeSigner").allowed === true,
    mayExcuse: !signer.required && verdicts?.("excuse").allowed === true,
  };
}

function outcomeTerm(code: string | null): SigningView["signers"][number]["outcome"] {
  if (code === null) return null;
  if (code === abstention) return { code, name: { ...abstaining } };
  return { code, name: { ...(outcomeTerms[code]?.label ?? { zh: code, en: code }) } };
}

const abstaining = { zh: "弃权", en: "Abstain" };

/** What a signer may say besides the step's own outcomes. */
export function abstentionOf(signing: SigningView | null): TaskDetail["outcomes"] {
  if (!signing?.parameters.abstain) return [];
  const plain = { needsReasonCode: false, needsOpinion: false, reasonCodes: null, tone: "neutral" } as const;
  return [{ code: abstention, label: { ...abstaining }, ...plain }];
}
