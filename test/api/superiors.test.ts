import { afterAll, beforeAll, expect, it } from "vitest";
import type { OrganisationEntry } from "../../server/content/content.schema.ts";
import { newId } from "../../server/store/ids.ts";
import { startPanel } from "./signing-support.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

it("stops with an incident where the organisations name each other as superior and everybody is excluded", async () => {
  const organisations = bench.runtime.content.organisations as Map<string, OrganisationEntry>;
  const [medical, market] = ["gz-medical", "gz-market"].map((id) => organisations.get(id));
  if (!medical || !market) throw new Error("the demo has no such organisations");
  organisations.set(medical.id, { ...medical, superior: market.id });
  organisations.set(market.id, { ...market, superior: medical.id });
  await bench.runtime.store.transaction(async (tx) => {
    await tx.execute("DELETE FROM post WHERE organisation_id IN (?, ?)", [medical.id, market.id]);
    for (const [organisation, role] of [
      [medical.id, "provider-clerk"],
      [medical.id, "provider-head"],
      [market.id, "provider-head"],
    ] as const)
      await tx.insert("post", { id: newId(), person_id: "u-zhang", organisation_id: organisation, role });
  });
  const zhang = { kind: "person", id: "u-zhang", name: "张伟", organisation: medical.id } as const;
  const id = await startPanel(bench, "", zhang);
  const [incident] = await bench.runtime.store.read("SELECT message FROM incident WHERE instance_id = ?", [id]);
  expect(String(incident?.["message"])).toContain("nobody stands above");
});
