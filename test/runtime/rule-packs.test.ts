import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Variables } from "../../engine/expressions/json.ts";
import { packsInForce, type RulePack } from "../../engine/routing/rule-pack.ts";
import type { Actor } from "../../server/runtime/actor.ts";
import { amendDraft, draftPack, publishDraft } from "../../server/runtime/rule-packs.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import { newId } from "../../server/store/ids.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { openRuntime, text } from "./support.ts";

const clerk: Actor = { kind: "person", id: "u-wang", name: "王敏", organisation: "nm-civil" };
const [lin, tan] = [
  { id: "u-lin", name: "林悦" },
  { id: "u-tan", name: "谭慧" },
];
let database: TestDatabase;
let runtime: Runtime;

beforeEach(async () => {
  database = await createTestDatabase();
  runtime = await open();
});
afterEach(async () => {
  await runtime.close();
  await database.remove();
});

const open = () => openRuntime(database);
const today = () => runtime.clock.now().slice(0, 10);

function nanming(over: Partial<RulePack>): RulePack {
  const shipped = runtime.content.rulePacks.find(({ region }) => region === "520102")!;
  const limits = shipped.limits.map((limit) =>
    limit.code === "L.REVIEW" ? { ...limit, value: 1, promised: null } : limit,
  );
  return { ...shipped, version: "2026.2", effectiveFrom: today(), limits, ...over };
}

async function publish(pack: RulePack): Promise<void> {
  const at = { now: runtime.clock.now(), today: today() };
  const id = await draftPack(runtime.store, runtime.rules, { pack, comment: "", author: lin, ...at });
  await publishDraft(runtime.store, runtime.rules, id, { by: tan, ...at });
}

async function startCase(): Promise<string> {
  const id = newId();
  const [definition] = await runtime.store.read("SELECT id FROM definition WHERE process_key = 'ds-03'");
  const variables: Variables = {
    applicant: { organisation: "nm-civil", region: "520102", level: "county", name: "南明区民政局" },
    provider: { organisation: "gz-medical", region: "520000", level: "province" },
    resource: {
      code: "306001/000001",
      name: "医保",
      shareClass: "conditional",
      hookup: "hooked",
      grade: 3,
      vertical: "none",
    },
    request: { items: ["status"], personalInfo: "sensitive", mode: "verify", emergency: "none", outsourced: false },
    hops: [{ organisation: "gy-data", region: "520100", level: "city" }],
    upwardMode: "viaParentAuthority",
    supplements: 0,
  };
  const party = (organisation: string, region: string) => ({ organisation, region });
  await runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: text(definition, "id"),
      processKey: "ds-03",
      startEvent: null,
      subject: { zh: "医保", en: "Medical" },
      applicant: party("nm-civil", "520102"),
      provider: party("gz-medical", "520000"),
      variables,
    },
    clerk,
    null,
    async () => undefined,
  );
  return id;
}

/** Signs the application off and tells the limit of the check that follows, with the pack that it rests on. */
async function reviewAfterSignOff(id: string): Promise<{ total: number; sentence: string }> {
  const [task] = await runtime.store.read("SELECT wait_id FROM task WHERE instance_id = ? AND state = 'open'", [id]);
  await runtime.dispatch({
    instanceId: id,
    actor: clerk,
    commandId: null,
    decide: async () => ({ type: "completeTask", wait: text(task, "wait_id"), outcome: "approve", variables: {} }),
  });
  const [check] = await runtime.store.read(
    "SELECT explanation FROM task WHERE instance_id = ? AND element = 'Task_OwnCheck'",
    [id],
  );
  const [clock] = await runtime.store.read(
    "SELECT ledger FROM clock WHERE instance_id = ? AND limit_code = 'L.REVIEW'",
    [id],
  );
  return {
    total: (JSON.parse(text(clock, "ledger")) as { total: number }).total,
    sentence: (JSON.parse(text(check, "explanation")) as { sentence: { en: string } }).sentence.en,
  };
}

describe("a new version of a rule pack", () => {
  it("rules the cases that start after it, and never one that runs", async () => {
    const running = await startCase();
    await publish(nanming({}));
    const later = await startCase();

    const before = await reviewAfterSignOff(running);
    expect(before.total).toBe(2);
    expect(before.sentence).toContain("rule pack 2026.1 of Nanming District");
    const after = await reviewAfterSignOff(later);
    expect(after.total).toBe(1);
    expect(after.sentence).toContain("rule pack 2026.2 of Nanming District");
  });

  it("is seen by another node, and after a restart", async () => {
    const other = await open();
    await publish(nanming({}));
    const { packs, id } = await other.rules.current(runtime.clock.now());
    expect(packsInForce(packs, today()).get("520102")?.version).toBe("2026.2");
    expect(id).toBe((await runtime.rules.current(runtime.clock.now())).id);
    await other.close();
    const again = await open();
    expect((await again.rules.current(runtime.clock.now())).id).toBe(id);
    await again.close();
  });

  it("waits for its day beside the one in force", async () => {
    await publish(nanming({ effectiveFrom: "2099-01-01" }));
    expect((await reviewAfterSignOff(await startCase())).total).toBe(2);
    const { packs } = await runtime.rules.current(runtime.clock.now());
    expect(packsInForce(packs, "2099-01-01").get("520102")?.version).toBe("2026.2");
  });

  it("is refused in the past, by its own author, twice, and where it loosens a layer above or below", async () => {
    const at = { now: runtime.clock.now(), today: today() };
    const draft = (pack: RulePack) =>
      draftPack(runtime.store, runtime.rules, { pack, comment: "", author: lin, ...at });
    await expect(draft(nanming({ effectiveFrom: "2026-01-01" }))).rejects.toMatchObject({
      code: "EFFECTIVE_IN_THE_PAST",
    });
    const id = await draft(nanming({}));
    const by = (person: { id: string; name: string }) =>
      publishDraft(runtime.store, runtime.rules, id, { by: person, ...at });
    await expect(by(lin)).rejects.toMatchObject({ code: "SECOND_PERSON_NEEDED" });
    await by(tan);
    await expect(by(tan)).rejects.toMatchObject({ code: "NOT_A_DRAFT" });

    const amend = (author: { id: string; name: string }) =>
      amendDraft(runtime.store, runtime.rules, draftId, {
        pack: nanming({ version: "2027.1" }),
        comment: "",
        author,
        ...at,
      });
    const draftId = await draft(nanming({ version: "2026.9" }));
    await expect(amend(tan)).rejects.toMatchObject({ code: "NOT_A_DRAFT" });
    await amend(lin);
    const [row] = await runtime.store.read("SELECT version FROM rule_pack WHERE id = ?", [draftId]);
    expect(text(row, "version")).toBe("2027.1");

    const long = nanming({}).limits.map((limit) => (limit.code === "L.REVIEW" ? { ...limit, value: 3 } : limit));
    await expect(draft(nanming({ version: "2026.3", limits: long }))).rejects.toMatchObject({
      code: "RULES_REFUSED",
      problems: expect.arrayContaining([
        expect.objectContaining({ code: "LIMIT_LONGER_THAN_ABOVE", place: "rule-packs/520102 L.REVIEW value" }),
      ]),
    });
    const city = runtime.content.rulePacks.find(({ region }) => region === "520100")!;
    const shorter = city.limits.map((limit) =>
      limit.code === "L.HOP" ? { ...limit, code: "L.SUPPLEMENT", value: 1 } : limit,
    );
    await expect(draft({ ...city, version: "2026.2", effectiveFrom: today(), limits: shorter })).rejects.toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ place: "rule-packs/520102 L.SUPPLEMENT value" })]),
    });
  });
});
