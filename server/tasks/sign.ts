import { sign, SigningError, type SigningRound, type Stand } from "../../engine/approval/round.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import { keepRound, roundOf } from "../runtime/signing-rounds.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { outcomeTerms } from "./outcomes.ts";

/** Outcome of a vote that is cast for neither side; possible where the policy allows it. */
export const abstention = "abstain";

type Written = Readonly<Record<string, Json>>;

/** What a step is completed with. */
export interface Settled {
  readonly outcome: string | null;
  readonly written: Written;
}

/** A vote that was taken; `settled` once the round has its result. */
export interface Signed {
  readonly settled: Settled | null;
  readonly lines: readonly JournalLine[];
}

/** The round in which a task is one signer's part, or `null` where one person signs the step. */
export async function signingOf({ tx }: Within, task: Row): Promise<SigningRound | null> {
  if (optionalText(task, "signer") === null) return null;
  return (await roundOf(tx, text(task, "instance_id"), text(task, "wait_id")))?.round ?? null;
}

/** Takes the vote of a task's signer; `null` where the task is not part of a round. */
export async function signTask(within: Within, task: Row, vote: Settled): Promise<Signed | null> {
  const signer = optionalText(task, "signer");
  if (signer === null) return null;
  const { tx, now } = within;
  const stored = await roundOf(tx, text(task, "instance_id"), text(task, "wait_id"));
  if (!stored)
    throw new RuntimeProblem(409, "ROUND_SETTLED", { zh: "本轮签署已有结果", en: "The round has its result" });
  const outcome = vote.outcome ?? "done";
  const after = orConflict(() => sign(stored.round, signer, { outcome, stand: standOf(outcome) }));
  await keepRound(tx, stored, after, task, now);
  if (!after.result) return { settled: null, lines: [] };
  return { settled: settledBy(after, vote), lines: [settledLine(now, task, after)] };
}

/** How an outcome stands to the matter: what can neither be granted nor refused yet ends the round. */
function standOf(outcome: string): Stand {
  if (outcome === abstention) return "abstain";
  const tone = outcomeTerms[outcome]?.tone ?? "positive";
  return tone === "positive" ? "for" : tone === "negative" ? "against" : "interrupts";
}

/** The form of the last vote goes with the result when it is on the winning side; a vote on the other side decides nothing. */
function settledBy({ result }: SigningRound, { outcome, written }: Settled): Settled {
  return { outcome: result?.outcome ?? outcome, written: result?.outcome === outcome ? written : {} };
}

export function settledLine(at: string, task: Row, { policy, result }: SigningRound): JournalLine {
  return {
    at,
    type: "signing.settled",
    element: text(task, "element"),
    actor: systemActor,
    payload: {
      policy: policy.kind,
      outcome: result?.outcome ?? null,
      reason: result?.reason ?? null,
      tally: result ? { ...result.tally } : null,
    },
  };
}

/** A change that the round refuses, as an answer. */
export function orConflict<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    throw new RuntimeProblem(409, error.code, {
      zh: `不能办理：${error.text.zh}`,
      en: `Not possible: ${error.text.en}`,
    });
  }
}
