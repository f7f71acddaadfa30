import type { InstanceState } from "../../engine/execution/state.ts";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Json } from "../../engine/expressions/json.ts";
import type { ResolvedLimit, RouteExplanation } from "../../engine/routing/types.ts";
import { peopleChoiceOf } from "../choosing/kept-choices.ts";
import { contentHash } from "../store/digest.ts";
import { newId } from "../store/ids.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import type { Within } from "./dispatch.ts";

/**
 * An official who disagreed, told their superior so, and was told to go on: the superior then answers for the decision
 * (Civil Servant Law art. 60). The note protects only when it was made with the decision, so it can't be added later.
 */
export interface Objection {
  readonly statement: string;
  /** Name and post of the superior who was told. */
  readonly superior: string;
  readonly instruction: string;
}

/** What a person decides, as it enters the ledger. */
export interface DecisionTaken {
  readonly person: { readonly id: string; readonly name: string };
  /** Who was away and was stood in for; `null` for a decision in one's own name. */
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
  readonly outcome: string | null;
  readonly reasonCode: string | null;
  readonly citation: string | null;
  readonly opinion: string;
  readonly objection: Objection | null;
  /** What the person wrote into the step's form. */
  readonly written: Readonly<Record<string, Json>>;
  readonly chose: ChoiceTaken | null;
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** What the person chose by hand with the decision. */
export interface ChoiceTaken {
  /** The branch, and the one that the rule would have taken. */
  readonly branch: { readonly name: Words; readonly ruled: Words } | null;
  readonly people: readonly { readonly step: Words; readonly names: readonly string[] }[];
  readonly reason: string | null;
}

/** One thing that lay before the person, by the hash of its content at that moment. */
export interface SeenItem {
  readonly kind: "application" | "resource" | "form";
  /** Element of the step that wrote the form; the part of the case otherwise. */
  readonly part: string;
  readonly hash: string;
}

/** On what the decision rests: the route's reasons and the limit, with the versions of the rules that gave them. */
export interface DecisionBasis {
  readonly explanation: RouteExplanation | null;
  readonly limit: Pick<
    ResolvedLimit,
    "code" | "value" | "unit" | "source" | "verified" | "packRegion" | "packVersion"
  > | null;
  readonly onBehalfOf: DecisionTaken["onBehalfOf"];
  /** Who chose the person for the step, and why; left out where the role alone made them act. */
  readonly chosenBy?: { readonly name: string; readonly reason: string | null };
  readonly chose?: ChoiceTaken;
}

/** What lies before whoever acts on a task: the application, the resource, and what each earlier step wrote. */
export function seenAt(state: InstanceState, waitId: string): readonly SeenItem[] {
  const variables = variablesAt(state, waitId);
  const forms = variables["forms"];
  const parts: readonly (readonly [SeenItem["kind"], string, Json | undefined])[] = [
    ["application", "request", variables["request"]],
    ["resource", "resource", variables["resource"]],
    ...(typeof forms === "object" && forms !== null && !Array.isArray(forms)
      ? Object.entries(forms).map(([element, form]) => ["form", element, form] as const)
      : []),
  ];
  return parts.flatMap(([kind, part, content]) =>
    content === undefined || content === null ? [] : [{ kind, part, hash: contentHash(content) }],
  );
}

/**
 * Writes a decision into the responsibility ledger, in the transaction that takes it. `seen` is what lay before the person
 * before the step. Gives the record's hash, which belongs into the case's journal: its chain then guards the ledger too.
 */
export async function recordDecision(
  { tx, instance, clocks, now }: Within,
  task: Row,
  seen: readonly SeenItem[],
  decision: DecisionTaken,
): Promise<string> {
  const clock = clocks.all.find(({ id }) => id === optionalText(task, "clock_id"));
  const explanation = optionalText(task, "explanation");
  const basis: DecisionBasis = {
    explanation: explanation === null ? null : (JSON.parse(explanation) as RouteExplanation),
    limit: clock ? limitOf(clock.resolved) : null,
    onBehalfOf: decision.onBehalfOf,
    ...(await chosenBy(tx, task, decision)),
    ...(decision.chose && { chose: decision.chose }),
  };
  const row = {
    id: newId(),
    instance_id: text(instance, "id"),
    task_id: text(task, "id"),
    case_number: text(instance, "case_number"),
    subject_zh: text(instance, "subject_zh"),
    subject_en: text(instance, "subject_en"),
    at: now,
    element: text(task, "element"),
    step_zh: text(task, "name"),
    step_en: text(task, "name_en"),
    person_id: decision.person.id,
    person_name: decision.person.name,
    organisation_id: text(task, "organisation_id"),
    region: text(task, "region"),
    role: text(task, "role"),
    outcome: decision.outcome,
    reason_code: decision.reasonCode,
    citation: decision.citation,
    opinion: decision.opinion,
    objection: decision.objection === null ? null : JSON.stringify(decision.objection),
    basis: JSON.stringify(basis),
    seen: JSON.stringify(seen),
    written: contentHash(decision.written),
    definition_id: text(instance, "definition_id"),
    rule_set_id: text(instance, "rule_set_id"),
  };
  const hash = contentHash(row);
  await tx.insert("decision_record", { ...row, hash });
  return hash;
}

/** Only while one of the people who were chosen acts: work that was handed on since has another ground. */
async function chosenBy(
  { query }: Within["tx"],
  task: Row,
  { person, onBehalfOf }: DecisionTaken,
): Promise<Pick<DecisionBasis, "chosenBy">> {
  const id = optionalText(task, "choice_id");
  const [row] = id === null ? [] : await query("SELECT * FROM manual_choice WHERE id = ?", [id]);
  if (!row) return {};
  const { people, by, reason } = peopleChoiceOf(row);
  const isOne = people.some((chosen) => chosen.id === person.id || chosen.id === onBehalfOf?.id);
  return isOne ? { chosenBy: { name: by, reason } } : {};
}

function limitOf({ code, value, unit, source, verified, packRegion, packVersion }: ResolvedLimit) {
  return { code, value, unit, source, verified, packRegion, packVersion };
}

export interface LedgerFault {
  readonly instanceId: string;
  readonly recordId: string;
  /** Changed since it was written, not told by the case's journal, or told there and gone. */
  readonly problem: "altered" | "unjournaled" | "missing";
}

/** Compares every record with its own hash and with the journals, whose chains `verifyJournal` walks. */
export async function verifyLedger(store: Store): Promise<readonly LedgerFault[]> {
  const journaled = new Map<string, string>();
  const lines = await store.read("SELECT instance_id, payload FROM journal WHERE type = 'decision.taken'");
  for (const line of lines) {
    const { record } = JSON.parse(text(line, "payload")) as { record?: string };
    if (record !== undefined) journaled.set(record, text(line, "instance_id"));
  }
  const faults: LedgerFault[] = [];
  for (const { hash, ...record } of await store.read("SELECT * FROM decision_record ORDER BY at, id")) {
    const found = { instanceId: text(record, "instance_id"), recordId: text(record, "id") };
    const written = String(hash);
    if (contentHash({ ...record } as Readonly<Record<string, Json>>) !== written)
      faults.push({ ...found, problem: "altered" });
    if (!journaled.delete(written)) faults.push({ ...found, problem: "unjournaled" });
  }
  for (const [record, instanceId] of journaled) faults.push({ instanceId, recordId: record, problem: "missing" });
  return faults;
}
