/** `npm run test:conformance`: our own cases and, where they stand beside the repository, the public ones. */
import { spawnSync } from "node:child_process";
import { ensureDependencies, root } from "./setup.mjs";

ensureDependencies();
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--project", "conformance"], {
  cwd: root,
  stdio: "inherit",
});
process.exit(status ?? 1);
