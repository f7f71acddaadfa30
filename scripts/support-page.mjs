/** Writes docs/bpmn-support.md from the engine's own table. Run after a build: `node scripts/support-page.mjs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { supportPage } from "../dist/engine/model/support-page.js";

writeFileSync(join(import.meta.dirname, "../docs/bpmn-support.md"), supportPage());
