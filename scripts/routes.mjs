/** `npm run test:routes`: the published table of routes, broken packs and tables, and the properties of resolution. */
import { spawnSync } from "node:child_process";
import { ensureDependencies, root } from "./setup.mjs";

ensureDependencies();
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--project", "routes"], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
