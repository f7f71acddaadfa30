import { forms } from "../../bin/demo/forms.ts";
import type { ReturnPreview, ReturnTargets } from "../../server/api/returns/returns.schema.ts";
import { clockRow } from "../../server/runtime/clock-rows.ts";
import type { ApiBench } from "../api/support.ts";
import { historyOf } from "../operations/observed.ts";
import { openSteps, taskAt } from "../operations/situations.ts";
import { clockFaults } from "../operations/random/clocks-hold.ts";
import { caseRows } from "../operations/random/people-hold.ts";

/** Who takes each step of a county's application to the province, and how it goes on. */
const steps: Readonly<Record<string, readonly [account: string, outcome: string]>> = {
  Task_SignOff: ["liu", "approve"],
  Task_OwnCheck: ["chen", "approve"],
  Task_Supplement: ["wang", "resubmit"],
  Task_Relay: ["zhao", "forward"],
  Task_Dispatch: ["sun", "approve"],
  Task_PiAssessment: ["zhang", "pass"],
  Task_SecurityReview: ["wu", "pass"],
  Task_Examine: ["zhang", "agree"],
  Task_ReplySupplement: ["wang", "resubmit"],
  Task_Decide: ["yang", "approve"],
  Task_Deliver: ["ma", "delivered"],
  Task_Accept: ["wang", "accept"],
};
/** The way of a case that nobody sends back. */
export const wayOfRelay = [
  "Task_SignOff",
  "Task_OwnCheck",
  "Task_Relay",
  "Task_Dispatch",
  "Task_PiAssessment",
  "Task_SecurityReview",
  "Task_Examine",
  "Task_Decide",
  "Task_Deliver",
  "Task_Accept",
] as const;

export type To = "applicant" | "previous" | { readonly element: string };
export type Afterwards = "backToMe" | "walkAgain";
export interface Return {
  readonly from: string;
  readonly to: To;
  readonly afterwards: Afterwards;
}

/** How a return goes: decisions that fall, clocks then, who acts, clocks that begin anew, the permitted supplement. */
export interface Course {
  readonly fallen: readonly string[];
  readonly clocks: readonly (readonly (string | null)[])[];
  readonly acting: readonly (readonly string[])[];
  readonly restarted: readonly string[];
  readonly supplement: { readonly used: boolean; readonly permitted: boolean };
}

const opinion = "已按职责核对材料、范围与依据，同意按所列范围办理，理由充分且已记录在案。";
const defects = [{ place: "使用依据", what: "未注明条款", basis: "共享条例第十条" }];

/** A case of the shipped relay (DS-03): from a county through the city's authority to a department of the province. */
export class RelayCase {
  readonly #bench: ApiBench;
  readonly id: string;

  private constructor(bench: ApiBench, id: string) {
    this.#bench = bench;
    this.id = id;
  }

  /** A new application whose steps are taken up to `element`, which is open. */
  static async at(bench: ApiBench, element: string): Promise<RelayCase> {
    const { instanceId } = await bench.apply();
    const made = new RelayCase(bench, instanceId);
    await made.walkTo(element);
    return made;
  }

  async walkTo(element: string): Promise<void> {
    for (let open = await this.open(); !open.includes(element); open = await this.open()) await this.act(open[0] ?? "");
  }

  async open(): Promise<readonly string[]> {
    return openSteps(this.#bench, this.id);
  }

  async status(): Promise<string> {
    const [row] = await this.#bench.runtime.store.read("SELECT status FROM instance WHERE id = ?", [this.id]);
    return String(row?.["status"]);
  }

  async act(element: string, decision: object = {}): Promise<void> {
    const { id, rev } = await taskAt(this.#bench, this.id, element);
    const [account, outcome] = whoAt(element);
    const body = { outcome, opinion, form: formAt(element), rev, ...decision };
    const answer = await (await this.#bench.as(account)).post(`/api/tasks/${id}/complete`, body);
    if (answer.status !== 200) throw new Error(`${element}: ${answer.text}`);
    await this.#bench.runtime.settle();
  }

  async targets(from: string): Promise<ReturnTargets> {
    const { id } = await taskAt(this.#bench, this.id, from);
    return (await (await this.#bench.as(whoAt(from)[0])).get(`/api/tasks/${id}/return/targets`)).body;
  }

  async preview({ from, to, afterwards }: Return) {
    const { id } = await taskAt(this.#bench, this.id, from);
    return (await this.#bench.as(whoAt(from)[0])).post(`/api/tasks/${id}/return/preview`, { to, afterwards });
  }

  async giveBack({ from, to, afterwards }: Return) {
    const { id, rev } = await taskAt(this.#bench, this.id, from);
    const body = { to, afterwards, defects, reason: "请一次补齐", rev };
    return (await this.#bench.as(whoAt(from)[0])).post(`/api/tasks/${id}/return`, body);
  }

  async takeBack(next: string, account: string) {
    const { id, rev } = await taskAt(this.#bench, this.id, next);
    return (await this.#bench.as(account)).post(`/api/tasks/${id}/withdraw`, { rev });
  }

  /**
   * Returns it and does what the return asked for, until the returner has it again. Gives what the preview foretold beside what
   * happened, in the same words.
   */
  async returned(
    asked: Return,
  ): Promise<{ readonly preview: ReturnPreview; readonly told: Course; readonly done: Course }> {
    const answer = await this.preview(asked);
    if (answer.status !== 200) throw new Error(answer.text);
    const preview: ReturnPreview = answer.body;
    const before = await this.#clocks();
    const returned = await this.giveBack(asked);
    if (returned.status !== 200) throw new Error(returned.text);
    const fallen = await this.#fallenLately();
    const after = await this.#clocks();
    const acted = await this.#walkBackTo(asked.from, preview.acting.length);
    const again = await this.#clocks();
    const { supplement } = await this.targets(asked.from);
    const restarted = (limit: string) => again.get(limit)?.round !== before.get(limit)?.round;
    return {
      preview,
      told: {
        fallen: preview.fallen.map(({ task }) => task).sort(),
        clocks: preview.clocks.map(({ limit, dueBefore, dueAfter, effect }) => {
          const state = effect === "paused" || effect === "stopped" ? effect : "running";
          return [limit, dueBefore, dueAfter, state];
        }),
        acting: preview.acting.map(({ element, organisation }) => [element, organisation.id]),
        restarted: preview.clocks.filter(({ later }) => later === "restart").map(({ limit }) => limit),
        supplement: { used: preview.supplement.uses || preview.supplement.used, permitted: false },
      },
      done: {
        fallen,
        clocks: preview.clocks.map(({ limit }) => {
          const { state, dueAt, stoppedAt } = after.get(limit) ?? { state: "none", dueAt: null, stoppedAt: null };
          return [limit, before.get(limit)?.dueAt ?? null, stoppedAt === null ? dueAt : null, state];
        }),
        acting: acted,
        restarted: preview.clocks
          .filter(({ limit, later }) => later !== null && restarted(limit))
          .map(({ limit }) => limit),
        supplement,
      },
    };
  }

  /** What is wrong with its clocks, by their ledgers, their tasks and the history counted day by day anew. */
  async ledgerFaults(): Promise<readonly string[]> {
    return clockFaults(this.#bench.runtime, await caseRows(this.#bench.runtime, this.id));
  }

  async history() {
    return historyOf(this.#bench, this.id);
  }

  /** Steps with the organisation that takes each, until a task at `last` is open, as they come. */
  async #walkBackTo(last: string, most: number): Promise<readonly (readonly [string, string])[]> {
    const acted: (readonly [string, string])[] = [];
    for (let open = await this.open(); acted.length < most + 3; open = await this.open()) {
      const next = open[0] ?? "";
      const { organisation } = await taskAt(this.#bench, this.id, next);
      acted.push([next, organisation.id]);
      if (next === last) break;
      await this.act(next);
    }
    return acted;
  }

  async #fallenLately(): Promise<readonly string[]> {
    const rows = await this.#bench.runtime.store.read(
      "SELECT id FROM task WHERE instance_id = ? AND fallen_at = (SELECT MAX(at) FROM case_return WHERE instance_id = ?) ORDER BY id",
      [this.id, this.id],
    );
    return rows.map((row) => String(row["id"]));
  }

  async #clocks() {
    const rows = await this.#bench.runtime.store.read("SELECT * FROM clock WHERE instance_id = ?", [this.id]);
    return new Map(rows.map(clockRow).map(({ resolved, ledger }) => [resolved.code, ledger]));
  }
}

/** The applicant supplements in either place by the same form. */
function formAt(element: string): object {
  return forms[element === "Task_ReplySupplement" ? "Task_Supplement" : element] ?? {};
}

function whoAt(element: string): readonly [account: string, outcome: string] {
  const known = steps[element];
  if (!known) throw new Error(`nobody is known to take ${element}`);
  return known;
}
