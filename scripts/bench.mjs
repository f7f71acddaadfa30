/** `npm run bench:engine`: builds what is stale and runs the engine's bench against bpmn-engine. */
import { ensureBuild, ensureDependencies } from "./setup.mjs";

ensureDependencies();
ensureBuild();
await import("../dist/bench/engine.js");
