/** Node's module hooks for mutation runs: TypeScript loses its types, and `vitest` is the little that engine tests need of it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "rolldown/utils";

const testFunctions = new URL("./test-functions.mjs", import.meta.url).href;

export function resolve(specifier, context, next) {
  if (specifier === "vitest") return { url: testFunctions, shortCircuit: true };
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.endsWith(".ts") || url.includes("/node_modules/")) return next(url, context);
  const path = fileURLToPath(url);
  const { code, errors } = await transform(path, await readFile(path, "utf8"), { lang: "ts" });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  return { format: "module", source: code, shortCircuit: true };
}
