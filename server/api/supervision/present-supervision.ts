import type { z } from "zod";
import type { Clock } from "../../../engine/calendar/clock.ts";
import type { RuleSource } from "../../../engine/routing/types.ts";
import { mayDo } from "../../identity/policy.ts";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { organisationOf } from "../present.ts";
import {
  cardView,
  noticeView,
  orderView,
  type CardView,
  type NoticeView,
  type OrderView,
} from "./supervision.schema.ts";

interface StoredEvidence {
  readonly ledger: Clock;
  readonly source: RuleSource;
  readonly verified: boolean;
  readonly pack: string;
  readonly calendar: { readonly region: string; readonly version: number };
  readonly scheme: {
    readonly region: string;
    readonly code: string;
    readonly version: string;
    readonly source: RuleSource;
  };
}

export function presentCard(runtime: Runtime, principal: Principal, row: Row): CardView {
  const organisation = text(row, "organisation_id");
  const region = text(row, "region");
  const state = cardView.shape.state.parse(text(row, "state"));
  const isContestable = state === "issued" && runtime.clock.now() <= text(row, "contest_until");
  const may = (action: Parameters<typeof mayDo>[1]) => mayDo(principal, action, runtime.content);
  return {
    id: text(row, "id"),
    case: caseOf(row),
    clockId: text(row, "clock_id"),
    rung: text(row, "rung"),
    measure: cardView.shape.measure.parse(text(row, "measure")),
    colour: cardView.shape.colour.parse(text(row, "colour")),
    name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    organisation: organisationOf(runtime, organisation),
    level: cardView.shape.level.parse(text(row, "level")),
    countsInAssessment: integer(row, "counts") === 1 && state !== "withdrawn",
    issuedAt: text(row, "issued_at"),
    contestUntil: text(row, "contest_until"),
    state,
    contested: said(row, ["contested_by", "contested_at", "contest_reason"], "reason"),
    decided: said(row, ["decided_by", "decided_at", "decision_reason"], "reason"),
    evidence: evidenceOf(row),
    may: {
      contest: isContestable && may({ type: "card.contest", organisation }),
      decide: state === "contested" && may({ type: "card.decide", organisation, region }),
    },
  };
}

export function presentOrder(runtime: Runtime, principal: Principal, row: Row): OrderView {
  const [asker, target] = [text(row, "asker_org"), text(row, "target_org")];
  const state = orderView.shape.state.parse(text(row, "state"));
  const isOpen = state === "open" || state === "returned";
  return {
    id: text(row, "id"),
    number: text(row, "number"),
    case: caseOf(row),
    clockId: text(row, "clock_id"),
    asker: organisationOf(runtime, asker),
    target: organisationOf(runtime, target),
    limitCode: text(row, "limit_code"),
    ask: { zh: text(row, "ask_zh"), en: text(row, "ask_en") },
    openedAt: text(row, "opened_at"),
    dueAt: text(row, "due_at"),
    isOverdue: isOpen && runtime.clock.now() > text(row, "due_at"),
    state,
    reply: said(row, ["replied_by", "replied_at", "reply"], "text"),
    verification: said(row, ["verified_by", "verified_at", "verification"], "text"),
    closedAt: optionalText(row, "closed_at"),
    may: {
      reply: isOpen && mayDo(principal, { type: "order.reply", organisation: target }, runtime.content),
      verify: state === "replied" && mayDo(principal, { type: "order.verify", asker }, runtime.content),
    },
  };
}

export function presentNotice(runtime: Runtime, row: Row): NoticeView {
  const by = optionalText(row, "received_by");
  return {
    id: text(row, "id"),
    case: caseOf(row),
    measure: noticeView.shape.measure.parse(text(row, "measure")),
    name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
    limitCode: text(row, "limit_code"),
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    role: text(row, "role"),
    at: text(row, "at"),
    needsReceipt: integer(row, "needs_receipt") === 1,
    received: by === null ? null : { by, at: text(row, "received_at") },
  };
}

function caseOf(row: Row): z.infer<typeof cardView>["case"] {
  return {
    instanceId: text(row, "instance_id"),
    caseNumber: text(row, "case_number"),
    subject: { zh: text(row, "subject_zh"), en: text(row, "subject_en") },
  };
}

function evidenceOf(row: Row): CardView["evidence"] {
  const { ledger, source, verified, pack, calendar, scheme } = json<StoredEvidence>(row, "evidence");
  return {
    limitCode: text(row, "limit_code"),
    dueAt: ledger.dueAt,
    usedOf: { total: ledger.total, extension: ledger.extension, unit: ledger.unit, round: ledger.round },
    source: { ...source },
    verified,
    pack,
    calendar: { ...calendar },
    scheme: { ...scheme, source: { ...scheme.source } },
  };
}

/** Who said what and when, in the columns of that order; `null` while nobody has. */
function said<K extends "reason" | "text">(
  row: Row,
  [by, at, words]: readonly [string, string, string],
  key: K,
): ({ by: string; at: string } & Record<K, string>) | null {
  const who = optionalText(row, by);
  if (who === null) return null;
  return { by: who, at: text(row, at), [key]: text(row, words) } as { by: string; at: string } & Record<K, string>;
}
