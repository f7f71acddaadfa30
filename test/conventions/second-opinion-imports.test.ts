import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Everything that a file of ours loads, and what that loads: our files by path, packages by name. Types load nothing. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(root, file), "utf8");
  for (const [, typeOnly, from = ""] of text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"/gm)) {
    if (typeOnly) continue;
    const own = join(dirname(file), from);
    if (from.startsWith(".") && existsSync(join(root, own))) loadedBy(own, seen);
    else if (!from.startsWith(".")) seen.add(from);
  }
  return seen;
}

const peer = ["bpmn-engine", "bpmn-elements", "moddle-context-serializer"];

it.each(["console/main.tsx", "modeler/index.ts", "server/start.ts", "bin/cli.ts"])(
  "%s does not load bpmn-engine: it runs in a worker alone",
  (entry) => {
    const loaded = loadedBy(entry);
    expect(loaded.size).toBeGreaterThan(20);
    expect(peer.filter((name) => loaded.has(name))).toEqual([]);
  },
);

it("the worker loads it", () => {
  expect(peer.filter((name) => loadedBy("server/second-opinion/worker.ts").has(name))).toEqual(peer);
});
