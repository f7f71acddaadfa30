import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appoint, taskIn } from "../api/signing-support.ts";
import { ApiBench } from "../api/support.ts";
import { historyOf } from "./observed.ts";
import { migrate, openSituation, openSteps, people, taskAt, decide, type OpenSituation } from "./situations.ts";

let bench: ApiBench;
const signers = ["ann", "ben", "cem"] as const;
beforeAll(async () => {
  bench = await ApiBench.open();
  for (const name of signers) await appoint(bench, name, "gz-medical", "mediator");
});
afterAll(() => bench.close());

const round = (kind: string, more: object = {}) =>
  `jieli:approval="${kind}" jieli:approvalParameters='${JSON.stringify({ signers: [{ role: "mediator" }], ...more })}'`;
/** How a step is signed, and who votes in favour until it is settled. */
const policies = [
  { kind: "any", work: round("any"), voters: ["ann"] },
  { kind: "all", work: round("all"), voters: ["ann", "ben", "cem"] },
  { kind: "vote", work: round("vote", { passShare: 0.5 }), voters: ["ann", "ben"] },
  { kind: "inTurn", work: round("inTurn"), voters: ["ann", "ben", "cem"] },
] as const;
type Policy = (typeof policies)[number];

const reason = "依法处理";
const defects = [{ place: "使用目的", what: "与所附依据不一致", basis: "共享条例第十条" }];

async function act(account: string, at: OpenSituation, path: string, body: object) {
  const { id, rev } = await taskIn(bench, account, at.instanceId);
  return (await bench.as(account)).post(`/api/tasks/${id}/${path}`, { rev, ...body });
}
async function vote(account: string, at: OpenSituation, outcome = "approve"): Promise<void> {
  const answer = await act(account, at, "complete", { outcome, opinion: "理由" });
  if (answer.status !== 200) throw new Error(`${account}: ${answer.text}`);
}
async function voteAll({ voters }: Policy, at: OpenSituation): Promise<void> {
  for (const voter of voters) await vote(voter, at);
}
/** The votes that do not settle the round yet. */
async function voteSome({ voters }: Policy, at: OpenSituation): Promise<readonly string[]> {
  const some = voters.slice(0, -1);
  for (const voter of some) await vote(voter, at);
  return some;
}
const open = (policy: Policy, name: "single" | "parallelBranch" = "single") =>
  openSituation(bench, name, { work: policy.work });
async function sendBack(account: string, at: OpenSituation, afterwards: "walkAgain" | "backToMe", body: object = {}) {
  const { id } = await taskIn(bench, account, at.instanceId);
  const { targets } = (await (await bench.as(account)).get(`/api/tasks/${id}/return/targets`)).body;
  const siblings = targets.flatMap((target: { siblings: { task: string }[] }) => target.siblings);
  const confirmedSiblings = siblings.map(({ task }: { task: string }) => task);
  return act(account, at, "return", { to: "previous", afterwards, defects, reason, confirmedSiblings, ...body });
}

/** What each signer's pieces of work at the step have come to, oldest first. */
async function worksOf({ instanceId }: OpenSituation): Promise<readonly string[]> {
  const rows = await bench.runtime.store.read(
    "SELECT assignee_id, state, outcome, fallen_at FROM task WHERE instance_id = ? AND signer IS NOT NULL ORDER BY created_at, signer, id",
    [instanceId],
  );
  return rows.map((row) => {
    const parts = [row["assignee_id"], row["state"], row["outcome"], row["fallen_at"] === null ? null : "fallen"];
    const words = parts.flatMap((part) => (typeof part === "string" ? [part] : []));
    return words.join(" ").replace("u-", "");
  });
}
const typesOf = async ({ instanceId }: OpenSituation) => (await historyOf(bench, instanceId)).map(({ type }) => type);
const walkTo = async ({ instanceId }: OpenSituation) =>
  decide(bench, { instanceId, account: people.reviewer, element: "review", outcome: "approve" });
const activeIn = async (account: string, at: OpenSituation) => {
  const { signing } = await taskIn(bench, account, at.instanceId);
  return signing?.signers.map(({ state }) => state);
};

describe.each(policies)("a round by “$kind”", (policy) => {
  const asked = policy.kind === "inTurn" ? 1 : 3;
  const beginning = policy.kind === "inTurn" ? ["active", "pending", "pending"] : ["active", "active", "active"];

  it.each(["walkAgain", "backToMe"] as const)(
    "is returned out of (%s): its votes fall, and it is held anew",
    async (afterwards) => {
      const at = await open(policy);
      const voted = await voteSome(policy, at);
      const returner = policy.voters.at(-1) ?? "";
      const answer = await sendBack(returner, at, afterwards);
      expect(answer.status, answer.text).toBe(200);
      expect(await openSteps(bench, at.instanceId)).toEqual(["review"]);
      const works = await worksOf(at);
      expect(works.filter((work) => work.includes("completed"))).toEqual(
        voted.map((who) => `${who} completed approve fallen`),
      );
      expect(works.some((work) => work.includes("open") || work.includes("waiting"))).toBe(false);
      // Each vote that fell is told, beside the review that fell.
      expect((await typesOf(at)).filter((type) => type === "decision.fallen")).toHaveLength(voted.length + 1);
      await walkTo(at);
      expect((await worksOf(at)).filter((work) => work.endsWith(" open"))).toHaveLength(asked);
      expect(await activeIn("ann", at)).toEqual(beginning);
      await voteAll(policy, at);
      expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
    },
  );

  it("is returned into: what was signed falls, and everybody is asked again", async () => {
    const at = await open(policy);
    await voteAll(policy, at);
    const settle = await taskAt(bench, at.instanceId, "settle");
    const head = await bench.as(people.head);
    const wish = { rev: settle.rev, to: "previous", afterwards: "walkAgain", defects, reason };
    const answer = await head.post(`/api/tasks/${settle.id}/return`, wish);
    expect(answer.status, answer.text).toBe(200);
    expect(
      (await worksOf(at)).filter((work) => work.includes("completed")).every((work) => work.endsWith("fallen")),
    ).toBe(true);
    expect(await activeIn("ann", at)).toEqual(beginning);
    await voteAll(policy, at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("is returned into, to come straight back: it leads back when it is settled, once", async () => {
    const at = await open(policy);
    await voteAll(policy, at);
    const settle = await taskAt(bench, at.instanceId, "settle");
    const wish = { rev: settle.rev, to: "previous", afterwards: "backToMe", defects, reason };
    await (await bench.as(people.head)).post(`/api/tasks/${settle.id}/return`, wish);
    const voted = await voteSome(policy, at);
    expect((await typesOf(at)).includes("tokens.cameBack")).toBe(false);
    await vote(policy.voters[voted.length] ?? "", at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
    expect((await taskAt(bench, at.instanceId, "settle")).assignee?.id).toBe("u-yang");
    expect((await typesOf(at)).filter((type) => type === "tokens.cameBack")).toHaveLength(1);
  });

  it("is taken back by the step before while nobody has signed or looked, and not after", async () => {
    const takeBack = async (at: OpenSituation) => {
      const { id, rev } = await taskAt(bench, at.instanceId, "work");
      return (await bench.as(people.reviewer)).post(`/api/tasks/${id}/withdraw`, { rev });
    };
    const fresh = await open(policy);
    const answer = await takeBack(fresh);
    expect(answer.status, answer.text).toBe(200);
    expect(await openSteps(bench, fresh.instanceId)).toEqual(["review"]);
    await walkTo(fresh);
    expect(await activeIn("ann", fresh)).toEqual(beginning);
    const begun = await open(policy);
    if ((await voteSome(policy, begun)).length === 0) return;
    const late = await takeBack(begun);
    expect([late.status, late.body.code]).toEqual([409, "TAKE_BACK_BEGUN"]);
  });

  it("is taken back by one of its signers only where no vote of others would fall", async () => {
    const at = await open(policy);
    await voteAll(policy, at);
    const works = await worksOf(at);
    const { id, rev } = await taskAt(bench, at.instanceId, "settle");
    const answer = await (await bench.as(policy.voters.at(-1) ?? "")).post(`/api/tasks/${id}/withdraw`, { rev });
    if (policy.voters.length === 1) {
      expect(answer.status, answer.text).toBe(200);
      expect(await activeIn("ann", at)).toEqual(beginning);
      return;
    }
    expect([answer.status, answer.body.code]).toEqual([409, "TAKE_BACK_SEVERAL"]);
    expect(await worksOf(at)).toEqual(works);
  });

  it("keeps its votes over a suspension, in which nobody signs", async () => {
    const at = await open(policy);
    const voted = await voteSome(policy, at);
    const guan = await bench.as("guan");
    await guan.post(`/api/instances/${at.instanceId}/suspend`, { reason, cause: "dispute" });
    const next = policy.voters[voted.length] ?? "";
    const refused = await act(next, at, "complete", { outcome: "approve", opinion: "理由" });
    expect([refused.status, refused.body.code]).toEqual([409, "CASE_STATE_REFUSES"]);
    await guan.post(`/api/instances/${at.instanceId}/resume`, { reason });
    await vote(next, at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("is jumped out of: its votes fall and are told", async () => {
    const at = await open(policy);
    const voted = await voteSome(policy, at);
    const [first, second] = people.overseers;
    await (await bench.as(first)).post(`/api/instances/${at.instanceId}/jump`, { element: "settle", reason });
    await (await bench.as(second)).post(`/api/instances/${at.instanceId}/jump/settle`, { accepted: true, reason });
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
    expect((await worksOf(at)).filter((work) => work.includes("completed"))).toEqual(
      voted.map((who) => `${who} completed approve fallen`),
    );
    expect((await typesOf(at)).filter((type) => type === "decision.fallen")).toHaveLength(voted.length);
  });

  it("goes on in a new version of the process with the votes and by the policy that it began with, and says so", async () => {
    const at = await open(policy);
    const voted = await voteSome(policy, at);
    await migrate(bench, at, { work: round("all") });
    const kept = (await historyOf(bench, at.instanceId)).find(({ type }) => type === "round.kept");
    expect(kept?.sentence.en).toContain(`${voted.length} vote(s)`);
    expect(kept?.sentence.zh).toContain(`${voted.length} 票`);
    await vote(policy.voters[voted.length] ?? "", at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });

  it("that is settled stays settled in a new version, and is held by its policy when the case is returned", async () => {
    const at = await open(policy);
    await voteAll(policy, at);
    const works = await worksOf(at);
    await migrate(bench, at, { work: round("all") });
    expect(await worksOf(at)).toEqual(works);
    expect(await typesOf(at)).not.toContain("round.kept");
    const settle = await taskAt(bench, at.instanceId, "settle");
    const wish = { rev: settle.rev, to: "previous", afterwards: "walkAgain", defects, reason };
    const answer = await (await bench.as(people.head)).post(`/api/tasks/${settle.id}/return`, wish);
    expect(answer.status, answer.text).toBe(200);
    expect((await taskIn(bench, "ann", at.instanceId)).signing?.policy).toBe("all");
    for (const name of signers) await vote(name, at);
    expect(await openSteps(bench, at.instanceId)).toEqual(["settle"]);
  });
});

describe("a decision that fell by a return", () => {
  it("is not carried over as if it stood", async () => {
    const repeated = { review: `jieli:skipRepeated="any"` };
    const at = await openSituation(bench, "single", repeated);
    const answer = await sendBack(people.worker, at, "walkAgain", { to: { element: "sign" } });
    expect(answer.status, answer.text).toBe(200);
    await decide(bench, { instanceId: at.instanceId, account: people.signer, element: "sign", outcome: "approve" });
    expect(await openSteps(bench, at.instanceId)).toEqual(["review"]);
  });
});
