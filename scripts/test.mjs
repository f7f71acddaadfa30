/** `npm test`: sets up, checks types, lint and format, builds, runs every test, and ends with `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuild, ensureConsoleBuild, ensureDependencies, ensureTestPrograms, root, SetupError } from "./setup.mjs";

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const tool = (packageName, path, ...args) => [join("node_modules", packageName, path), ...args];

/** Runs one step that passes or fails as a whole, and says how long it took. */
function stepPasses(name, work) {
  console.log(`\n— ${name}`);
  const startedAt = Date.now();
  let failure = null;
  try {
    failure = work();
  } catch (error) {
    failure = error instanceof SetupError ? error.message : error.stack;
  }
  if (failure !== null) console.error(failure);
  console.log(`${failure === null ? "ok" : "FAILED"}: ${name} (${seconds(startedAt)})`);
  return failure === null;
}

/** Runs a tool of node_modules; null when it ends well, otherwise what to say. */
function runTool(args) {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return status === 0 ? null : `${args[0]} ended with ${status ?? signal}`;
}

function finish(passed, failed) {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

if (
  !stepPasses("dependencies and test programs", () => {
    ensureDependencies();
    ensureTestPrograms();
    return null;
  })
) {
  finish(0, 1);
}

const checks = [
  stepPasses("types", () => runTool(tool("typescript", "bin/tsc", "-p", "tsconfig.json"))),
  stepPasses("lint and import rules", () => runTool(tool("oxlint", "bin/oxlint", "--deny-warnings"))),
  stepPasses("format", () => runTool(tool("prettier", "bin/prettier.cjs", "--check", "--log-level", "warn", "."))),
  stepPasses("build", () => {
    ensureBuild();
    ensureConsoleBuild();
    return null;
  }),
];

const startedAt = Date.now();
const folder = mkdtempSync(join(tmpdir(), "jieli-test-"));
const report = join(folder, "report.json");
console.log("\n— tests");
// Arguments narrow the run while working on something: npm test -- engine/calendar, npm test -- --project api
const vitest = tool("vitest", "vitest.mjs", "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`);
const failure = runTool([...vitest, ...process.argv.slice(2)]);
const results = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : null;
rmSync(folder, { recursive: true, force: true });
console.log(`tests took ${seconds(startedAt)}`);

// A file that did not even load holds no failed test, and an error outside of any test belongs to no file: both count.
const unloaded = (results?.testResults ?? []).filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
);
const failedTests = (results?.numFailedTests ?? 0) + unloaded.length;
const passedTests = results?.numPassedTests ?? 0;
const unexplained = failedTests === 0 && (failure !== null || passedTests === 0) ? 1 : 0;
const failedChecks = checks.filter((passed) => !passed).length;
finish(passedTests + checks.length - failedChecks, failedTests + unexplained + failedChecks);
