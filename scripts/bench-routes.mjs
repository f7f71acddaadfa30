/** `npm run bench:routes`: builds what is stale and measures what resolving one step of a route costs. */
import { ensureBuild, ensureDependencies } from "./setup.mjs";

ensureDependencies();
ensureBuild();
await import("../dist/bench/routes.js");
