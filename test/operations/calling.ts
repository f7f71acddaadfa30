import { newId } from "../../server/store/ids.ts";
import type { ApiBench } from "../api/support.ts";
import { publish } from "../runtime/timed-process.ts";
import { bpmn } from "../support/bpmn.ts";
import { decide, people, startCase, taskAt } from "./situations.ts";

export const step = (id: string, at: string, role: string, outcomes = "approve refuse") =>
  `<bpmn:userTask id="${id}" name="${id}" jieli:at="${at}" jieli:role="${role}" jieli:outcomes="${outcomes}"/>`;
export const examine = step("examine", "provider", "provider-clerk");
export const check = step("check", "provider", "security-reviewer", "pass fail");
const passedOn = ["applicant", "provider", "resource", "request"]
  .map((name) => `<jieli:in source="${name}" target="${name}" />`)
  .join("");

/** Signed, then `mid`, then settled. */
export const around = (key: string, mid: string, path: string) =>
  bpmn(
    `<bpmn:startEvent id="start"/>${step("sign", "applicant", "applicant-head", "approve reject")}${mid}
     ${step("settle", "provider", "provider-head")}<bpmn:endEvent id="end"/>`,
    `start -> sign -> ${path} -> settle -> end`,
    { id: key, root: `<bpmn:signal id="signal" name="told"/>` },
  );
export const called = (key: string) =>
  bpmn(
    `<bpmn:startEvent id="inside"/>${examine}${check}<bpmn:endEvent id="out"/>`,
    "inside -> examine -> check -> out",
    {
      id: `${key}-called`,
    },
  );
export const call = (key: string, loop = "") =>
  `<bpmn:callActivity id="call" name="转报" calledElement="${key}-called"><bpmn:extensionElements>${passedOn}</bpmn:extensionElements>${loop}</bpmn:callActivity>`;
export const oneByOne = `<bpmn:multiInstanceLoopCharacteristics isSequential="true" jieli:collection="signers" jieli:elementVariable="signer"/>`;

export interface Begun {
  readonly id: string;
  readonly key: string;
  readonly definition: string;
}

export const defect = { place: "使用目的", what: "不一致", basis: "第十条" };
export const atCheck = { element: "check", account: people.beside };
export const atSettle = { element: "settle", account: people.head };

/** Cases of a process that calls another, and what their people do in them. */
export function callingCases(bench: () => ApiBench) {
  /** A case that has been signed: the first step of what it calls is open. */
  async function begin(mid: (key: string) => string, path: string): Promise<Begun> {
    const key = `calling-${newId().slice(-8).toLowerCase()}`;
    await publish(bench().runtime, called(key));
    const { definition } = await publish(bench().runtime, around(key, mid(key), path));
    const id = await startCase(bench(), definition, key);
    await act(id, "sign");
    return { id, key, definition };
  }
  const calling = async (loop = ""): Promise<Begun> => begin((key) => call(key, loop), "call");

  /** Decides the open task at an element, as whoever does such steps here. */
  async function act(id: string, element: string, outcome = element === "check" ? "pass" : "approve"): Promise<void> {
    const by: Readonly<Record<string, string>> = {
      sign: people.signer,
      examine: people.worker,
      check: people.beside,
      verify: people.beside,
      settle: people.head,
    };
    await decide(bench(), { instanceId: id, account: by[element] ?? "", element, outcome });
  }
  async function post(account: string, path: string, body: object) {
    return (await bench().as(account)).post(path, body);
  }
  async function sendBack(
    id: string,
    from: { readonly element: string; readonly account: string },
    to: string,
    afterwards: "walkAgain" | "backToMe" = "walkAgain",
  ) {
    const { id: task, rev } = await taskAt(bench(), id, from.element);
    const wish = { to: { element: to }, afterwards, defects: [defect], reason: "依据不足", rev };
    return post(from.account, `/api/tasks/${task}/return`, wish);
  }
  async function targetsFrom(id: string, { element, account }: { readonly element: string; readonly account: string }) {
    const { id: task } = await taskAt(bench(), id, element);
    const { targets } = (await (await bench().as(account)).get(`/api/tasks/${task}/return/targets`)).body;
    return targets as {
      element: string;
      name: { zh: string };
      kind: string;
      noWayBack: { zh: string; en: string } | null;
    }[];
  }
  const fallenIn = async (id: string) =>
    (
      await bench().runtime.store.read(
        "SELECT element FROM task WHERE instance_id = ? AND fallen_at IS NOT NULL ORDER BY created_at, id",
        [id],
      )
    ).map((row) => row["element"]);
  const returnsIn = async (id: string) =>
    (await bench().runtime.store.read("SELECT state FROM case_return WHERE instance_id = ? ORDER BY at, id", [id])).map(
      (row) => row["state"],
    );

  return { begin, calling, act, post, sendBack, targetsFrom, fallenIn, returnsIn };
}
