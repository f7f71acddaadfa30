import { createReadStream, existsSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { Middleware } from "koa";
import { packageRoot } from "./content/package-root.ts";

/** The console's built files. Hashed assets may be kept for ever; the page itself never. Unknown paths get the page. */
export function serveConsole(): Middleware {
  const root = join(packageRoot(), "dist", "console");
  const page = join(root, "index.html");
  return async (context, next) => {
    if ((context.method !== "GET" && context.method !== "HEAD") || context.path.startsWith("/api/")) return next();
    const wanted = fileAt(root, context.path);
    // A page in place of a missing script would only fail later, and less clearly.
    if (wanted === null && context.path.startsWith("/assets/")) return next();
    const file = wanted ?? page;
    if (!existsSync(file)) return next();
    context.set(
      "cache-control",
      file !== page && context.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    );
    context.type = extname(file);
    context.body = createReadStream(file);
  };
}

/** The file that a path names; `null` for one that does not exist, is outside the folder, or is no path at all (`/%`). */
function fileAt(root: string, path: string): string | null {
  try {
    const wanted = normalize(join(root, decodeURIComponent(path)));
    return wanted.startsWith(join(root, "/")) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : null;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
