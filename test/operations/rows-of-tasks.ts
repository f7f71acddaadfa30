import { openSteps, people, type SituationName } from "./situations.ts";
import {
  again,
  asked,
  claimed,
  colleague,
  ended,
  holderOf,
  notSuspended,
  onTask,
  opinion,
  reason,
  signerAdded,
  workOfColleague,
  worksOf,
  type Row,
  type Table,
} from "./row.ts";

const worker = { account: people.worker, prepare: claimed } as const;
const rev = ({ work }: Parameters<Row["body"]>[0]) => ({ rev: work.rev });
const toColleague = (acting: Parameters<Row["body"]>[0]) => ({ ...rev(acting), to: colleague.id });

/** The step of the same process that comes later: people are chosen within one process. */
const laterIn = (name: SituationName) => (name === "subProcess" || name === "calledProcess" ? "check" : "settle");

const decided: Row["shows"] = async (acting) => {
  const { state, outcome, assignee } = await again(acting);
  return { found: [state, outcome, assignee?.id], expected: ["completed", "approve", "u-zhang"] };
};

const answering = (how: "delegate" | "consult" | "co-handle", way: string): Row => ({
  way,
  account: colleague.account,
  prepare: asked(how),
  on: workOfColleague,
  path: onTask("answer"),
  body: (acting) => ({ ...rev(acting), opinion: "范围无误" }),
  tells: "work.answered",
  clock: "untouched",
  refused: notSuspended,
  shows: async (acting) => {
    const answered = (await again(acting)).state;
    // Whoever asked has it in hand again and decides; an answer decides nothing.
    const { state, assignee, outcome } = await acting.at.task();
    return { found: [answered, state, assignee?.id, outcome], expected: ["completed", "open", "u-zhang", null] };
  },
});

const asking = (way: "delegate" | "consult" | "co-handle", kind: string): Row => ({
  ...worker,
  path: onTask(way),
  body: (acting) => ({ ...toColleague(acting), question: "请核对范围" }),
  tells: "work.asked",
  clock: "untouched",
  refused: notSuspended,
  shows: async (acting) => {
    return {
      found: [await worksOf(acting), (await again(acting)).state],
      expected: [[`${kind} open`], way === "delegate" ? "waiting" : "open"],
    };
  },
});

const dismissing = (how: "consult" | "co-handle", kind: string): Row => ({
  way: how,
  account: people.worker,
  prepare: asked(how),
  on: workOfColleague,
  path: onTask("dismiss"),
  body: (acting) => ({ ...rev(acting), reason }),
  tells: "work.dismissed",
  clock: "untouched",
  refused: notSuspended,
  shows: async (acting) => ({ found: await worksOf(acting), expected: [`${kind} cancelled`] }),
});

/** Operations on one piece of work. */
export const rowsOfTasks = {
  decide: [
    {
      ...worker,
      path: onTask("complete"),
      body: (acting) => ({ ...rev(acting), outcome: "approve", opinion }),
      tells: "decision.taken",
      clock: "stopsWithStep",
      refused: notSuspended,
      shows: decided,
    },
    {
      ...worker,
      way: "in a batch",
      path: () => "/api/tasks/batch",
      body: ({ work }) => ({
        operation: "decide",
        tasks: [{ id: work.id, rev: work.rev }],
        decision: { outcome: "approve", reasonCode: null, citation: null, opinion },
      }),
      refusal: ({ items: [item] }: { items: readonly { readonly code: string | null }[] }) => item?.code ?? null,
      tells: "decision.taken",
      clock: "stopsWithStep",
      refused: notSuspended,
      shows: decided,
    },
  ],
  choose: [
    {
      ...worker,
      drawn: (name) => ({
        work: `jieli:peopleFor="${laterIn(name)}"`,
        ...(laterIn(name) === "check" ? { check: "" } : {}),
      }),
      undrawable: ["multiInstance"],
      path: onTask("complete"),
      body: (acting) => ({
        ...rev(acting),
        outcome: "approve",
        opinion,
        choice: { people: { [laterIn(acting.at.name)]: ["u-yang"] }, reason },
      }),
      tells: "choice.people",
      clock: "stopsWithStep",
      refused: { ...notSuspended, multiInstance: "CHOICE_OF_SEVERAL" },
      shows: decided,
    },
  ],
  answer: [
    answering("delegate", "to a delegation"),
    answering("consult", "to a question"),
    answering("co-handle", "as a co-handler"),
  ],
  claim: [
    {
      account: people.worker,
      path: onTask("claim"),
      body: rev,
      tells: "task.claimed",
      clock: "untouched",
      refused: notSuspended,
      shows: async (acting) => ({ found: await holderOf(acting), expected: "u-zhang" }),
    },
  ],
  release: [
    {
      ...worker,
      path: onTask("release"),
      body: rev,
      tells: "task.released",
      clock: "untouched",
      refused: notSuspended,
      shows: async (acting) => ({ found: await holderOf(acting), expected: null }),
    },
  ],
  assign: [
    {
      account: people.head,
      path: onTask("assign"),
      body: toColleague,
      tells: "task.assigned",
      clock: "untouched",
      refused: ended,
      shows: async (acting) => ({ found: await holderOf(acting), expected: colleague.id }),
    },
  ],
  transfer: [
    {
      ...worker,
      path: onTask("transfer"),
      body: (acting) => ({ ...toColleague(acting), reason }),
      tells: "task.transferred",
      clock: "untouched",
      refused: ended,
      shows: async (acting) => ({ found: await holderOf(acting), expected: colleague.id }),
    },
  ],
  delegate: [asking("delegate", "delegated")],
  recall: [
    {
      account: people.worker,
      prepare: asked("delegate"),
      path: onTask("recall"),
      body: rev,
      tells: "work.dismissed",
      clock: "untouched",
      refused: notSuspended,
      shows: async (acting) => {
        return {
          found: [await worksOf(acting), (await again(acting)).state],
          expected: [["delegated cancelled"], "open"],
        };
      },
    },
  ],
  consult: [asking("consult", "consult")],
  coHandle: [asking("co-handle", "coHandle")],
  dismiss: [dismissing("consult", "consult"), dismissing("co-handle", "coHandle")],
  addSigner: (["before", "beside", "after"] as const).map((place): Row => ({
    ...worker,
    way: place,
    path: onTask("signers"),
    body: (acting) => ({ ...rev(acting), person: colleague.id, place, counts: true }),
    tells: "signer.added",
    clock: "untouched",
    refused: notSuspended,
    shows: async (acting) => {
      return {
        found: [await worksOf(acting), (await again(acting)).state],
        expected: [place === "after" ? [] : ["decide open"], place === "before" ? "waiting" : "open"],
      };
    },
  })),
  removeSigner: [
    {
      account: people.worker,
      prepare: signerAdded,
      on: workOfColleague,
      path: onTask("remove-signer"),
      body: (acting) => ({ ...rev(acting), reason }),
      tells: "signer.removed",
      clock: "untouched",
      refused: notSuspended,
      shows: async (acting) => ({ found: await worksOf(acting), expected: ["decide cancelled"] }),
    },
  ],
  excuse: [
    {
      account: people.head,
      prepare: signerAdded,
      on: workOfColleague,
      path: onTask("excuse"),
      body: (acting) => ({ ...rev(acting), reason }),
      tells: "signer.excused",
      clock: "untouched",
      refused: notSuspended,
      shows: async (acting) => ({ found: await worksOf(acting), expected: ["decide cancelled"] }),
    },
  ],
  return: [
    {
      ...worker,
      path: onTask("return"),
      body: async ({ bench, work }) => {
        const { targets = [] } = (await (await bench.as(people.worker)).get(`/api/tasks/${work.id}/return/targets`))
          .body;
        const siblings = targets.flatMap((target: { siblings: { task: string }[] }) => target.siblings);
        return {
          rev: work.rev,
          to: "previous",
          afterwards: "walkAgain",
          defects: [{ place: "使用目的", what: "与所附依据不一致", basis: "共享条例第十条" }],
          reason,
          confirmedSiblings: siblings.map(({ task }: { task: string }) => task),
        };
      },
      tells: "case.returned",
      clock: "left",
      refused: notSuspended,
      shows: async ({ bench, at }) => ({ found: await openSteps(bench, at.instanceId), expected: ["review"] }),
    },
  ],
  permitSecondSupplement: [
    {
      account: people.head,
      path: onTask("return/permit"),
      body: (acting) => ({ ...rev(acting), reason }),
      tells: "supplement.permitted",
      clock: "untouched",
      refused: notSuspended,
      shows: async ({ bench, at }) => {
        const rows = await bench.runtime.store.read("SELECT by_id FROM second_supplement WHERE instance_id = ?", [
          at.instanceId,
        ]);
        return { found: rows.map((row) => row["by_id"]), expected: ["u-yang"] };
      },
    },
  ],
  withdraw: [
    {
      account: people.reviewer,
      path: onTask("withdraw"),
      body: rev,
      tells: "decision.takenBack",
      clock: "left",
      refused: notSuspended,
      shows: async ({ bench, at }) => ({ found: await openSteps(bench, at.instanceId), expected: ["review"] }),
    },
  ],
  saveDraft: [
    {
      ...worker,
      method: "put",
      path: ({ work }) => `/api/drafts/task.${work.id}`,
      body: () => ({ content: { opinion: "拟同意" }, writer: "tab-1", seenRev: 0 }),
      tells: null,
      clock: "untouched",
      refused: ended,
      shows: async ({ bench, work }) => {
        const kept = (await (await bench.as(people.worker)).get(`/api/drafts/task.${work.id}`)).body.draft;
        return { found: kept.content, expected: { opinion: "拟同意" } };
      },
    },
  ],
} as const satisfies Partial<Table>;
