/** `node scripts/bench.mjs [NAME] [ARGUMENTS]`: builds what is stale and runs a bench of `bench/`; `engine` by default. */
import { ensureBuild, ensureDependencies } from "./setup.mjs";

const [name = "engine"] = process.argv.splice(2, 1);
ensureDependencies();
ensureBuild();
await import(`../dist/bench/${name}.js`);
