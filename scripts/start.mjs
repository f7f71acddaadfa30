/** `npm start`: sets up what is missing and runs the product with demo data on the embedded database. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureBuild, ensureDependencies, root } from "./setup.mjs";

ensureDependencies();
ensureBuild();
const server = spawn(process.execPath, [join(root, "bin", "jieli.js"), "start", "--demo", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 1));
