import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imported } from "../../server/api/definitions/definitions.schema.ts";
import { ApiBench } from "./support.ts";

const leave = readFileSync(join(import.meta.dirname, "..", "interchange", "camunda7-leave.bpmn"), "utf8");
let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.open();
});
afterAll(() => bench.close());

describe("a file of another engine", () => {
  it("comes back translated, with what was not, and nothing is stored", async () => {
    const designer = await bench.as("lin");
    const before = await bench.counts();
    const answer = await designer.post("/api/definitions/import", { xml: leave });
    expect(answer.status).toBe(200);
    const result = imported.parse(answer.body);
    expect(result.engines).toEqual(["camunda7"]);
    expect(result.xml).toContain('jieli:role="provider-head"');
    expect(result.translated.map(({ place }) => place)).toContain("conditionExpression");
    expect(result.untranslated.map(({ place }) => place)).toContain("camunda:dueDate");
    expect(await bench.counts()).toEqual(before);
  });

  it("gives a step to whom the caller names", async () => {
    const designer = await bench.as("lin");
    const actors = { "${starterManager}": { role: "applicant-head", at: "applicant" } };
    const xml = leave.replace(' camunda:candidateGroups="provider-head"', "");
    const answer = await designer.post("/api/definitions/import", { xml, actors });
    expect(answer.body.xml).toContain('jieli:role="applicant-head"');
    expect(answer.body.xml).toContain('jieli:at="applicant"');
  });

  it("is refused with each fault when it cannot be read", async () => {
    const designer = await bench.as("lin");
    const answer = await designer.post("/api/definitions/import", { xml: "<!DOCTYPE a><a/>" });
    expect([answer.status, answer.body.code, answer.body.problems[0].code]).toEqual([
      422,
      "IMPORT_REFUSED",
      "DOCTYPE_FORBIDDEN",
    ]);
  });

  it("is not found by somebody who may not design", async () => {
    const clerk = await bench.as("wang");
    expect((await clerk.post("/api/definitions/import", { xml: leave })).status).toBe(404);
  });
});
