/** What `npm start` and `npm test` need before anything else: dependencies, a build, and for tests Debian's packages. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** What stops a set-up, told in both languages; the scripts print `message` alone, without a stack. */
export class SetupError extends Error {
  constructor(code, zh, en) {
    super(`${zh}\n${en}`);
    this.name = "SetupError";
    this.code = code;
  }
}

/** Runs a command in the repository; what it says goes to stderr, because stdout belongs to the `jieli` command. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
}

/** A deployment brings its dependencies and its build along; nothing is fetched or compiled on a production host. */
const isDeployment = process.env.NODE_ENV === "production";

/**
 * Installs the locked dependencies when one of them is missing or has another version.
 * Install scripts stay off: nothing we use needs them, and some of them send telemetry.
 */
export function ensureDependencies() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    const found = process.versions.node;
    throw new SetupError(
      "NODE_TOO_OLD",
      `Jieli 需要 Node.js 20.19 或更高版本,当前为 ${found}。`,
      `Jieli needs Node.js 20.19 or newer; this is ${found}.`,
    );
  }
  if (isDeployment || dependenciesAreInstalled()) return;
  console.error("Installing dependencies (npm ci) …");
  try {
    run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--no-progress", "--include=dev"]);
  } catch {
    throw new SetupError(
      "DEPENDENCIES_NOT_INSTALLED",
      "依赖安装失败,原因见上。离线环境请先把 npm 指向内网镜像(npm config set registry …)。",
      "npm ci failed; its reason stands above. Without internet access, point npm at your mirror first.",
    );
  }
}

/** npm writes node_modules/.package-lock.json last, so a broken-off installation has none. */
function dependenciesAreInstalled() {
  const installedList = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedList)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedList, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    // Optional packages are there only on the platform that they are for.
    return installed[path] ? installed[path].version === entry.version : entry.optional === true;
  });
}

const serverFolders = ["engine", "server", "migrations", "bin", "bench"];

/** Compiles engine, server and command line to dist/ when a source is newer. The `jieli` command calls it by itself. */
export function ensureBuild() {
  const sources = [...serverFolders, "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
  buildUnlessFresh("server", sources, (folder) => {
    console.error("Building the server …");
    run(process.execPath, [
      join("node_modules", "typescript", "bin", "tsc"),
      "-p",
      "tsconfig.build.json",
      "--outDir",
      folder,
    ]);
    for (const name of readdirSync(folder)) replaceFolder(join(folder, name), join(root, "dist", name));
  });
}

/** Bundles the web application to dist/console when a source is newer; only those who open it in a browser need it. */
export function ensureConsoleBuild() {
  if (!existsSync(join(root, "console", "vite.config.ts"))) return;
  // The console contains the modeler, the engine's checks and the HTTP contract.
  const sources = ["console", "modeler", "engine", "server/api", "package-lock.json"];
  buildUnlessFresh("console", sources, (folder) => {
    console.error("Building the web application …");
    const output = ["--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
    run(process.execPath, [
      join("node_modules", "vite", "bin", "vite.js"),
      "build",
      "--config",
      "console/vite.config.ts",
      ...output,
    ]);
    replaceFolder(folder, join(root, "dist", "console"));
  });
}

/**
 * Builds into a folder aside and swaps it in, one process at a time: a server that is running, or the tests' many
 * `jieli` commands, never see half a build.
 */
function buildUnlessFresh(part, sources, build) {
  const stamp = join(root, "dist", `.built-${part}`);
  const fresh = () =>
    existsSync(stamp) && sources.every((path) => newestIn(join(root, path)) <= statSync(stamp).mtimeMs);
  if (isDeployment || fresh()) return;
  mkdirSync(join(root, "dist"), { recursive: true });
  const lock = join(root, "dist", `.building-${part}`);
  takeLock(lock);
  const aside = join(root, "dist", `.new-${part}`);
  try {
    if (fresh()) return;
    const startedAt = new Date();
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside);
    build(aside);
    writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  } catch (error) {
    if (error.code !== undefined && typeof error.status !== "number") throw error;
    throw new SetupError(
      "BUILD_FAILED",
      `构建失败(${part}),原因见上。`,
      `The build of the ${part} failed; its reason stands above.`,
    );
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(lock, { recursive: true, force: true });
  }
}

const lockIsStaleAfterMs = 5 * 60_000;

/** Waits for another process that builds the same part; a lock that its owner left behind is taken over. */
function takeLock(lock) {
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (ageMs > lockIsStaleAfterMs) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function replaceFolder(from, to) {
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

function newestIn(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

const testPrograms = [
  { names: ["chromium", "chromium-browser"], package: "chromium" },
  { names: ["mariadbd"], package: "mariadb-server" },
];

/** Finds the programs that the tests start (Chromium, MariaDB), or installs them on Debian without asking. */
export function ensureTestPrograms() {
  const missing = testPrograms.filter(({ names }) => !names.some(isInstalled)).map((program) => program.package);
  if (missing.length === 0) return;
  console.error(`Installing ${missing.join(" and ")} for the tests (apt-get) …`);
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...args) => {
    // A fresh machine often still runs its own first installation: wait for its lock instead of failing.
    const patient = ["apt-get", "-o", "DPkg::Lock::Timeout=300", ...args];
    const [command, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", ...patient];
    return spawnSync(command, rest, { stdio: ["ignore", 2, 2], timeout: 10 * 60_000 }).status === 0;
  };
  const installed =
    isInstalled("apt-get") &&
    apt("update", "-qq") &&
    apt("install", "-y", "-qq", "--no-install-recommends", ...missing);
  if (installed) return;
  const command = `apt-get install --no-install-recommends ${missing.join(" ")}`;
  throw new SetupError(
    "TEST_PROGRAMS_MISSING",
    `测试需要 ${missing.join("、")},自动安装未成功。请以 root 执行:${command}`,
    `The tests need ${missing.join(" and ")}, and installing failed. As root, run: ${command}`,
  );
}

/** Debian keeps servers in /usr/sbin, which is not on the PATH of ordinary users. */
function isInstalled(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}
