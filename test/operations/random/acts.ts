import fc from "fast-check";
import { operations, type Capacity, type Operation, type OperationRule } from "../../../engine/approval/operations.ts";
import { optionalText, text } from "../../../server/store/rows.ts";
import type { Row } from "../../../server/store/store.ts";
import { idOf, leavers, people, type Account, type World } from "./world.ts";
import { steps } from "./shapes.ts";

/** What may happen, as often as it is named. Beside the operations of the matrix: what stands around them. */
const kinds = [
  // Days go by between any few operations: limits are used up, pauses last.
  ...Array.from({ length: 12 }, () => "time" as const),
  ...Array.from({ length: 3 }, () => ["suspend", "delegate"] as const).flat(),
  ...Array.from({ length: 8 }, () => "decide" as const),
  ...Array.from({ length: 3 }, () => ["claim", "answer", "return", "addSigner", "time", "substitute"] as const).flat(),
  ...(["release", "assign", "transfer", "delegate", "recall", "consult", "coHandle", "dismiss"] as const),
  ...(["removeSigner", "excuse", "permitSecondSupplement", "withdraw", "saveDraft", "suspend", "resume"] as const),
  ...(["jump", "settleJump", "terminate", "withdrawApplication", "restart", "repair", "urge", "copy"] as const),
  ...(["comment", "watch", "revoke", "leave", "correct", "batch", "resume", "restart", "transfer"] as const),
] as const;
export type Kind = (typeof kinds)[number];
export const allKinds: ReadonlySet<Kind> = new Set(kinds);

/** What happens, and numbers that choose with whom and what; `wise`: by somebody in whose hands it lies, as a rule. */
export const act = fc.record({
  kind: fc.constantFrom(...kinds),
  wise: fc.integer({ min: 0, max: 9 }).map((number) => number > 1),
  who: fc.nat(1_000),
  where: fc.nat(1_000),
  whom: fc.nat(1_000),
  how: fc.nat(1_000),
});
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** A request as somebody sends it. */
interface Sent {
  readonly account: Account;
  readonly method: "post" | "put";
  readonly path: string;
  readonly body: object;
}

const endings: ReadonlySet<Kind> = new Set(["terminate", "withdrawApplication"]);

function nth<T>(values: readonly T[], choice: number): T | undefined {
  return values[choice % Math.max(1, values.length)];
}

/** The request that an act comes to as the cases stand, or `null` where there is nothing to do it to. */
export async function requestOf(
  world: World,
  one: Act,
  instanceId: string,
): Promise<(Sent & { readonly kind: Kind }) | null> {
  const scene = await sceneOf(world, instanceId);
  const kind = one.wise ? fitting(scene, one) : one.kind;
  const sent = requestFor(scene, one, kind, world.now);
  return sent && { ...sent, kind };
}

function requestFor(scene: Scene, one: Act, kind: Kind, now: string): Sent | null {
  switch (kind) {
    case "time":
      return null;
    case "substitute":
      return substitution(scene, one, now);
    case "revoke":
      return revocation(scene, one);
    case "leave":
      return departure(one);
    case "batch":
      return batch(scene, one);
    case "settleJump":
      return settledJump(scene, one);
    case "correct":
      return onTask(scene, one, "decide", "corrections", { request: { purpose: `更正${one.how}` } });
    default:
      return operations[kind].task === null
        ? onCase(scene, one, kind)
        : onTask(scene, one, kind, ...pathOf(scene, one, kind));
  }
}

/** Somebody who looks before they act does what the case lets them. */
function fitting(scene: Scene, { kind, how, where }: Act): Kind {
  const status = scene.instance["status"];
  // What ends a case ends the sequence: seldom, so that much comes before it.
  if (endings.has(kind) && how % 10 > 0) return "decide";
  if (status === "suspended" && how % 3 === 0) return "resume";
  if (status === "running" && kind === "resume") return "decide";
  if (status !== "running" && status !== "suspended") return "restart";
  if (kind === "restart" || (kind === "settleJump" && !scene.jump)) return "decide";
  if (kind === "repair" && scene.incidents.length === 0) return "claim";
  if (kind === "decide" && where % 3 === 0)
    return (
      nth(
        passing.filter((each) => isPossible(scene, each)),
        how,
      ) ?? kind
    );
  const rule: OperationRule | null = kind in operations ? operations[kind as Operation] : null;
  if (!rule || rule.task === null || suitable(scene, kind as Operation).length > 0) return kind;
  return where % 3 === 0 ? "claim" : "decide";
}

/** What is possible for a short while only, and would be met too seldom. */
const passing = ["recall", "removeSigner", "dismiss", "answer", "settleJump", "repair"] as const;

function isPossible(scene: Scene, kind: (typeof passing)[number]): boolean {
  if (kind === "settleJump") return scene.jump !== null;
  return kind === "repair" ? scene.incidents.length > 0 : suitable(scene, kind).length > 0;
}

/** Tasks on which an operation is possible by their state and their nature. */
function suitable({ tasks }: Scene, operation: Operation): readonly Row[] {
  const rule: OperationRule = operations[operation];
  const open = tasks.filter(
    (row) => rule.task?.some((state) => state === row["state"]) && rule.kinds.some((kind) => kind === row["kind"]),
  );
  const narrower: Partial<Record<Operation, (row: Row) => boolean>> = {
    claim: (row) => row["assignee_id"] === null,
    recall: (row) =>
      tasks.some((asked) => asked["parent_id"] === row["id"] && asked["kind"] === "delegated" && isOpen(asked)),
    removeSigner: (row) => row["signer"] !== null && row["owner_id"] !== null,
    excuse: (row) => row["signer"] !== null,
    withdraw: (row) => row["sent_by_id"] !== null,
  };
  const taken = rule.by.includes("assignee") && !rule.by.includes("candidate");
  return open.filter(narrower[operation] ?? ((row) => !taken || row["assignee_id"] !== null));
}

/** What the database says, as far as acts choose among it. */
interface Scene {
  readonly instance: Row;
  /** Open or waiting ones first, in an order that a seed gives again. */
  readonly tasks: readonly Row[];
  readonly posts: readonly Row[];
  readonly substitutions: readonly Row[];
  readonly jump: Row | null;
  readonly incidents: readonly Row[];
}

async function sceneOf({ bench }: World, instanceId: string): Promise<Scene> {
  const read = bench.runtime.store.read;
  const [instance] = await read("SELECT * FROM instance WHERE id = ?", [instanceId]);
  if (!instance) throw new Error(`${instanceId} is gone`);
  const tasks = await read("SELECT * FROM task WHERE instance_id = ?", [instanceId]);
  const order = (row: Row) =>
    [
      isOpen(row) ? 0 : 1,
      row["created_at"],
      row["element"],
      row["wait_id"],
      row["signer"],
      row["kind"],
      row["assignee_id"],
    ].join(" ");
  const [jump] = await read("SELECT * FROM case_jump WHERE instance_id = ? AND state = 'asked'", [instanceId]);
  return {
    instance,
    tasks: tasks.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
    posts: await read("SELECT * FROM post ORDER BY person_id, organisation_id, role"),
    substitutions: await read("SELECT * FROM substitution WHERE revoked_at IS NULL ORDER BY created_at, person_id"),
    jump: jump ?? null,
    incidents: await read("SELECT * FROM incident WHERE instance_id = ? ORDER BY token", [instanceId]),
  };
}

export function isOpen(row: Row): boolean {
  return row["state"] === "open" || row["state"] === "waiting";
}

/** Somebody out of all, or out of those who stand in the right capacity, or out of those who stand in for them. */
function actorFor(
  { instance, posts, substitutions, jump }: Scene,
  one: Act,
  by: readonly Capacity[],
  task: Row | null,
): Account {
  const holders = (wanted: (post: Row) => boolean) => posts.filter(wanted).map((post) => text(post, "person_id"));
  const at = (organisation: string | null) => (post: Row) => post["organisation_id"] === organisation;
  const own = (column: string) => (task && optionalText(task, column) !== null ? [text(task, column)] : []);
  const of: Readonly<Record<Capacity, () => readonly string[]>> = {
    assignee: () => own("assignee_id"),
    candidate: () =>
      task && optionalText(task, "assignee_id") === null
        ? holders((post) => at(text(task, "organisation_id"))(post) && post["role"] === task["role"])
        : [],
    owner: () => own("assignee_id"),
    adder: () => own("owner_id"),
    previousActor: () => own("sent_by_id"),
    head: () =>
      holders(
        (post) =>
          at(task ? text(task, "organisation_id") : "gz-medical")(post) && String(post["role"]).endsWith("-head"),
      ),
    applicant: () => [text(instance, "started_by"), idOf("liu")],
    // A jump is confirmed by another than who asked for it.
    overseer: () => ["guan", "huang", "gao"].map(idOf).filter((id) => jump?.["asked_by"] !== id),
    participant: () => holders(at("gz-medical")),
  };
  const known = new Set<string>(people.map(idOf));
  const right = by.flatMap((capacity) => of[capacity]()).filter((id) => known.has(id));
  const standing = substitutions
    .filter((row) => right.includes(text(row, "person_id")))
    .map((row) => text(row, "substitute_id"));
  const pool = one.who % 3 === 0 && standing.length > 0 ? standing : right;
  const chosen = one.wise ? nth(pool, one.who) : undefined;
  return people.find((account) => idOf(account) === chosen) ?? nth(people, one.who) ?? "luo";
}

/** A task on which the operation is possible, or now and then any. */
function taskFor(scene: Scene, { wise, where }: Act, operation: Operation): Row | undefined {
  return (wise ? nth(suitable(scene, operation), where) : undefined) ?? nth(scene.tasks.slice(0, 12), where);
}

function onTask(
  scene: Scene,
  one: Act,
  operation: Operation,
  path: string,
  body: object,
  method: Sent["method"] = "post",
): Sent | null {
  const task = taskFor(scene, one, operation);
  if (!task) return null;
  const rev = Number(task["rev"]) - (!one.wise && one.how % 3 === 0 ? 1 : 0);
  const account = actorFor(scene, one, operations[operation].by, task);
  const filled = operation === "decide" && path === "complete" ? decision(scene, one, task) : body;
  const route = method === "put" ? `/api/drafts/task.${text(task, "id")}` : `/api/tasks/${text(task, "id")}/${path}`;
  return { account, method, path: route, body: method === "put" ? body : { rev, ...filled } };
}

const reason = "依据三定方案和共享目录，按程序办理。";

function decision(_scene: Scene, { how }: Act, task: Row): object {
  const outcomes = text(task, "outcomes").split(" ");
  // Mostly the first, which goes on.
  const outcome = how % 4 < 2 ? outcomes[0] : nth([...outcomes, "abstain"], how >> 2);
  return {
    outcome,
    reasonCode: "R1",
    citation: "《目录》第3条",
    opinion: "经核对三定规定、共享目录与申请材料，所述情况属实，意见如上，理由已逐条列明并附依据，请按此办理。",
  };
}

/** The path and the body of an operation on a task. */
function pathOf(
  scene: Scene,
  { whom, how, wise }: Act,
  operation: Operation,
): readonly [string, object, Sent["method"]?] {
  const here = scene.posts
    .filter((post) => post["organisation_id"] === "gz-medical")
    .map((post) => text(post, "person_id"));
  const colleague = nth(wise ? here : people.map(idOf), whom);
  const clerks = scene.posts.filter((post) => post["role"] === "provider-clerk").map((post) => text(post, "person_id"));
  const siblings = scene.tasks.filter(isOpen).map((row) => text(row, "id"));
  const to = nth(["applicant", "previous", ...steps.map((element) => ({ element }))], how);
  const afterwards = how % 2 === 0 ? "backToMe" : "walkAgain";
  const defects = [{ place: "依据", what: "未写明", basis: "目录" }];
  const bodies: Partial<Record<Operation, readonly [string, object, Sent["method"]?]>> = {
    decide: ["complete", {}],
    answer: ["answer", { opinion: "已核对" }],
    assign: ["assign", { to: nth(wise ? clerks : people.map(idOf), whom) }],
    transfer: ["transfer", { to: colleague, reason }],
    delegate: ["delegate", { to: colleague, question: "请核对范围" }],
    consult: ["consult", { to: colleague, question: "是否必要？" }],
    coHandle: ["co-handle", { to: colleague, question: "请核对样例" }],
    dismiss: ["dismiss", { reason }],
    addSigner: ["signers", { person: colleague, place: nth(["before", "beside", "after"], how), counts: how % 3 > 0 }],
    removeSigner: ["remove-signer", { reason }],
    excuse: ["excuse", { reason }],
    return: ["return", { to, afterwards, defects, reason, confirmedSiblings: wise ? siblings : [] }],
    permitSecondSupplement: ["return/permit", { reason }],
    saveDraft: ["", { content: { opinion: "草稿" }, writer: "tab", seenRev: 0 }, "put"],
  };
  return bodies[operation] ?? [operation, {}];
}

function onCase(scene: Scene, one: Act, operation: Operation): Sent | null {
  const { how, whom } = one;
  const instance = text(scene.instance, "id");
  const task = scene.tasks.find(isOpen) ?? null;
  const account = actorFor(scene, one, operations[operation].by, operation === "copy" ? task : null);
  const element = nth(steps, how);
  const colleague = idOf(nth(people, whom) ?? "luo");
  const cause = nth(["suspended", "dispute", "supplement", "consultation", "internal"], how);
  const bodies: Partial<Record<Operation, readonly [string, object]>> = {
    withdrawApplication: ["withdraw", { reason }],
    jump: ["jump", { element, reason }],
    terminate: ["terminate", { reason }],
    suspend: ["suspend", { reason, cause }],
    resume: ["resume", { reason }],
    repair: ["operations", { type: "retryIncident", token: text(scene.incidents[0] ?? { token: "t1" }, "token") }],
    restart: ["restart", { reason, basis: "mediation" }],
    urge: ["urges", {}],
    copy: ["copies", { task: task && { id: task["id"], rev: Number(task["rev"]) }, to: [{ person: colleague }] }],
    comment: ["comments", { body: "已核对", audience: how % 2 === 0 ? "internal" : "all" }],
    watch: ["watch", { watching: how % 2 === 0 }],
  };
  const [path, body] = bodies[operation] ?? ["", {}];
  return { account, method: "post", path: `/api/instances/${instance}/${path}`, body };
}

function settledJump(scene: Scene, one: Act): Sent {
  const account = actorFor(scene, one, ["overseer"], null);
  const body = { accepted: one.how % 4 > 0, reason };
  return { account, method: "post", path: `/api/instances/${text(scene.instance, "id")}/jump/settle`, body };
}

/** By the person or by a head, for some days from now on or soon. */
function substitution({ posts }: Scene, { who, whom, how, wise }: Act, now: string): Sent {
  const here = [
    ...new Set(posts.filter((post) => post["organisation_id"] === "gz-medical").map((post) => text(post, "person_id"))),
  ];
  const away = people.find((account) => idOf(account) === nth(here, who)) ?? "zhang";
  const substitute = nth(wise ? here : people.map(idOf), whom);
  const hour = 3_600_000;
  const at = (hours: number) => new Date(Date.parse(now) + hours * hour).toISOString();
  const starts = how % 4 === 0 ? 20 : -1;
  const roles = how % 7 === 0 ? ["provider-clerk"] : null;
  const body = {
    person: idOf(away),
    substitute,
    organisation: "gz-medical",
    from: at(starts),
    until: at(starts + 24 * (1 + (how % 9))),
    roles,
    reason,
  };
  return { account: how % 2 === 0 ? away : "yang", method: "post", path: "/api/substitutions", body };
}

function revocation({ substitutions }: Scene, { who, where, wise }: Act): Sent | null {
  const row = nth(substitutions, where);
  if (!row) return null;
  const account = people.find((each) => idOf(each) === row["person_id"]);
  return {
    account: (wise ? account : nth(people, who)) ?? "luo",
    method: "post",
    path: `/api/substitutions/${text(row, "id")}/revoke`,
    body: {},
  };
}

function departure({ who, whom, how, wise }: Act): Sent {
  const leaver = nth(leavers, whom) ?? "zhang";
  const successor = how % 3 === 0 ? null : idOf(nth(people, how) ?? "luo");
  const account = (wise ? "yang" : nth(people, who)) ?? "luo";
  return { account, method: "post", path: `/api/people/${idOf(leaver)}/leave`, body: { successor, reason } };
}

function batch(scene: Scene, one: Act): Sent | null {
  const tasks = scene.tasks.filter(isOpen).slice(0, 3);
  const [first] = tasks;
  if (!first) return null;
  const account = actorFor(scene, one, ["assignee", "candidate"], first);
  const { outcome, ...said } = decision(scene, { ...one, how: 0 }, first) as { outcome: string };
  const work = one.how % 2 === 0 ? { operation: "claim" } : { operation: "decide", decision: { outcome, ...said } };
  const body = { ...work, tasks: tasks.map((row) => ({ id: text(row, "id"), rev: Number(row["rev"]) })) };
  return { account, method: "post", path: "/api/tasks/batch", body };
}
