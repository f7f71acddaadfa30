/** Writes docs/operations.md from the matrix of operations. Run after a build: `node scripts/operations-page.mjs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { operationsPage } from "../dist/engine/approval/operations-page.js";

writeFileSync(join(import.meta.dirname, "../docs/operations.md"), operationsPage());
