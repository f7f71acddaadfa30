import { withItems } from "../../engine/approval/item-round.ts";
import { sign, SigningError, type SigningRound, type Stand } from "../../engine/approval/round.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { ItemDecisionsField } from "../../engine/forms/form.ts";
import { isWithin } from "../../engine/routing/regions.ts";
import type { Content } from "../content/load-content.ts";
import { outcomeOfItems, toldItems, type DecidedByStep } from "../forms/item-decisions.ts";
import { systemActor } from "../runtime/actor.ts";
import type { Within } from "../runtime/dispatch.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { JournalLine } from "../runtime/journal.ts";
import type { Runtime } from "../runtime/runtime.ts";
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
  readonly items: DecidedByStep | null;
}

/** What a signer sends, and what the step decides items by. */
export interface SentVote extends Settled {
  readonly field: ItemDecisionsField | null;
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
export async function signTask(
  { content }: Pick<Runtime, "content">,
  within: Within,
  task: Row,
  vote: SentVote,
): Promise<Signed | null> {
  const signer = optionalText(task, "signer");
  if (signer === null) return null;
  const { tx, now } = within;
  const stored = await roundOf(tx, text(task, "instance_id"), text(task, "wait_id"));
  if (!stored)
    throw new RuntimeProblem(409, "ROUND_SETTLED", { zh: "本轮签署已有结果", en: "The round has its result" });
  const outcome = vote.outcome ?? "done";
  const items = vote.items ? { items: vote.items.decisions } : {};
  const signed = orConflict(() => sign(stored.round, signer, { outcome, stand: standOf(outcome), ...items }));
  const after = withItemsOf(content, task, signed);
  await keepRound(tx, stored, after, task, now);
  if (!after.result) return { settled: null, lines: [] };
  const settled = settledBy(after, vote);
  return { settled, lines: settledLines(now, task, after, settled.items) };
}

/** How an outcome stands to the matter: what can neither be granted nor refused yet ends the round. */
function standOf(outcome: string): Stand {
  if (outcome === abstention) return "abstain";
  const tone = outcomeTerms[outcome]?.tone ?? "positive";
  return tone === "positive" ? "for" : tone === "negative" ? "against" : "interrupts";
}

/**
 * A round with what it decided on each item, and the outcome that says the same: votes for and against the whole may come to a
 * part of it.
 */
export function withItemsOf({ regions }: Content, task: Row, round: SigningRound): SigningRound {
  const decided = withItems(round, (inner, outer) => isWithin(regions, inner, outer));
  const { result } = decided;
  if (!result?.items) return decided;
  const offered = text(task, "outcomes").split(" ");
  const outcome = outcomeOfItems(
    result.items.map((item) => item.decided),
    [result.outcome ?? "", ...offered],
  );
  return { ...decided, result: { ...result, outcome: outcome ?? result.outcome } };
}

/**
 * The form of the last vote goes with the result when it is on the winning side; a vote on the other side decides nothing. What
 * was decided on the items is the round's, whoever signed last.
 */
function settledBy({ result }: SigningRound, { outcome, written, field }: SentVote): Settled {
  const won = result?.outcome === outcome || (result?.stand === "for" && standOf(outcome ?? "done") === "for");
  const items = itemsOfResult(result, field);
  const own = won ? written : {};
  return { outcome: result?.outcome ?? outcome, written: { ...own, ...writtenItems(items) }, items };
}

/** What was decided on the items, as the form of the step holds it. */
export function writtenItems(items: DecidedByStep | null): Written {
  return items ? { [items.field.key]: items.decisions.map(asJson) } : {};
}

/** What a round decided on the items, by the field that decides them at its step; `null` where it decided none. */
export function itemsOfResult(result: SigningRound["result"], field: ItemDecisionsField | null): DecidedByStep | null {
  if (!result?.items || !field) return null;
  return { field, decisions: result.items.map(({ decided }) => decided) };
}

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** That the round has its result, and what it came to on each item: the rule's doing, and no person's. */
export function settledLines(
  at: string,
  task: Row,
  round: SigningRound,
  items: DecidedByStep | null,
): readonly JournalLine[] {
  const line = settledLine(at, task, round);
  return items ? [line, { ...line, type: "items.decided", payload: toldItems(items) }] : [line];
}

function settledLine(at: string, task: Row, { policy, result }: SigningRound): JournalLine {
  const items = (result?.items ?? []).map(({ code, tally }) => ({ code, tally: { ...tally } }));
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
      ...(items.length > 0 ? { items } : {}),
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
