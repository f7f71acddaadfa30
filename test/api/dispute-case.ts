import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { newId } from "../../server/store/ids.ts";
import { openSteps } from "../operations/situations.ts";
import { taskIn } from "./signing-support.ts";
import type { ApiBench } from "./support.ts";

export type Party = { readonly organisation: string; readonly region: string; readonly level: string };

export const nanmingCivil = { organisation: "nm-civil", region: "520102", level: "county" };
export const nanmingHousing = { organisation: "nm-housing", region: "520102", level: "county" };
export const guiyangHousing = { organisation: "gy-housing", region: "520100", level: "city" };
export const provinceMedical = { organisation: "gz-medical", region: "520000", level: "province" };
export const kailiCivil = { organisation: "kl-civil", region: "522601", level: "county" };

const facts = z
  .object({ variables: z.record(z.string(), z.json()) })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../processes/ds-08/scenarios/mediated.json"), "utf8")),
  ).variables;

/** A case of a shipped process between an applicant and a provider. Gives its id. */
export async function startBetween(
  { runtime }: ApiBench,
  process: string,
  startEvent: string | null,
  [applicant, provider]: readonly [Party, Party],
  more: object = {},
): Promise<string> {
  const newest = await runtime.models.newest(process);
  const id = newId();
  await runtime.start(
    {
      id,
      caseNumber: id.slice(-12),
      definitionId: newest?.definitionId ?? "",
      processKey: process,
      startEvent,
      subject: { zh: "会签", en: "Countersigning" },
      applicant,
      provider,
      variables: { ...facts, applicant, provider, ...more },
    },
    { kind: "person", id: "u-zhou", name: "周航", organisation: "nm-housing" },
    null,
    async () => undefined,
  );
  return id;
}

/** Somebody decides the piece of work that they have in a case. */
export async function complete(
  bench: ApiBench,
  account: string,
  instanceId: string,
  outcome: string,
  form: object = {},
): Promise<void> {
  const { id, rev } = await taskIn(bench, account, instanceId);
  const body = { outcome, opinion: "依据三定规定，同意按所列范围办理。", form, rev };
  const answer = await (await bench.as(account)).post(`/api/tasks/${id}/complete`, body);
  expect(answer.status, answer.text).toBe(200);
}

/** A dispute (DS-08) of which the mediator has said that it is settled, before the departments have signed. */
export async function mediated(
  bench: ApiBench,
  parties: readonly [Party, Party],
  [provider, applicant, mediator]: readonly [string, string, string],
): Promise<string> {
  const id = await startBetween(bench, "ds-08", "Start_Handed", parties);
  await complete(bench, provider, id, "stand", { offer: "涉及未决案件，暂不提供。" });
  await complete(bench, applicant, id, "noAgreement");
  await complete(bench, mediator, id, "agreedShare", { minutes: "双方同意按最小必要范围共享。" });
  expect(await openSteps(bench, id)).toContain("Task_Countersign");
  return id;
}
