import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visibleGrants } from "../../server/identity/grant-policy.ts";
import type { Principal } from "../../server/identity/sessions.ts";
import { allOf } from "../../server/identity/scope.ts";
import { listCondition } from "../../server/reporting/grant-conditions.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { grantSelect } from "../../server/sharing/grants.ts";
import type { Parameter } from "../../server/store/store.ts";
import { createTestDatabase, testedDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime } from "./support.ts";

const many = 3_000;
let database: TestDatabase;
let runtime: Runtime;

beforeAll(async () => {
  database = await createTestDatabase();
  runtime = await openRuntime(database);
  const organisations = [...runtime.content.organisations.values()];
  const rows = Array.from({ length: many }, (_, index) => {
    const [receiver, provider] = [
      organisations[index % organisations.length],
      organisations[(index * 7 + 3) % organisations.length],
    ];
    const id = `g-${String(index).padStart(6, "0")}`;
    const openedAt = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
    return {
      grant: {
        instance_id: id,
        case_number: id,
        resource_id: "res-medical",
        applicant_org: receiver?.id ?? "",
        provider_org: provider?.id ?? "",
        applicant_region: receiver?.region ?? "",
        provider_region: provider?.region ?? "",
        provider_level: provider?.level ?? "",
        state: index % 4 === 0 ? "granted" : index % 4 === 3 ? "ended" : "active",
        opened_at: openedAt,
        accepted_at: index % 4 === 0 ? null : openedAt,
        due_at: index % 4 === 3 ? null : new Date(Date.UTC(2030, 0, 1) + index * 60_000).toISOString(),
      },
      delivery: { instance_id: id, granted_items: "[]", region_filter: "520102" },
      instance: {
        id,
        case_number: id,
        process_key: "ds-03",
        definition_id: "plan",
        rule_set_id: "plan",
        rules_date: "2026-01-01",
        status: "completed",
        rev: 1,
        state: "{}",
        subject_zh: "",
        subject_en: "",
        applicant_org: receiver?.id ?? "",
        applicant_region: receiver?.region ?? "",
        provider_org: provider?.id ?? "",
        provider_region: provider?.region ?? "",
        started_by: "u-plan",
        started_at: openedAt,
        incidents: 0,
      },
    };
  });
  for (let from = 0; from < rows.length; from += 500)
    await runtime.store.transaction(async (tx) => {
      const part = rows.slice(from, from + 500);
      await tx.insertAll(
        "access_grant",
        part.map(({ grant }) => grant),
      );
      await tx.insertAll(
        "instance",
        part.map(({ instance }) => instance),
      );
      await tx.insertAll(
        "delivery",
        part.map(({ delivery }) => delivery),
      );
    });
  if (testedDatabase === "mariadb") await runtime.store.read("ANALYZE TABLE access_grant, delivery, instance");
  else await runtime.store.read("ANALYZE");
});
afterAll(async () => {
  await runtime.close();
  await database.remove();
});

interface Step {
  readonly table: string;
  /** The table is read from end to end. */
  readonly isScan: boolean;
}

/** How the database reads the tables of a statement. */
async function planOf(sql: string, parameters: readonly Parameter[]): Promise<readonly Step[]> {
  if (testedDatabase === "mariadb") {
    const rows = await runtime.store.read(`EXPLAIN ${sql}`, parameters);
    return rows.map((row) => ({ table: String(row["table"]), isScan: row["type"] === "ALL" }));
  }
  const rows = await runtime.store.read(`EXPLAIN QUERY PLAN ${sql}`, parameters);
  return rows.map(({ detail }) => ({
    table: String(detail),
    isScan: /^SCAN (?!.*USING (COVERING )?INDEX)/.test(String(detail)),
  }));
}

const page = "ORDER BY access_grant.opened_at DESC, access_grant.instance_id DESC LIMIT 31";
const official = (organisation: string, role: string): Principal => ({
  id: "u-plan",
  account: "plan",
  name: "plan",
  posts: [{ organisation, role }],
  csrf: "",
  lastSignInAt: null,
  standsInFor: [],
});

describe("what people wait for is found by an index", () => {
  it("the grants of one's own organisation, newest first", async () => {
    const plan = await planOf(`${grantSelect} WHERE access_grant.applicant_org IN (?) ${page}`, ["nm-civil"]);
    expect(plan.filter(({ isScan }) => isScan)).toEqual([]);
  });

  it.each([
    ["a county's manager", "nm-data"],
    ["the province's manager", "gz-data"],
  ])("what %s may see, newest first, by list", async (_who, organisation) => {
    const looked = { now: runtime.clock.now(), rules: runtime.content.use };
    const seen = visibleGrants(official(organisation, "manager"), runtime.content);
    const where = allOf(seen, listCondition("notDelivered", looked));
    const plan = await planOf(`${grantSelect} WHERE ${where.sql} ${page}`, where.parameters);
    expect(plan.filter(({ isScan }) => isScan)).toEqual([]);
    const rows = await runtime.store.read(`${grantSelect} WHERE ${where.sql} ${page}`, where.parameters);
    expect(rows).toHaveLength(31);
  });

  it("what the substitute of the authority's reviewer may see besides their own, by list", async () => {
    const looked = { now: runtime.clock.now(), rules: runtime.content.use };
    const standIn = {
      substitution: "s",
      person: { id: "u-away", name: "away" },
      posts: [{ organisation: "gz-data", role: "authority-reviewer" }],
      processes: ["ds-03"],
      everyRole: true,
      highestGrade: 3,
    };
    const substitute = { ...official("gz-data", "duty-officer"), standsInFor: [standIn] };
    const where = allOf(visibleGrants(substitute, runtime.content), listCondition("notDelivered", looked));
    const plan = await planOf(`${grantSelect} WHERE ${where.sql} ${page}`, where.parameters);
    expect(plan.filter(({ isScan }) => isScan)).toEqual([]);
  });

  it("what the sweep has due, and the next moment", async () => {
    const due = "SELECT instance_id FROM access_grant WHERE due_at <= ? ORDER BY due_at, instance_id LIMIT 500";
    expect((await planOf(due, ["2030-01-01T01:00:00.000Z"])).filter(({ isScan }) => isScan)).toEqual([]);
    const next = "SELECT MIN(due_at) AS due FROM access_grant WHERE due_at IS NOT NULL";
    expect((await planOf(next, [])).filter(({ isScan }) => isScan)).toEqual([]);
  });

  it("the use of a grant, and the reports that are known", async () => {
    const use = "SELECT day, calls FROM grant_use WHERE grant_id = ? ORDER BY day DESC, id DESC LIMIT 31";
    expect((await planOf(use, ["g-000001"])).filter(({ isScan }) => isScan)).toEqual([]);
  });
});
