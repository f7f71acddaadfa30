/** Rules of CONTRIBUTING.md that no compiler knows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { installedLicences, isAllowed } from "../../scripts/licences.mjs";

const root = join(import.meta.dirname, "..", "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
/** Folders that tools write; the same as in .gitignore. Found without git, which a bare machine does not have. */
const written = new Set(["node_modules", "dist", "data", "coverage", ".git"]);
const files = filesIn("");
const sources = files.filter((file) => /\.(ts|tsx|mjs|js)$/.test(file));

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return written.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Lines of `file` that match, as `file:line`. */
function matches(file: string, pattern: RegExp): readonly string[] {
  return text(file)
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : []));
}

describe("the source", () => {
  it("never writes through TypeORM's save(), which loses updates", () => {
    const serverSide = sources.filter((file) => /^(server|migrations)\//.test(file));
    expect(serverSide.flatMap((file) => matches(file, /\.save\(/))).toEqual([]);
  });

  it("has no file of 400 lines or more", () => {
    expect(sources.filter((file) => text(file).split("\n").length > 400)).toEqual([]);
  });

  it("names its files after their subject", () => {
    const vague = /(^|\/)(utils?|helpers?|manager|misc|base)(\.|\/)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
  });

  it("names no folder of a developer's machine and no package registry", () => {
    const local = /(^|[\s"'`(=])\/(work|home|Users|root)\/|\bregistry\.npm|npmmirror/;
    const readable = files.filter((file) => /\.(ts|tsx|mjs|js|json|md|ya?ml|html|css)$/.test(file));
    const others = readable.filter((file) => file !== "test/conventions/house-rules.test.ts");
    expect(others.flatMap((file) => matches(file, local))).toEqual([]);
  });

  it("keeps the clock out of the engine", () => {
    const engine = sources.filter((file) => file.startsWith("engine/") && !file.endsWith(".test.ts"));
    expect(engine.flatMap((file) => matches(file, /Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(/))).toEqual([]);
  });
});

describe("the dependencies", () => {
  it("are pinned to exact versions", () => {
    const Manifest = z.object({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    });
    const { dependencies, devDependencies } = Manifest.parse(JSON.parse(text("package.json")));
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+(\.\d+){2}$/.test(range),
    );
    expect(loose).toEqual([]);
  });

  it("are locked with checksums and without the address of a registry", () => {
    const Lock = z.object({
      packages: z.record(z.string(), z.object({ integrity: z.string().optional(), resolved: z.string().optional() })),
    });
    const { packages } = Lock.parse(JSON.parse(text("package-lock.json")));
    const locked = Object.entries(packages).filter(([path]) => path !== "");
    expect(locked.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, entry]) => !entry.integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
  });

  it("carry licences that fit an Apache-2.0 product", () => {
    const refused = installedLicences().filter(({ licence }) => !isAllowed(licence));
    expect(refused).toEqual([]);
  });
});

describe("a licence expression", () => {
  it.each([
    ["MIT", true],
    ["(MPL-2.0 OR Apache-2.0)", true],
    ["GPL-3.0-only OR MIT", true],
    ["MIT AND GPL-3.0-only", false],
    ["AGPL-3.0-only", false],
    ["unknown", false],
  ])("%s is allowed: %s", (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });
});
