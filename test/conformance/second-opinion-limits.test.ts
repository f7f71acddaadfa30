import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bpmnEngine } from "../../engine/analysis/second-opinion/bpmn-engine.ts";
import { knownLimits } from "../../engine/analysis/second-opinion/known-limits.ts";
import { compareOn, secondOpinion, type Verdict } from "../../engine/analysis/second-opinion/opinion.ts";
import type { Happening } from "../../engine/analysis/second-opinion/scenario.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";

/** One file a limit, the smallest that shows it. A version of bpmn-engine that mends one fails here, and the limit can go. */
const folder = join(import.meta.dirname, "../second-opinion/limits");
const bounds = { situations: 500, scenarios: 20, pause: async () => undefined };

/** What happens in the smallest case of a limit that covering every flow once does not show. */
const ways: Readonly<Record<string, readonly Happening[]>> = {
  "fires-once": [
    { type: "start", startEvent: null },
    { type: "message", element: "b", nth: 0 },
    { type: "message", element: "b", nth: 0 },
  ],
};

async function verdictsOn(code: string): Promise<readonly Verdict[]> {
  const { processes, problems } = await compileDefinitions(readFileSync(join(folder, `${code}.bpmn`), "utf8"));
  const [model] = processes;
  if (!model) throw new Error(problems.map(({ element, message }) => `${element}: ${message.en}`).join("\n"));
  const subject = { model, called: new Map() };
  const way = ways[code];
  if (!way) return (await secondOpinion(subject, bpmnEngine, bounds)).scenarios;
  return [
    await compareOn(subject, { steps: way.map((happens) => ({ happens, became: [], answers: {} })) }, bpmnEngine),
  ];
}

describe("a known limit of bpmn-engine", () => {
  it.each(knownLimits.map(({ code }) => [code]))("%s exists, and is told as such", async (code) => {
    const verdicts = await verdictsOn(code);
    const limits = verdicts.flatMap((one) => (one.verdict === "knownLimit" ? one.limits : []));
    expect(limits).toContain(code);
    expect(verdicts.filter(({ verdict }) => verdict === "suspicious" || verdict === "noOpinion")).toEqual([]);
  });

  it("has one file each", () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.bpmn$/, ""));
    expect(files.sort()).toEqual(knownLimits.map(({ code }) => code).sort());
  });
});
