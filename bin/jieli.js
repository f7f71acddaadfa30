#!/usr/bin/env node
// The `jieli` command. Plain JavaScript, so that it runs before anything was built: it builds when a source is newer.
import { ensureBuild, ensureDependencies } from "../scripts/setup.mjs";

const quiet = process.stdout.write.bind(process.stdout);
// Whatever set-up prints must not mix with the JSON lines of `run`.
process.stdout.write = process.stderr.write.bind(process.stderr);
ensureDependencies();
ensureBuild();
process.stdout.write = quiet;
const { main } = await import("../dist/bin/cli.js");
process.exitCode = await main(process.argv.slice(2));
