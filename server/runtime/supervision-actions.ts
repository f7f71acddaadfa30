import { optionalText, text } from "../store/rows.ts";
import type { Row, Transaction } from "../store/store.ts";
import type { Actor } from "./actor.ts";
import { notFound, RuntimeProblem } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

type Person = Extract<Actor, { kind: "person" }>;
type Table = "card" | "supervisory_order" | "notice";

/** What a person does about supervision. What is told of it stands in the case's journal, under their name. */
export type SupervisionAct =
  | { readonly type: "contestCard"; readonly reason: string }
  | { readonly type: "decideCard"; readonly decision: "upheld" | "withdrawn"; readonly reason: string }
  | { readonly type: "replyOrder"; readonly reply: string }
  | { readonly type: "verifyOrder"; readonly accepted: boolean; readonly verification: string }
  | { readonly type: "receiveNotice" };

const tables: Readonly<Record<SupervisionAct["type"], Table>> = {
  contestCard: "card",
  decideCard: "card",
  replyOrder: "supervisory_order",
  verifyOrder: "supervisory_order",
  receiveNotice: "notice",
};

const lines: Readonly<Record<SupervisionAct["type"], string>> = {
  contestCard: "card.contested",
  decideCard: "card.decided",
  replyOrder: "order.replied",
  verifyOrder: "order.verified",
  receiveNotice: "notice.received",
};

/** One card, order or notice; `null` when there is none. */
export async function supervisionRow(runtime: Runtime, table: Table, id: string): Promise<Row | null> {
  const [row] = await runtime.store.read(`SELECT * FROM ${table} WHERE id = ?`, [id]);
  return row ?? null;
}

/**
 * Carries out an act on a card, an order or a notice, with its line in the journal of the case, in one transaction. Never
 * touches the process. Throws `RuntimeProblem` when its state does not allow the act; the authorisation is the caller's.
 */
export async function superviseBy(
  runtime: Runtime,
  person: Person,
  { id, act, commandId }: { readonly id: string; readonly act: SupervisionAct; readonly commandId: string | null },
): Promise<void> {
  const table = tables[act.type];
  const found = await supervisionRow(runtime, table, id);
  if (!found) throw notFound();
  await runtime.dispatch({
    instanceId: text(found, "instance_id"),
    actor: person,
    commandId,
    decide: async ({ tx, now }) => {
      const [row] = await tx.query(`SELECT * FROM ${table} WHERE id = ?`, [id]);
      if (!row) throw notFound();
      await change(tx, row, { act, by: person.name, now });
      return null;
    },
    also: async ({ now }) => {
      const { type, ...told } = act;
      const subject = { id, limit: text(found, "limit_code"), rung: optionalText(found, "rung") };
      return [{ at: now, type: lines[type], element: null, actor: person, payload: { ...subject, ...told } }];
    },
  });
}

interface Doing {
  readonly act: SupervisionAct;
  readonly by: string;
  readonly now: string;
}

async function change(tx: Transaction, row: Row, { act, by, now }: Doing): Promise<void> {
  const id = text(row, "id");
  switch (act.type) {
    case "contestCard":
      requireState(row, ["issued"]);
      if (now > text(row, "contest_until")) throw contestTooLate(text(row, "contest_until"));
      await tx.execute(
        "UPDATE card SET state = 'contested', contested_by = ?, contested_at = ?, contest_reason = ? WHERE id = ?",
        [by, now, act.reason, id],
      );
      return;
    case "decideCard":
      requireState(row, ["contested"]);
      await tx.execute("UPDATE card SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ? WHERE id = ?", [
        act.decision,
        by,
        now,
        act.reason,
        id,
      ]);
      return;
    case "replyOrder":
      requireState(row, ["open", "returned"]);
      await tx.execute(
        "UPDATE supervisory_order SET state = 'replied', reply = ?, replied_by = ?, replied_at = ? WHERE id = ?",
        [act.reply, by, now, id],
      );
      return climbAnew(tx, row, now);
    case "verifyOrder":
      requireState(row, ["replied"]);
      await tx.execute(
        "UPDATE supervisory_order SET state = ?, verification = ?, verified_by = ?, verified_at = ?, closed_at = ? WHERE id = ?",
        [act.accepted ? "closed" : "returned", act.verification, by, now, act.accepted ? now : null, id],
      );
      return climbAnew(tx, row, now);
    case "receiveNotice":
      if (optionalText(row, "received_at") !== null) throw wrongState("received");
      await tx.execute("UPDATE notice SET received_by = ?, received_at = ? WHERE id = ?", [by, now, id]);
      return;
  }
}

/** An order that is answered, or sent back, changes what comes next on the ladder: the sweep works it out. */
async function climbAnew(tx: Transaction, order: Row, now: string): Promise<void> {
  await tx.execute("UPDATE clock SET rung_at = ? WHERE id = ? AND stopped_at IS NULL", [now, text(order, "clock_id")]);
}

function requireState(row: Row, allowed: readonly string[]): void {
  const state = text(row, "state");
  if (!allowed.includes(state)) throw wrongState(state);
}

function wrongState(state: string): RuntimeProblem {
  return new RuntimeProblem(
    409,
    "SUPERVISION_STATE",
    { zh: `当前状态（${state}）不允许此操作`, en: `Its state (${state}) does not allow this` },
    { zh: "请刷新后重试", en: "Load it again" },
  );
}

function contestTooLate(until: string): RuntimeProblem {
  return new RuntimeProblem(409, "CONTEST_TOO_LATE", {
    zh: `申诉期限已于 ${until} 届满`,
    en: `It could be contested until ${until}`,
  });
}
