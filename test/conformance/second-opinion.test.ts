import { afterAll, describe, expect, it } from "vitest";
import { bpmnEngine } from "../../engine/analysis/second-opinion/bpmn-engine.ts";
import { firstDifference } from "../../engine/analysis/second-opinion/compare.ts";
import { compareOn, traceLine, type Verdict } from "../../engine/analysis/second-opinion/opinion.ts";
import { ourCore } from "../../engine/analysis/second-opinion/our-core.ts";
import { describe as inWords } from "../../engine/analysis/second-opinion/scenario.ts";
import { readOwnCases, recordOwnCase, type RecordedCase } from "./own-cases.ts";

type Kind = Verdict["verdict"] | "notCompared";
const kinds: readonly Kind[] = ["agrees", "knownLimit", "suspicious", "noOpinion", "notCompared"];
const byRow = new Map<string, Map<Kind, number>>();
const total = new Map<Kind, number>();

function count(rows: readonly string[], kind: Kind): void {
  total.set(kind, (total.get(kind) ?? 0) + 1);
  for (const row of rows) {
    const counts = byRow.get(row) ?? new Map<Kind, number>();
    byRow.set(row, counts.set(kind, (counts.get(kind) ?? 0) + 1));
  }
}

/** What a suspicious case looks like, for whoever must find out who is right. */
function told({ scenario }: RecordedCase, verdict: Verdict): string {
  const way = scenario.steps.map((step) => inWords(step).en).join(" → ");
  if (verdict.verdict !== "suspicious") return way;
  const [ours, theirs] = [verdict.ours[0], verdict.theirs[0]];
  return `${way}, step ${verdict.at}\nours: ${ours ? traceLine(ours) : "–"}\ntheirs: ${theirs ? traceLine(theirs) : "–"}`;
}

describe.each(readOwnCases().map((file) => [file.name, file] as const))("%s on bpmn-engine", (_name, file) => {
  it.each(file.cases.map((own) => [own.title, own] as const))("%s", async (_title, own) => {
    const recorded = await recordOwnCase(file, own);
    const verdict = recorded ? await compareOn(recorded.subject, recorded.scenario, bpmnEngine) : null;
    const kind = verdict?.verdict ?? "notCompared";
    count(file.covers, kind);
    expect(["agrees", "knownLimit", "notCompared"], recorded && verdict ? told(recorded, verdict) : "").toContain(kind);
  });
});

it("our core does without the data of a case what it did with them", async () => {
  for (const file of readOwnCases())
    for (const own of file.cases) {
      const recorded = await recordOwnCase(file, own);
      if (!recorded) continue;
      const again = await ourCore.run(recorded.subject, recorded.scenario);
      expect(firstDifference(recorded.trace, again), `${file.name}: ${own.title}`).toBeNull();
    }
});

it("most cases agree", () => {
  expect(total.get("agrees")).toBeGreaterThanOrEqual(225);
});

afterAll(() => {
  const line = (name: string, counts: ReadonlyMap<Kind, number>) =>
    `${name.padEnd(44)} ${kinds.map((kind) => String(counts.get(kind) ?? 0).padStart(11)).join("")}`;
  const rows = [...byRow].sort(([a], [b]) => a.localeCompare(b)).map(([row, counts]) => line(row, counts));
  const head = `${"row of the support table".padEnd(44)} ${kinds.map((kind) => kind.padStart(11)).join("")}`;
  console.log([head, ...rows, line("all cases", total)].join("\n"));
});
