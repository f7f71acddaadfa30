import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuild } from "../../scripts/setup.mjs";
import { bpmn, endEvent, startEvent, userTask } from "../support/bpmn.ts";
import { ApiBench, type Person } from "./support.ts";

const limits = join(import.meta.dirname, "../second-opinion/limits");
let bench: ApiBench;
let designer: Person;

beforeAll(async () => {
  // The other engine runs in a worker, and workers run compiled code.
  ensureBuild();
  bench = await ApiBench.open();
  designer = await bench.as("lin");
}, 180_000);
afterAll(() => bench.close());

const agreeing = bpmn(
  `${startEvent()}${userTask("a", 'jieli:at="applicant" jieli:role="applicant-clerk"')}${endEvent()}`,
  "start -> a -> end",
  { id: "opinion-agrees" },
);

describe("the second opinion", () => {
  it("is given on a file before it is published", async () => {
    const answer = await designer.post("/api/definitions/second-opinion", { xml: agreeing });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      process: "opinion-agrees",
      counts: { scenarios: 1, agree: 1, knownLimits: 0, suspicious: 0, noOpinion: 0 },
      uncovered: [],
      uncompared: [],
      stoppedEarly: false,
    });
  });

  it("is told with what was published", async () => {
    const answer = await designer.post("/api/definitions", { xml: agreeing });
    expect(answer.status).toBe(201);
    expect(answer.body.secondOpinion.counts).toMatchObject({ scenarios: 1, agree: 1 });
  });

  it("explains a difference by the known limit of bpmn-engine, and blocks nothing", async () => {
    const xml = readFileSync(join(limits, "complex-gateway.bpmn"), "utf8");
    const { body } = await designer.post("/api/definitions/second-opinion", { xml });
    const limited = body.scenarios.filter(
      (one: { verdict: { verdict: string } }) => one.verdict.verdict === "knownLimit",
    );
    expect(limited[0].verdict.limits).toMatchObject([{ code: "complex-gateway" }]);
    expect(body.counts.suspicious).toBe(0);
  });

  it("is not given on a file with an error", async () => {
    const answer = await designer.post("/api/definitions/second-opinion", {
      xml: agreeing.replace("</bpmn:process>", ""),
    });
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe("DEFINITION_REFUSED");
  });

  it("is for those who may publish", async () => {
    const clerk = await bench.as("wang");
    expect((await clerk.post("/api/definitions/second-opinion", { xml: agreeing })).status).toBe(404);
  });
});
