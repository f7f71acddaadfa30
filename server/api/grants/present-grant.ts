import { switchOffDueAt } from "../../../engine/sharing/grant-due.ts";
import { isOver } from "../../../engine/sharing/grant.ts";
import { realityOf } from "../../../engine/sharing/reality.ts";
import type { Difference } from "../../../engine/sharing/acceptance.ts";
import type { Excess } from "../../../engine/sharing/over-scope.ts";
import type { Principal } from "../../identity/sessions.ts";
import { daysBetween } from "../../reporting/grant-figures.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { itemChoices } from "../../forms/choices.ts";
import type { NameOfItem } from "../../sharing/item-names.ts";
import { certificateOf } from "../../sharing/certificates.ts";
import { differenceText } from "../../sharing/difference-texts.ts";
import { excessText } from "../../sharing/excess-texts.ts";
import { actionsOf, sidesOf, type GrantSides } from "../../sharing/grant-rights.ts";
import { calendarsOf, grantOfRow, type Grant } from "../../sharing/grants.ts";
import { roleName } from "../../tasks/outcomes.ts";
import { integer, json, optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { placesFor } from "../../store/update-each.ts";
import { organisationOf, regionName } from "../present.ts";
import type { GrantDetail, GrantSummary } from "./grants.schema.ts";

const lastDays = 31;

/** Grants as JSON, with their scores and the clocks of their disposal in one statement each. */
export async function summaries(runtime: Runtime, rows: readonly Row[]): Promise<GrantSummary[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => text(row, "id"));
  const ratings = await runtime.store.read(
    `SELECT grant_id, phase, score FROM grant_rating WHERE grant_id IN (${placesFor(ids)})`,
    ids,
  );
  const scoreOf = (id: string, phase: string) => {
    const found = ratings.find((row) => text(row, "grant_id") === id && text(row, "phase") === phase);
    return found ? integer(found, "score") : null;
  };
  const dues = await disposalDues(runtime, rows);
  return rows.map((row) => {
    const id = text(row, "id");
    const scores = { accepted: scoreOf(id, "accepted"), ended: scoreOf(id, "ended") };
    return { ...summary(runtime, row, dues.get(id) ?? null), scores };
  });
}

function summary(runtime: Runtime, row: Row, disposalDue: string | null): Omit<GrantSummary, "scores"> {
  const grant = grantOfRow(row);
  const now = runtime.clock.now();
  const resource = runtime.content.resources.find(({ id }) => id === grant.resourceId);
  const certifiedAt = optionalText(row, "disposed_at");
  const owesDisposal = isOver(grant.state) && grant.supervision !== null;
  return {
    id: grant.id,
    caseNumber: grant.caseNumber,
    resource: { id: grant.resourceId, name: resource?.name ?? { zh: grant.resourceId, en: grant.resourceId } },
    receiver: organisationOf(runtime, grant.receiver),
    provider: organisationOf(runtime, grant.provider),
    state: grant.state,
    reality: realityOf(grant, now, runtime.content.use.unusedDays),
    openedAt: grant.openedAt,
    deliveredAt: grant.deliveredAt,
    acceptedAt: grant.acceptedAt,
    firstUsedAt: grant.firstUsedAt,
    lastUsedAt: grant.lastUsedAt,
    endsOn: grant.endsOn,
    daysSinceApproval: daysBetween(grant.openedAt, now),
    rejections: numberOf(row, "rejections"),
    suspensions: numberOf(row, "suspensions"),
    excesses: numberOf(row, "excesses"),
    endedAt: grant.endedAt,
    endedBecause: optionalText(row, "ended_because"),
    switchedOffAt: grant.switchedOffAt,
    switchOffDueAt: switchOffDueAt(grant, runtime.rules.use, calendarsOf(grant, runtime.rules.use)),
    disposal: owesDisposal
      ? {
          dueAt: disposalDue,
          certificate: optionalText(row, "disposal_ref"),
          file: certificateOf(row),
          certifiedAt,
          overdue: certifiedAt === null && disposalDue !== null && disposalDue < now,
        }
      : null,
  };
}

/** Due moments of the certificates of disposal: they are clocks of the cases that supervise the use. */
async function disposalDues(runtime: Runtime, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const supervisions = new Map(
    rows.flatMap((row) => {
      const supervision = optionalText(row, "supervision_id");
      return supervision === null ? [] : [[supervision, text(row, "id")] as const];
    }),
  );
  if (supervisions.size === 0) return new Map();
  const ids = [...supervisions.keys()];
  const clocks = await runtime.store.read(
    `SELECT instance_id, due_at FROM clock WHERE instance_id IN (${placesFor(ids)}) AND limit_code = 'L.DISPOSE' ORDER BY started_at`,
    ids,
  );
  return new Map(
    clocks.flatMap((clock) => {
      const due = optionalText(clock, "due_at");
      return due === null ? [] : [[supervisions.get(text(clock, "instance_id")) ?? "", due] as const];
    }),
  );
}

/** One grant with its deliveries, its use and what the reader may do. */
export async function detail(runtime: Runtime, principal: Principal, row: Row): Promise<GrantDetail> {
  const grant = grantOfRow(row);
  const [shown] = await summaries(runtime, [row]);
  if (!shown) throw new Error("the grant that was read is gone");
  const resource = runtime.content.resources.find(({ id }) => id === grant.resourceId);
  const nameOf: NameOfItem = (code) => itemChoices(resource, [code])[0]?.label ?? { zh: code, en: code };
  const ratings = await ratingsOf(runtime, grant);
  const waiting = await supervisionOf(runtime, grant);
  const [application] = await runtime.store.read("SELECT id FROM application WHERE instance_id = ?", [grant.id]);
  return {
    ...shown,
    applicationId: application ? text(application, "id") : null,
    supervision: grant.supervision,
    pending: waiting.pending,
    items: itemChoices(resource, grant.items).map(({ value, label }) => ({ code: value, name: label })),
    regionFilter: grant.regionFilter,
    regionName: regionName(runtime, grant.regionFilter),
    startsOn: grant.startsOn,
    callsPerDay: grant.callsPerDay,
    mode: optionalText(row, "mode"),
    endpoint: optionalText(row, "endpoint"),
    conditions: (optionalText(row, "conditions") ?? "").split("\n").filter((line) => line !== ""),
    endedNote: optionalText(row, "ended_note"),
    probe: await probeOf(runtime, grant),
    deliveries: await deliveriesOf(runtime, grant, nameOf),
    use: await useOf(runtime, grant, nameOf),
    ratings,
    onBehalfOf: inWhoseStead(sidesOf(runtime.content, principal, grant)),
    actions: actionsNow(runtime, principal, {
      grant,
      shown,
      ratings,
      copyable: application !== undefined,
      hears: waiting.hears,
    }),
  };
}

interface Waiting {
  readonly pending: GrantDetail["pending"];
  /** Names of the messages that the supervision takes now. */
  readonly hears: ReadonlySet<string>;
}

/** What the supervision of a grant waits for: somebody's step, or to be told something. */
async function supervisionOf(runtime: Runtime, { supervision }: Grant): Promise<Waiting> {
  if (!supervision) return { pending: [], hears: new Set() };
  const tasks = await runtime.store.read(
    `SELECT task.name, task.name_en, task.organisation_id, task.role, clock.due_at FROM task
     LEFT JOIN clock ON clock.id = task.clock_id
     WHERE task.instance_id = ? AND task.state = 'open' AND task.parent_id IS NULL ORDER BY task.created_at, task.id`,
    [supervision.id],
  );
  const heard = await runtime.store.read(
    "SELECT DISTINCT name FROM subscription WHERE kind = 'message' AND instance_id = ?",
    [supervision.id],
  );
  const pending = tasks.map((row) => ({
    name: { zh: text(row, "name"), en: optionalText(row, "name_en") ?? text(row, "name") },
    organisation: organisationOf(runtime, text(row, "organisation_id")),
    role: roleName(text(row, "role")),
    dueAt: optionalText(row, "due_at"),
  }));
  return { pending, hears: new Set(heard.map((row) => text(row, "name"))) };
}

function inWhoseStead(sides: GrantSides): GrantDetail["onBehalfOf"] {
  const persons = [...sides.values()];
  return persons.includes(null) ? null : (persons[0] ?? null);
}

interface Shown {
  readonly grant: Grant;
  readonly shown: GrantSummary;
  readonly ratings: GrantDetail["ratings"];
  readonly copyable: boolean;
  readonly hears: Waiting["hears"];
}

function actionsNow(runtime: Runtime, principal: Principal, shown: Shown): GrantDetail["actions"] {
  const { grant, ratings, copyable, hears } = shown;
  const sides = sidesOf(runtime.content, principal, grant);
  const [receiver, provider] = [sides.has("receiver"), sides.has("provider")];
  const rated = (phase: "accepted" | "ended") => ratings.some((rating) => rating.phase === phase);
  // What the supervision would refuse to take while it is busy with something else is not offered.
  const actions: GrantDetail["actions"] = actionsOf(sides, grant).filter(
    (action) => action !== "renew" || hears.has("grant.renewal"),
  );
  if (provider && grant.state === "active" && hears.has("grant.change")) actions.push("announceChange");
  if (provider && isOver(grant.state) && grant.acceptedAt !== null && shown.shown.switchedOffAt === null)
    actions.push("confirmSwitchedOff");
  if (receiver && grant.acceptedAt !== null && !rated("accepted")) actions.push("rateAccepted");
  if (receiver && isOver(grant.state) && !rated("ended")) actions.push("rateEnded");
  if (receiver && copyable) actions.push("copy");
  return actions;
}

async function probeOf(runtime: Runtime, grant: Grant): Promise<GrantDetail["probe"]> {
  const [row] = await runtime.store.read("SELECT * FROM access_probe WHERE instance_id = ?", [grant.id]);
  if (!row) return null;
  return {
    healthUrl: text(row, "health_url"),
    probes: integer(row, "probes"),
    failed: integer(row, "failed"),
    lastAt: optionalText(row, "last_at"),
    lastStatus: row["last_status"] === null ? null : integer(row, "last_status"),
    lastError: optionalText(row, "last_error"),
    unreachableSince: optionalText(row, "unreachable_since"),
  };
}

async function deliveriesOf(runtime: Runtime, grant: Grant, nameOf: NameOfItem): Promise<GrantDetail["deliveries"]> {
  const rows = await runtime.store.read("SELECT * FROM delivery_attempt WHERE instance_id = ? ORDER BY number", [
    grant.id,
  ]);
  return rows.map((row) => {
    const differences = optionalText(row, "differences");
    return {
      id: text(row, "id"),
      number: integer(row, "number"),
      deliveredAt: text(row, "delivered_at"),
      deliveredBy: text(row, "delivered_by"),
      mode: text(row, "mode"),
      endpoint: optionalText(row, "endpoint"),
      fileHash: optionalText(row, "file_hash"),
      rowCount: row["row_count"] === null ? null : integer(row, "row_count"),
      result: optionalText(row, "result") as "passed" | "failed" | "silent" | null,
      testedAt: optionalText(row, "tested_at"),
      testedBy: optionalText(row, "tested_by"),
      differences:
        differences === null
          ? []
          : (JSON.parse(differences) as readonly Difference[]).map((one) => differenceText(one, nameOf)),
    };
  });
}

async function useOf(runtime: Runtime, grant: Grant, nameOf: NameOfItem): Promise<GrantDetail["use"]> {
  const [sum] = await runtime.store.read(
    "SELECT COUNT(DISTINCT day) AS days, SUM(calls) AS calls, SUM(row_count) AS total FROM grant_use WHERE grant_id = ?",
    [grant.id],
  );
  const rows = await runtime.store.read(
    `SELECT day, calls, row_count, excesses FROM grant_use WHERE grant_id = ? ORDER BY day DESC, id DESC LIMIT ${lastDays}`,
    [grant.id],
  );
  return {
    days: numberOf(sum ?? {}, "days"),
    calls: numberOf(sum ?? {}, "calls"),
    rows: numberOf(sum ?? {}, "total"),
    last: rows.map((row) => ({
      day: text(row, "day"),
      calls: integer(row, "calls"),
      rows: integer(row, "row_count"),
      exceeded: optionalText(row, "excesses") !== null,
    })),
    excesses: rows.flatMap((row) => {
      const found = optionalText(row, "excesses") === null ? [] : json<readonly Excess[]>(row, "excesses");
      return found.map((excess) => ({ day: text(row, "day"), text: excessText(excess, nameOf) }));
    }),
  };
}

async function ratingsOf(runtime: Runtime, grant: Grant): Promise<GrantDetail["ratings"]> {
  const rows = await runtime.store.read("SELECT * FROM grant_rating WHERE grant_id = ? ORDER BY at", [grant.id]);
  return rows.map((row) => ({
    phase: text(row, "phase") === "ended" ? "ended" : "accepted",
    score: integer(row, "score"),
    lacking: text(row, "lacking"),
    by: text(row, "by_name"),
    at: text(row, "at"),
  }));
}

function numberOf(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}
