import { expect } from "vitest";
import type { Clock } from "../../engine/calendar/clock.ts";
import type { ApiBench } from "../api/support.ts";
import type { Acting, ClockEffect } from "./row.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];
/** Everything that an operation could change of a case, to show that a refused one changed nothing. */
export type Footprint = Readonly<Record<string, Rows>>;

const tablesOfCase = [
  "task",
  "clock",
  "timer",
  "journal",
  "signing_round",
  "case_return",
  "case_jump",
  "case_suspension",
  "second_supplement",
  "comment",
  "carbon_copy",
  "watcher",
  "urge",
  "attachment",
  "draft",
  "incident",
] as const;

export async function footprint({ runtime }: ApiBench, instanceId: string): Promise<Footprint> {
  const { read } = runtime.store;
  const found: Record<string, Rows> = {
    instance: await read("SELECT state, status, rev FROM instance WHERE id = ?", [instanceId]),
  };
  for (const table of tablesOfCase)
    found[table] = await read(`SELECT * FROM ${table} WHERE instance_id = ? ORDER BY id`, [instanceId]);
  return found;
}

export interface Line {
  readonly type: string;
  readonly actor: { readonly kind: string };
  readonly sentence: { readonly zh: string; readonly en: string };
}

export async function historyOf(bench: ApiBench, instanceId: string): Promise<readonly Line[]> {
  return (await (await bench.as("guan")).get(`/api/instances/${instanceId}`)).body.history;
}

/** Whatever was done, somebody answers for each open step: it is assigned, somebody may take it, or it waits for another's work. */
export async function expectAccountable({ runtime }: ApiBench, instanceId: string): Promise<void> {
  const { read } = runtime.store;
  const tasks = await read("SELECT * FROM task WHERE instance_id = ? AND state IN ('open', 'waiting')", [instanceId]);
  for (const { id, state, wait_id: wait, assignee_id: assignee, organisation_id: organisation, role } of tasks) {
    if (state === "waiting") {
      const others = tasks.filter(
        (other) => other["wait_id"] === wait && other["id"] !== id && other["state"] === "open",
      );
      expect(others.length, `whom ${String(id)} waits for`).toBeGreaterThan(0);
    }
    if (assignee !== null) continue;
    const post = [String(organisation), String(role)];
    const holders = await read("SELECT id FROM post WHERE organisation_id = ? AND role = ?", post);
    expect(holders.length, `holders of ${post.join(" ")}`).toBeGreaterThan(0);
  }
}

/** Every clock that still counts belongs to something the case holds, has a due moment unless it is paused, and its tasks tell it. */
export async function expectSoundClocks({ runtime }: ApiBench, instanceId: string): Promise<void> {
  const { read } = runtime.store;
  const [instance] = await read("SELECT state FROM instance WHERE id = ?", [instanceId]);
  const { tokens } = JSON.parse(String(instance?.["state"])) as { tokens: Record<string, unknown> };
  for (const row of await read("SELECT * FROM clock WHERE instance_id = ? AND stopped_at IS NULL", [instanceId])) {
    const { limitCode, state, dueAt, pausedAt, stoppedAt } = JSON.parse(String(row["ledger"])) as Clock;
    const { tokens: under } = JSON.parse(String(row["standing"])) as { tokens: readonly string[] };
    const held = under.filter((token) => token in tokens);
    expect(held.length, `what runs under ${limitCode}`).toBeGreaterThan(0);
    expect([stoppedAt, dueAt === null, pausedAt !== null]).toEqual([null, state === "paused", state === "paused"]);
    const open = "SELECT due_at FROM task WHERE clock_id = ? AND state IN ('open', 'waiting')";
    for (const task of await read(open, [String(row["id"])])) expect(task["due_at"]).toBe(dueAt);
  }
}

/** What has become of the clock of the step at hand; every other clock that was open goes on as it was or ends with the case. */
export async function expectClock({ bench, at }: Acting, before: Footprint, effect: ClockEffect): Promise<void> {
  const was = ledgersOf(before["clock"] ?? []);
  const now = await footprint(bench, at.instanceId);
  const after = ledgersOf(now["clock"] ?? []);
  const moment = (now["journal"] ?? [])
    .map((row) => String(row["at"]))
    .sort()
    .at(-1);
  const step = [...was].find(([, { limitCode }]) => limitCode === "L.REPLY.COND");
  if (!step) throw new Error("the step has no clock");
  const [id, earlier] = step;
  const later = after.get(id);
  if (!later) throw new Error("the clock of the step is gone");
  switch (effect) {
    case "untouched":
      return expect(Object.fromEntries(after)).toEqual(Object.fromEntries(was));
    case "stopsWithStep":
      // Where the step is done several times, the others' clock is the same one, and goes on.
      if (at.name === "multiInstance") return expect(later).toEqual(earlier);
      return expect([later.state, later.stoppedAt]).toEqual(["met", moment]);
    case "left":
      return expect([later.stoppedAt, later.used]).toEqual([moment, earlier.used]);
    case "stops":
      for (const { stoppedAt } of after.values()) expect(stoppedAt).not.toBeNull();
      return expect(later.stoppedAt).toBe(moment);
    case "pauses":
      return expect([later.state, later.stoppedAt]).toEqual(["paused", null]);
    case "goesOn":
      return expect([later.state, later.stoppedAt]).toEqual(["running", null]);
  }
}

function ledgersOf(rows: Rows): ReadonlyMap<string, Clock> {
  return new Map(rows.map((row) => [String(row["id"]), JSON.parse(String(row["ledger"])) as Clock]));
}
