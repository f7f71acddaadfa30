import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

// Long runs: node scripts/fuzz.mjs --runs 20000 --seed N
it("answers every mutant of our files with typed problems or a model, in time and memory", () => {
  const script = join(import.meta.dirname, "../../scripts/fuzz.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--runs", "300", "--seed", "20260105"], {
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toMatch(/300 mutants of \d+ files .* 0 faults/);
  expect(status).toBe(0);
}, 120_000);
