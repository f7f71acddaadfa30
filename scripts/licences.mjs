/**
 * Checks that everything we install, and so everything that the browser bundle may contain, carries a licence that an
 * Apache-2.0 product for public bodies may be built with. Run it by hand for a list: `node scripts/licences.mjs`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(import.meta.dirname, "..");

export const allowedLicences = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
  "bpmn.io",
];

/** Packages whose package.json names no licence: what their own licence file must say to count as the licence here. */
const readFromFile = {
  "bpmn-js": { licence: "bpmn.io", says: "the watermark must stay fully visible" },
  "@bpmn-io/form-js-editor": { licence: "bpmn.io", says: "the watermark must stay fully visible" },
  "@bpmn-io/form-js-viewer": { licence: "bpmn.io", says: "the watermark must stay fully visible" },
  "cli-table": { licence: "MIT", says: "Permission is hereby granted, free of charge" },
};

/**
 * Every installed package of the lock file with its licence expression, sorted by name.
 * A package that is locked for other platforms alone is judged by what the lock file says of it.
 */
export function installedLicences(folder = root) {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, locked]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return {
        name,
        version: locked.version,
        production: locked.dev !== true,
        licence: licenceOf(name, join(folder, path)) ?? locked.license ?? "unknown",
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function licenceOf(name, path) {
  const manifest = join(path, "package.json");
  if (!existsSync(manifest)) return null;
  const special = readFromFile[name];
  if (special && existsSync(join(path, "LICENSE"))) {
    const text = readFileSync(join(path, "LICENSE"), "utf8").replace(/\s+/g, " ");
    return text.includes(special.says) ? special.licence : "changed: read its LICENSE again";
  }
  const { license } = JSON.parse(readFileSync(manifest, "utf8"));
  return typeof license === "string" ? license : null;
}

/** Whether an SPDX expression of names, OR and AND can be met with the allowed licences. */
export function isAllowed(expression) {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  return bare
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => allowedLicences.includes(name.replace(/[()]/g, ""))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = installedLicences();
  for (const { name, version, licence, production } of found) {
    console.log(`${licence}\t${name}@${version}${production ? "" : "\t(build, test, browser bundle)"}`);
  }
  const refused = found.filter(({ licence }) => !isAllowed(licence));
  for (const { name, licence } of refused) console.error(`not allowed: ${name} (${licence})`);
  process.exitCode = refused.length === 0 ? 0 : 1;
}
