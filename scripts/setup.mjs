/** What `npm start` and `npm test` need before anything else: dependencies, a build, and for tests Debian's packages. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a command in the repository and shows its output; throws when it fails. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: "inherit", ...options });
}

/** Installs the locked dependencies unless the ones that are there come from the same lock file. */
export function ensureDependencies() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Jieli needs Node 20.19 or newer; this is ${process.versions.node}. 需要 Node 20.19 或更高版本。`);
  }
  const stamp = join(root, "node_modules", ".jieli-lock");
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  run("npm", ["ci", "--ignore-scripts", "--no-progress"]);
  writeFileSync(stamp, lock);
}

const sources = ["engine", "server", "migrations", "bin", "modeler", "console", "bench", "package-lock.json", "tsconfig.build.json"];

/** Builds into dist/ when a source is newer than the last build. */
export function ensureBuild() {
  const stamp = join(root, "dist", ".built");
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (built > 0 && sources.every((path) => newestIn(join(root, path)) <= built)) return;
  rmSync(join(root, "dist"), { recursive: true, force: true });
  mkdirSync(join(root, "dist"));
  run("node", [join("node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"]);
  if (existsSync(join(root, "console", "vite.config.ts"))) {
    run("node", [join("node_modules", "vite", "bin", "vite.js"), "build", "--config", "console/vite.config.ts", "--logLevel", "warn"]);
  }
  writeFileSync(stamp, "");
}

function newestIn(path) {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** Finds the programs that the tests start (Chromium, MariaDB), or installs them on Debian. */
export function ensureTestPrograms() {
  const missing = [
    { program: ["/usr/bin/chromium"], package: "chromium" },
    { program: ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"], package: "mariadb-server" },
  ].filter(({ program }) => !program.some((path) => existsSync(path)));
  if (missing.length === 0) return;
  const packages = missing.map((entry) => entry.package);
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    const result = spawnSync(command, rest, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    return result.status === 0;
  };
  if (!existsSync("/usr/bin/apt-get") || !apt("update", "-qq") || !apt("install", "-y", "-qq", "--no-install-recommends", ...packages)) {
    throw new Error(`The tests need ${packages.join(" and ")}. Install with: apt-get install ${packages.join(" ")}`);
  }
}
