import { applicationForm } from "../../bin/demo/forms.ts";
import type { GrantDetail } from "../../server/api/grants/grants.schema.ts";
import type { ApiBench } from "./support.ts";

export type Step = readonly [account: string, element: string, outcome: string, form?: object];

/** Items of the public housing register that the tests ask for. */
export const askedItems = ["tenant", "address"] as const;

/** Steps of a county application from the sign-off to the provider's agreement. */
const untilGranted: readonly Step[] = [
  ["liu", "Task_SignOff", "approve"],
  ["chen", "Task_Review", "approve"],
  ["zhou", "Task_PiAssessment", "pass", { assessmentNumber: "PIA-2026-040" }],
  ["zhou", "Task_Examine", "agree", { conditionMet: "yes" }],
  ["hu", "Task_Decide", "approve"],
];
export const delivered: Step = ["ma", "Task_Deliver", "delivered", { deliveryMode: "query", callsPerDay: 100 }];
export const accepted: Step = ["wang", "Task_Accept", "accept", { itemsReceived: askedItems, sampleChecked: true }];

/** Lets people take steps and act on grants through the API, as they would. */
export class GrantBench {
  readonly bench: ApiBench;

  constructor(bench: ApiBench) {
    this.bench = bench;
  }

  /** The answer to a step that is completed; nothing is thrown. */
  async answer(instanceId: string, [account, element, outcome, form = {}]: Step) {
    const task = await this.bench.task(account, instanceId, element);
    const answer = await (
      await this.bench.as(account)
    ).post(`/api/tasks/${task.id}/complete`, {
      outcome,
      reasonCode: null,
      opinion: "已按职责核对材料、范围与依据，意见如上，理由充分且已记录在案。",
      citation: null,
      form,
      rev: task.rev,
    });
    await this.bench.runtime.settle();
    return answer;
  }

  async take(instanceId: string, ...steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const answer = await this.answer(instanceId, step);
      if (answer.status !== 200) throw new Error(`${step[1]}: ${answer.text}`);
    }
  }

  /** Access of Nanming's civil affairs bureau to the public housing register, granted and not delivered. Gives its id. */
  async granted(to = "2027-05-31"): Promise<string> {
    const request = {
      ...applicationForm,
      items: askedItems,
      necessaryItems: askedItems,
      mode: "query",
      personalInfo: "pi",
      // A use lasts a year at most.
      from: to > "2027-11-01" ? `${Number(to.slice(0, 4)) - 1}${to.slice(4)}` : "2026-11-01",
      to,
    };
    const answer = await (
      await this.bench.as("wang")
    ).post("/api/applications", { resourceId: "res-publichousing", organisationId: "nm-civil", request });
    if (answer.status !== 201) throw new Error(answer.text);
    const { instanceId } = answer.body as { instanceId: string };
    await this.take(instanceId, ...untilGranted);
    return instanceId;
  }

  async inForce(to?: string): Promise<string> {
    const id = await this.granted(to);
    await this.take(id, delivered, accepted);
    return id;
  }

  async grant(id: string, account = "wang"): Promise<GrantDetail> {
    return (await (await this.bench.as(account)).get(`/api/grants/${id}`)).body as GrantDetail;
  }

  async act(account: string, id: string, action: string, body: object) {
    return (await this.bench.as(account)).post(`/api/grants/${id}/${action}`, body);
  }

  async report(...reports: readonly object[]) {
    return (await this.bench.as("worker")).post("/api/usage-reports", { reports });
  }

  /** Ids in a list, as this account sees it. */
  async list(account: string, list: string): Promise<readonly string[]> {
    const answer = await (await this.bench.as(account)).get(`/api/grants?list=${list}&limit=100`);
    return (answer.body.items as { id: string }[]).map(({ id }) => id);
  }

  async figures(account: string, query = "") {
    return (await (await this.bench.as(account)).get(`/api/grants/figures${query}`)).body;
  }

  /** Types of the lines that people read in the history of a case, oldest first. */
  async history(
    instanceId: string,
  ): Promise<readonly { type: string; actor: string; by: string; zh: string; en: string }[]> {
    const answer = await (await this.bench.as("guan")).get(`/api/instances/${instanceId}`);
    return (
      answer.body.history as {
        type: string;
        actor: { kind: string; name: string };
        sentence: { zh: string; en: string };
      }[]
    ).map(({ type, actor, sentence }) => ({ type, actor: actor.kind, by: actor.name, ...sentence }));
  }
}
