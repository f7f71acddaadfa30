/** Writes docs/bpmn-support.md and docs/bpmn-rules.md from the engine's own tables. Run after a build: `node scripts/support-page.mjs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rulesPage } from "../dist/engine/model/rules/rules-page.js";
import { supportPage } from "../dist/engine/model/support-page.js";

const docs = join(import.meta.dirname, "../docs");
writeFileSync(join(docs, "bpmn-support.md"), supportPage());
writeFileSync(join(docs, "bpmn-rules.md"), rulesPage());
