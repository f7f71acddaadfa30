import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { variablesAt } from "../../engine/execution/variables.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import type { CaseForecast } from "../../server/api/forecasts/forecasts.schema.ts";
import { newId } from "../../server/store/ids.ts";
import { appoint } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";
import { openSituation, people, situationFacts, situations, startCase, taskAt } from "../operations/situations.ts";
import { publish, system } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { openChoosing, reason, step } from "./choosing-case.ts";

/**
 * Complaint 9 of users of other systems: the preview of the next approver is wrong, or throws, with branches, delays and
 * parallel branches. What the case page foretells is held against what then happens; generated processes are in
 * `test/properties/forecast.test.ts`.
 */
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

async function foretold(instanceId: string): Promise<CaseForecast> {
  const answer = await (await bench.as("guan")).get(`/api/instances/${instanceId}/forecast`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** Steps with the names of who would do them. */
const named = ({ steps }: CaseForecast) =>
  steps.map(({ element, people: persons, ground }) => [element, persons.map(({ name }) => name).join(" "), ground]);

async function openWaits(instanceId: string): Promise<readonly { element: string; wait: string; outcomes: string }[]> {
  const rows = await bench.runtime.store.read(
    "SELECT element, wait_id, outcomes, MIN(created_at) AS at, MIN(id) AS first FROM task WHERE instance_id = ? AND kind = 'decide' AND state IN ('open', 'waiting') GROUP BY element, wait_id, outcomes ORDER BY at, first",
    [instanceId],
  );
  return rows.map((row) => ({
    element: String(row["element"]),
    wait: String(row["wait_id"]),
    outcomes: String(row["outcomes"]),
  }));
}

async function actAsSystem(instanceId: string, wait: string, outcome: string | null): Promise<void> {
  await bench.runtime.dispatch({
    instanceId,
    actor: system,
    commandId: null,
    decide: async ({ state }) => {
      const { forms = {} } = variablesAt(state, wait);
      const written = { ...(forms as object), [state.waits[wait]?.element ?? ""]: {} };
      return { type: "completeTask", wait, outcome, variables: { forms: written } };
    },
  });
}

/** Every step that the case ever opened, in order. */
async function stepsOf(instanceId: string): Promise<readonly string[]> {
  const rows = await bench.runtime.store.read(
    "SELECT element FROM journal WHERE instance_id = ? AND type = 'task.created' ORDER BY seq",
    [instanceId],
  );
  return rows.map((row) => String(row["element"]));
}

describe("complaint 9: the preview of what comes next is wrong or throws", () => {
  const facts: Variables = {
    ...situationFacts,
    resource: {
      code: "306001/000001",
      name: "医保",
      shareClass: "conditional",
      hookup: "hooked",
      grade: 3,
      vertical: "none",
    },
    request: {
      ...(situationFacts["request"] as object),
      to: "2027-10-31",
      legalBasis: "共享条例第十条",
      scope: "本区",
      filedAt: "holder",
    },
    hops: [{ organisation: "gy-data", region: "520100", level: "city" }],
    upwardMode: "viaParentAuthority",
    direction: "sameProvince",
    disputeCase: "SQ-1",
    grant: { endsAt: "2027-10-31T00:00:00.000Z" },
    milestone: { kind: "report", at: "2027-01-31T00:00:00.000Z" },
    originCase: null,
    caseNumber: "SQ-2",
  };

  async function startShipped(key: string): Promise<string> {
    const newest = await bench.runtime.models.newest(key);
    const id = newId();
    const organisation = key === "ds-05" ? "nm-emergency-bureau" : "nm-civil";
    const applicant = { organisation, region: "520102", level: "county" };
    const provider = { organisation: "gz-medical", region: "520000" };
    const resource = { ...(facts["resource"] as object), ...(key === "ds-02" && { shareClass: "unconditional" }) };
    const variables = { ...facts, applicant, resource };
    const created = { id, caseNumber: id.slice(-12), definitionId: newest?.definitionId ?? "", processKey: key };
    await bench.runtime.start(
      { ...created, startEvent: null, subject: { zh: key, en: key }, applicant, provider, variables },
      system,
      null,
      async () => undefined,
    );
    return id;
  }

  it.each(["ds-01", "ds-02", "ds-03", "ds-03r", "ds-04", "ds-05", "ds-06", "ds-07", "ds-08"])(
    "%s, as it ships: at every point the steps that follow are those that were foretold",
    async (key) => {
      const id = await startShipped(key);
      const points: { readonly told: CaseForecast; readonly before: number; readonly open: readonly string[] }[] = [];
      for (let moves = 0; moves < 40; moves += 1) {
        const open = await openWaits(id);
        points.push({
          told: await foretold(id),
          before: (await stepsOf(id)).length,
          open: open.map(({ element }) => element),
        });
        const [first] = open;
        if (!first) break;
        await actAsSystem(id, first.wait, first.outcomes.split(" ")[0] || null);
      }
      const all = await stepsOf(id);
      for (const { told, before, open } of points)
        expect(told.steps.map(({ element }) => element).toSorted()).toEqual([...open, ...all.slice(before)].toSorted());
      const stuck = await bench.runtime.store.read("SELECT message FROM incident WHERE instance_id = ?", [id]);
      expect([stuck.map((row) => row["message"]), all.length > 0]).toEqual([[], true]);
    },
  );

  it.each(situations)("answers for a case in every situation: %s", async (name) => {
    const at = await openSituation(bench, name);
    const { steps, end } = await foretold(at.instanceId);
    expect(steps.at(-1)?.element).toBe("settle");
    expect(steps.filter(({ isOpen }) => isOpen).map(({ element }) => element)).toContain(at.work);
    expect(end.how).toBe("ended");
    expect(steps.find(({ element }) => element === at.work)?.due.latest).not.toBeNull();
  });

  it("names who would act: in hand, by the role, chosen, and says on which decision it depends", async () => {
    for (const name of ["ann", "ben"]) await appoint(bench, name, "gz-medical", "provider-clerk");
    const choosing = 'jieli:branches="way_examine way_settle" jieli:peopleFor="examine"';
    const rest = `<bpmn:intermediateCatchEvent id="rest"><bpmn:timerEventDefinition id="rest_t"><bpmn:timeDuration>PT2H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
    const id = await openChoosing(bench, { review: choosing.replace("way_examine", "way_rest"), before: rest });
    const before = await foretold(id);
    expect(before.steps.map(({ element }) => element)).toEqual(["review", "settle"]);
    expect(before.steps[1]?.dependsOn).toMatchObject([{ on: "outcome", element: "review" }]);
    const task = await taskAt(bench, id, "review");
    const choice = { branch: "way_rest", people: { examine: ["u-ben"] }, reason };
    const reviewer = await bench.as(people.reviewer);
    const done = await reviewer.post(`/api/tasks/${task.id}/complete`, { outcome: "approve", rev: task.rev, choice });
    expect(done.status, done.text).toBe(200);
    const told = await foretold(id);
    expect(named(told)[0]).toEqual(["examine", "ben", "chosen"]);
    const opens = told.steps[0]?.opens.earliest ?? "";
    const [timer] = await bench.runtime.store.read("SELECT due_at FROM timer WHERE instance_id = ?", [id]);
    expect(opens).toBe(timer?.["due_at"]);
    await bench.runtime.moveClock(opens);
    await bench.runtime.settle();
    expect(named(await foretold(id))[0]).toEqual(["examine", "ben", "inHand"]);
  });

  it("names the returner on the way straight back, and the superior who acts for whoever is excluded", async () => {
    const at = await openSituation(bench, "single");
    const { id, rev } = await at.task();
    const defects = [{ place: "使用目的", what: "与依据不一致", basis: "共享条例第十条" }];
    const back = { to: "applicant", afterwards: "backToMe", defects, reason: "依据不足", rev, confirmedSiblings: [] };
    expect((await (await bench.as(at.account)).post(`/api/tasks/${id}/return`, back)).status).toBe(200);
    expect(named(await foretold(at.instanceId)).slice(0, 2)).toEqual([
      ["sign", "刘建国", "role"],
      ["work", "张伟", "returner"],
    ]);

    await bench.runtime.store.transaction(async (tx) => {
      await tx.execute("DELETE FROM post WHERE organisation_id = 'gz-market' AND role = 'provider-clerk'");
    });
    await appoint(bench, "only", "gz-market", "provider-clerk");
    const key = `pair-${newId().slice(-8).toLowerCase()}`;
    const { definition } = await publish(
      bench.runtime,
      bpmn(
        `<bpmn:startEvent id="start"/>${step("examine", "provider-clerk", 'jieli:step="examine" jieli:outcomes="approve"')}
         ${step("settle", "provider-clerk", 'jieli:step="decide" jieli:outcomes="approve"')}<bpmn:endEvent id="end"/>`,
        "start -> examine -> settle -> end",
        { id: key },
      ),
    );
    const market = { organisation: "gz-market", region: "520000", level: "province" };
    const pair = newId();
    await bench.runtime.start(
      {
        id: pair,
        caseNumber: pair.slice(-12),
        definitionId: definition,
        processKey: key,
        startEvent: null,
        subject: { zh: "两人", en: "Two" },
        applicant: { organisation: "nm-civil", region: "520102" },
        provider: market,
        variables: { ...situationFacts, provider: market },
      },
      system,
      null,
      async () => undefined,
    );
    const [examine, settle] = named(await foretold(pair));
    expect(examine).toEqual(["examine", "only", "role"]);
    expect(settle?.[2]).toBe("superior");
    const task = await taskAt(bench, pair, "examine");
    const only = await bench.as("only");
    await only.post(`/api/tasks/${task.id}/complete`, { outcome: "approve", rev: task.rev });
    expect(named(await foretold(pair))).toEqual([["settle", settle?.[1], "role"]]);
    expect((await taskAt(bench, pair, "settle")).role).toBe("provider-head");
  });

  it("is shown to whoever may see the case, and to nobody else", async () => {
    const at = await openSituation(bench, "single");
    const stranger = await (await bench.as(people.stranger)).get(`/api/instances/${at.instanceId}/forecast`);
    expect(stranger.status).toBe(404);
    expect((await (await bench.as(people.applicant)).get(`/api/instances/${at.instanceId}/forecast`)).status).toBe(200);
  });

  it("is empty for a case that has ended", async () => {
    const { definition, key } = await publish(
      bench.runtime,
      bpmn('<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>', "start -> end", {
        id: `over-${newId().slice(-8)}`,
      }),
    );
    const id = await startCase(bench, definition, key);
    expect(await foretold(id)).toMatchObject({ steps: [], end: { how: "ended" } });
  });
});
