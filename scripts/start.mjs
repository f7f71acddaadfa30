/** `npm start`: sets up what is missing and runs the product with demo data on the embedded database. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuild, ensureConsoleBuild, ensureDependencies, root, SetupError } from "./setup.mjs";

try {
  ensureDependencies();
  ensureBuild();
  ensureConsoleBuild();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const command = [join(root, "bin", "jieli.js"), "start", "--demo", ...process.argv.slice(2)];
const server = spawn(process.execPath, command, { cwd: root, stdio: "inherit" });
// The terminal sends Ctrl+C to both processes; a supervisor sends SIGTERM to this one alone.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => server.kill("SIGTERM"));
server.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
