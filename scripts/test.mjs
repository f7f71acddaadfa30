/** `npm test`: sets up, checks types, lint and format, builds, runs every test, and ends with `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuild, ensureDependencies, ensureTestPrograms, root } from "./setup.mjs";

ensureDependencies();
ensureTestPrograms();

let failedChecks = 0;
let passedChecks = 0;

function check(name, args) {
  console.log(`\n— ${name}`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status === 0) passedChecks += 1;
  else failedChecks += 1;
}

const bin = (packageName, path) => join("node_modules", packageName, path);
check("types", [bin("typescript", "bin/tsc"), "-p", "tsconfig.json"]);
check("lint and import rules", [bin("oxlint", "bin/oxlint"), "--type-aware", "--deny-warnings"]);
check("format", [bin("prettier", "bin/prettier.cjs"), "--check", "--log-level", "warn", "."]);
ensureBuild();

const folder = mkdtempSync(join(tmpdir(), "jieli-test-"));
const report = join(folder, "report.json");
console.log("\n— tests");
const vitest = spawnSync(
  process.execPath,
  [bin("vitest", "vitest.mjs"), "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`],
  { cwd: root, stdio: "inherit" },
);
const results = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { numPassedTests: 0, numFailedTests: 0, success: false };
rmSync(folder, { recursive: true, force: true });

const passed = results.numPassedTests + passedChecks;
// A suite that did not even load counts no failed test; the run has failed all the same.
const failed = results.numFailedTests + failedChecks + (results.numFailedTests === 0 && vitest.status !== 0 ? 1 : 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && results.numPassedTests > 0 ? 0 : 1);
